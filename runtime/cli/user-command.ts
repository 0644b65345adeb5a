import type { Json } from "../codec/json.ts";
import { StreamgenError } from "../errors.ts";
import type { Command, OpenCall } from "../worker/outside/command-spec.ts";
import { runCommand } from "../worker/outside/run-command.ts";
import type { PipelineSpec } from "../worker/spec.ts";
import { givenSettings, type Invocation, refuse } from "./arguments.ts";
import { commandArguments, valueWord } from "./command-flags.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { nearest } from "./nearest.ts";
import { loggerFor } from "./run-worker.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * `command <name>`: calls one of the pipeline's commands, with its flags. It ends when the function has
 * returned and the log has acknowledged what it sent.
 */
export async function userCommand(
  spec: PipelineSpec,
  invocation: Invocation,
  around: Surroundings,
): Promise<ExitCode> {
  const command = commandNamed(spec, invocation.operand);
  const given = commandArguments(command, invocation.rest);
  if (given === "help") {
    await around.print(helpOf(command));
    return exitCode.fine;
  }
  const open = readArguments(command, given);
  const { env, progress, workerOptions } = around;
  const { switches } = invocation;
  const logger = loggerFor(
    {
      isQuiet: switches.has("quiet"),
      isVerbose: switches.has("verbose"),
      isJson: switches.has("json"),
    },
    around,
  );
  const flags = givenSettings(invocation);
  try {
    const options = { env, flags, logger, ...workerOptions };
    await runCommand(spec, options, { command, open, stop: around.stop });
  } finally {
    progress.done();
  }
  return around.stop.isRequested ? exitCode.interrupted : exitCode.fine;
}

/** Types that the flags' texts do not have are told as a mistake of the command line. */
function readArguments(command: Command, given: Json): OpenCall {
  try {
    return command.read(given);
  } catch (cause) {
    if (!(cause instanceof StreamgenError)) throw cause;
    return refuse(cause.message, `see: command ${command.name} --help`);
  }
}

function commandNamed({ commands = [] }: PipelineSpec, name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const guess = nearest(name, names);
  if (names.length === 0) refuse("this pipeline has no commands", "export a function of Command");
  return refuse(
    `this pipeline has no command "${name}"`,
    guess === undefined ? `use one of: ${names.join(", ")}` : `write ${guess}`,
  );
}

function helpOf({ name, help, flags }: Command): string {
  const lines = flags.map((flag) => {
    const { isList, isOptional, kind, help: about = "" } = flag;
    const term = kind === "switch" ? `--${flag.name}` : `--${flag.name} <${valueWord(flag)}>`;
    const notes = [
      about,
      ...(isList === true ? ["(may be repeated)"] : []),
      ...(isOptional === true || isList === true || kind === "switch" ? [] : ["(required)"]),
    ];
    return { term, text: notes.filter((note) => note !== "").join(" ") };
  });
  const width = Math.max(0, ...lines.map(({ term }) => term.length));
  const table = lines.map(({ term, text }) => `  ${term.padEnd(width)}  ${text}`.trimEnd());
  const flagLines = table.length === 0 ? [] : ["Flags:", ...table, ""];
  return [
    `Usage: command ${name} [flags]`,
    "",
    ...(help === "" ? [] : [help, ""]),
    ...flagLines,
  ].join("\n");
}
