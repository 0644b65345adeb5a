/**
 * What the process ends with. Documented in `docs/cli.md`, so a number never changes its meaning.
 * A worker that `run` starts adds its own: see `runtime/cli/exit-code.ts`.
 */
export const exitCode = {
  fine: 0,
  /** The program is wrong: there is a diagnostic of severity error. */
  wrongProgram: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** The generated files are not what the sources say. */
  outOfDate: 3,
  /** A bug in streamgen. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
