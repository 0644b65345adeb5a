/** What a worker's process ends with. Documented in `docs/cli.md`; a number never changes its meaning. */
export const exitCode = {
  fine: 0,
  /** The pipeline failed: an agent threw under `onError: "stop"`, or the worker could not start. */
  failed: 1,
  /** Wrong usage or settings: flags, topics that are not in the pipeline. */
  usage: 2,
  /** `topics plan` has found something to do. */
  changesDue: 3,
  /** The brokers or the schema registry could not be reached, or refused the client. */
  unreachable: 5,
  /** A line of input cannot be used. */
  badInput: 65,
  /** An input file cannot be read. */
  noInput: 66,
  /** A bug in streamgen. */
  bug: 70,
  /** An output file cannot be written. */
  noOutput: 73,
  /** Stopped by a signal, or by a no, before everything was done. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
