import type { BuildResult } from "./build.ts";
import { type Context, say } from "./context.ts";
import { DevWorker } from "./dev-worker.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { programOf, workerArguments } from "./run.ts";
import { watchProject } from "./watch.ts";

/**
 * `streamgen dev`: builds and runs the worker, and does so again at each change. After a build that
 * fails the last worker goes on. Until Ctrl-C, which ends both.
 */
export async function dev(context: Context): Promise<ExitCode> {
  const worker = new DevWorker({
    cwd: context.cwd,
    args: devArguments(context),
    ended: (code) =>
      say(context, `  the worker has ended with exit code ${code}; waiting for a change\n`),
  });
  const restart = async (result: BuildResult): Promise<void> => {
    const program = programOf(result);
    if (program !== undefined) await worker.restart(program);
  };
  try {
    await watchProject(context, restart);
  } finally {
    await worker.stop();
  }
  return exitCode.fine;
}

/** The embedded log and every output, unless the flags say otherwise. */
function devArguments(context: Context): readonly string[] {
  const { switches, values } = context.invocation;
  const isEmbedded = switches.has("embedded") || values.has("bootstrap");
  const hasShown = values.has("show") || values.has("output") || switches.has("show-outputs");
  return [
    ...workerArguments(context),
    ...(isEmbedded ? [] : ["--embedded-by-default"]),
    ...(hasShown ? [] : ["--show-outputs"]),
  ];
}
