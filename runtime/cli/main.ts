import { StreamgenError } from "../errors.ts";
import { parseWorkerArguments, usage } from "./arguments.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { failureText } from "./failure.ts";
import { openProgress } from "./progress.ts";
import { Refusal } from "./refusal.ts";
import { type CreateWorker, runEmbedded } from "./run-embedded.ts";
import { listenForStop } from "./stop-signal.ts";

/** What still runs after this time, such as a timer of the user's, does not keep the process alive. */
const lingerMs = 1000;

/**
 * Runs a worker by the flags of the process, and sets the exit code. It returns at once: a module that
 * awaits at its top level could not be loaded by projects that are CommonJS.
 */
export function main(createWorker: CreateWorker): void {
  run(createWorker, process.argv.slice(2)).then(end, (cause: unknown) => {
    process.stderr.write(failureText(cause));
    end(exitCode.bug);
  });
}

function end(code: ExitCode): void {
  process.exitCode = code;
  setTimeout(() => process.exit(code), lingerMs).unref();
}

async function run(createWorker: CreateWorker, args: readonly string[]): Promise<ExitCode> {
  const note = (text: string): void => {
    progress.done();
    process.stderr.write(text);
  };
  const progress = openProgress(process.stderr, Date.now);
  try {
    const options = parseWorkerArguments(args);
    if (options.wantsHelp) {
      process.stdout.write(usage);
      return exitCode.fine;
    }
    if (!options.isEmbedded) throw onlyEmbedded();
    const stop = listenForStop(process, Date.now, () => process.exit(exitCode.interrupted));
    return await runEmbedded(createWorker, options, {
      env: process.env,
      now: Date.now,
      note,
      print: (text) => process.stdout.write(text),
      progress,
      stop,
    });
  } catch (cause) {
    if (!(cause instanceof StreamgenError)) throw cause;
    note(failureText(cause));
    if (cause instanceof Refusal) return cause.exitCode;
    return cause.code.startsWith("SG9") ? exitCode.bug : exitCode.failed;
  }
}

function onlyEmbedded(): Refusal {
  const message = "this version has the embedded log only";
  return new Refusal("SG8501", message, { fix: "add --embedded", exitCode: exitCode.usage });
}
