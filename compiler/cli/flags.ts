import {
  commandFlags,
  dlqFlags,
  resetFlags,
  sendFlags,
  tailFlags,
  topicsFlags,
  workerFlags,
} from "./worker-flags.ts";

/** One flag of the command line: the parser, the help and the documentation's test read it. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** What stands for the value; a flag without one is a switch. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
  readonly help: string;
}

export interface Command {
  readonly name: CommandName;
  /** What may follow the command's name. */
  readonly operand?: string;
  /** What has to follow that. */
  readonly object?: string;
  /** Whether it has to. */
  readonly needsOperand?: true;
  /** What follows the operand is for the worker's program. */
  readonly leavesRest?: true;
  readonly help: string;
  readonly flags: readonly Flag[];
}

export type CommandName =
  | "build"
  | "check"
  | "dev"
  | "dlq"
  | "init"
  | "reset"
  | "run"
  | "run-command"
  | "send"
  | "tail"
  | "topics"
  | "worker";

/** Flags that every command takes. */
export const globalFlags: readonly Flag[] = [
  { name: "config", short: "c", value: "file", help: "use this configuration file" },
  { name: "cwd", value: "folder", help: "run as if started in this folder" },
  { name: "json", help: "print one JSON object per line" },
  { name: "color", help: "use colours, even where the output is no terminal" },
  { name: "no-color", help: "use no colours" },
  { name: "quiet", help: "print errors and warnings only" },
  { name: "verbose", help: "print more, stack traces of bugs among it" },
  { name: "version", help: "print the version" },
  { name: "help", short: "h", help: "print this text" },
];

export const commands: readonly Command[] = [
  {
    name: "build",
    help: "check the sources and write the generated files",
    flags: [
      { name: "check", help: "write nothing: print the difference, exit 3 if there is one" },
      { name: "watch", help: "build again whenever a source changes" },
      { name: "explain", help: "say what was proved about each function, and what was not" },
    ],
  },
  {
    name: "check",
    help: "check everything: types, rules, and that generated files are up to date",
    flags: [{ name: "no-types", help: "leave out the project's own tsc" }],
  },
  {
    name: "init",
    operand: "folder",
    help: "make a new project, or add what is missing to this one",
    flags: [],
  },
  {
    name: "run",
    help: "build if needed, then run the worker",
    flags: workerFlags,
  },
  {
    name: "dev",
    help: "build and run, again at each change; embedded without brokers",
    flags: workerFlags.filter(({ name }) => name !== "embedded-by-default"),
  },
  {
    name: "worker",
    help: "run the worker as it was built",
    flags: workerFlags,
  },
  {
    name: "send",
    operand: "topic",
    needsOperand: true,
    help: "send JSON lines to a topic",
    flags: sendFlags,
  },
  {
    name: "tail",
    operand: "topic",
    needsOperand: true,
    help: "print a topic's records as JSON lines",
    flags: tailFlags,
  },
  {
    name: "topics",
    operand: "plan|apply",
    needsOperand: true,
    help: "compare the topics with those the pipeline needs, or make them so",
    flags: topicsFlags,
  },
  {
    name: "dlq",
    operand: "list|replay",
    object: "topic",
    needsOperand: true,
    help: "look at dead letters, or send them again",
    flags: dlqFlags,
  },
  {
    name: "reset",
    help: "forget what was processed: offsets, internal topics and local state",
    flags: resetFlags,
  },
  {
    name: "run-command",
    operand: "name",
    needsOperand: true,
    leavesRest: true,
    help: "call a command of the pipeline, with its own flags",
    flags: commandFlags,
  },
];

/** A command's flags and those that every command takes. */
export function flagsOf(command: Command | undefined): readonly Flag[] {
  return [...(command?.flags ?? []), ...globalFlags];
}
