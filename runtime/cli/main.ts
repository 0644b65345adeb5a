import { StreamgenError } from "../errors.ts";
import { serveThread } from "../worker/threads/serve-thread.ts";
import { givenSettings, type Invocation, parseArguments } from "./arguments.ts";
import { askOnTerminal } from "./ask.ts";
import { connectKafka, removeState, stateFolder } from "./connect.ts";
import { dlq } from "./dlq/command.ts";
import { exitCodeOf } from "./error-code.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { failureJson, failureText } from "./failure.ts";
import { helpText } from "./help.ts";
import { openPrinter } from "./printer.ts";
import { openProgress } from "./progress.ts";
import { reset } from "./reset.ts";
import { specOf } from "./run-worker.ts";
import { send } from "./send.ts";
import { listenForStop } from "./stop-signal.ts";
import type { CreateWorker, Surroundings } from "./surroundings.ts";
import { tail } from "./tail.ts";
import { topics } from "./topics-command.ts";
import { userCommand } from "./user-command.ts";
import { runAsFlagsSay } from "./worker-command.ts";

/** What still runs after this time, such as a timer of the user's, does not keep the process alive. */
const lingerMs = 1000;

/**
 * Runs a worker, or a command beside it, by the flags of the process, and sets the exit code. It
 * returns at once: a module that awaits at its top level could not be loaded by projects that are
 * CommonJS.
 */
export function main(createWorker: CreateWorker): void {
  // Each thread of a worker runs the same program.
  if (serveThread(createWorker)) return;
  const around = surroundings();
  runCommand(createWorker, process.argv.slice(2), around).then(end, (cause: unknown) => {
    around.note(failureText(cause));
    end(exitCode.bug);
  });
}

function end(code: ExitCode): void {
  process.exitCode = code;
  setTimeout(() => process.exit(code), lingerMs).unref();
}

/** Runs one command and gives its exit code. Rejects only where there is a bug. */
export async function runCommand(
  createWorker: CreateWorker,
  args: readonly string[],
  around: Surroundings,
): Promise<ExitCode> {
  try {
    const invocation = parseArguments(args);
    if (invocation.help === undefined) return await dispatch(createWorker, invocation, around);
    await around.print(helpText(invocation.help));
    return exitCode.fine;
  } catch (cause) {
    if (!(cause instanceof StreamgenError)) throw cause;
    around.progress.done();
    const isJson = args.includes("--json");
    around.note(isJson ? failureJson(cause, around.now()) : failureText(cause));
    return exitCodeOf(cause);
  }
}

function dispatch(
  createWorker: CreateWorker,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const spec = () => specOf(createWorker, around.env, givenSettings(invocation));
  switch (invocation.command) {
    case "worker":
      return runAsFlagsSay(createWorker, invocation, around);
    case "send":
      return send(spec(), invocation, around);
    case "tail":
      return tail(spec(), invocation, around);
    case "topics":
      return topics(spec(), invocation, around);
    case "dlq":
      return dlq(spec(), invocation, around);
    case "reset":
      return reset(spec(), invocation, around);
    case "run-command":
      return userCommand(spec(), invocation, around);
  }
}

function surroundings(): Surroundings {
  const progress = openProgress(process.stderr, Date.now);
  return {
    env: process.env,
    now: Date.now,
    note(text) {
      progress.done();
      process.stderr.write(text);
    },
    print: openPrinter(process.stdout),
    printsToTerminal: process.stdout.isTTY === true,
    notesToTerminal: process.stderr.isTTY === true,
    progress,
    stop: listenForStop(process, Date.now, () => process.exit(exitCode.interrupted)),
    connect: connectKafka,
    workerOptions: {},
    stateFolder,
    removeState,
    ask: (question) => askOnTerminal(question),
  };
}
