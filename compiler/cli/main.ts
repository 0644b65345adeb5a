import { existsSync } from "node:fs";
import path from "node:path";
import { type Invocation, parseArguments, type UsageProblem } from "./arguments.ts";
import { build } from "./build.ts";
import { check } from "./check.ts";
import type { Context } from "./context.ts";
import { stackOf, writeCrashReport } from "./crash-report.ts";
import { dev } from "./dev.ts";
import { exitCode } from "./exit-code.ts";
import { commands } from "./flags.ts";
import { helpText } from "./help.ts";
import { init } from "./init.ts";
import { run } from "./run.ts";
import { type OutputStream, openTerminal, type Terminal } from "./terminal.ts";
import { ownVersion } from "./version.ts";
import { watch } from "./watch.ts";

/** The command line: runs by the arguments of the process, and sets the exit code. */
export function main(): void {
  const args = process.argv.slice(2);
  runCommandLine(args, process).then(
    (code) => {
      process.exitCode = code;
    },
    (cause: unknown) => {
      process.stderr.write(bugText(cause, args));
      process.exitCode = exitCode.bug;
    },
  );
}

/** The parts of `process` that are used. */
export interface Surroundings {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs one command and gives its exit code. Rejects only where there is a bug in streamgen. */
export async function runCommandLine(
  args: readonly string[],
  around: Surroundings,
): Promise<number> {
  const version = ownVersion();
  const invocation = parseArguments(args);
  if ("problem" in invocation) return refuse(invocation, args.includes("--json"), around);
  const { switches, command, values } = invocation;
  if (switches.has("version")) {
    around.stdout.write(`${version}\n`);
    return exitCode.fine;
  }
  if (switches.has("help")) {
    around.stdout.write(helpText(commands.find(({ name }) => name === command)));
    return exitCode.fine;
  }
  const cwd = path.resolve(values.get("cwd")?.[0] ?? ".");
  if (!existsSync(cwd)) {
    return refuse({ problem: `there is no folder "${cwd}"`, fix: "check --cwd" }, false, around);
  }
  const isQuiet = switches.has("quiet");
  const context: Context = {
    invocation,
    terminal: terminalFor(invocation, isQuiet, around),
    cwd,
    version,
    env: around.env,
    isJson: switches.has("json"),
    isQuiet,
  };
  return dispatch(context);
}

function dispatch(context: Context): Promise<number> {
  const { command, switches } = context.invocation;
  switch (command) {
    case "build":
      return switches.has("watch") ? watch(context) : build(context);
    case "check":
      return check(context);
    case "init":
      return init(context);
    case "dev":
      return dev(context);
    case "dlq":
    case "reset":
    case "run":
    case "run-command":
    case "send":
    case "tail":
    case "topics":
    case "worker":
      return run(context, command);
    case undefined:
      return Promise.resolve(exitCode.usage);
  }
}

function terminalFor(
  { switches }: Invocation,
  isQuiet: boolean,
  { stdout, stderr, env }: Surroundings,
): Terminal {
  const color = switches.has("no-color") ? false : switches.has("color") ? true : undefined;
  return openTerminal({ stdout, stderr, env, color, isQuiet });
}

function refuse(
  { problem, fix }: UsageProblem,
  isJson: boolean,
  { stdout, stderr }: Surroundings,
): number {
  const text = isJson
    ? `${JSON.stringify({ type: "usage", problem, fix })}\n`
    : `error: ${problem}\n  fix   ${fix}\n`;
  (isJson ? stdout : stderr).write(text);
  return exitCode.usage;
}

function bugText(cause: unknown, args: readonly string[]): string {
  const version = ownVersion();
  const file = writeCrashReport(cause, { version, args });
  const reason = (cause instanceof Error ? cause.message : String(cause)).split("\n", 1)[0];
  const stack = args.includes("--verbose") ? `${stackOf(cause)}\n` : "";
  const where = file === undefined ? "" : `; the report is in ${file}`;
  return `${stack}error SG9000: ${reason}\n  This is a bug in streamgen ${version}${where}\n`;
}
