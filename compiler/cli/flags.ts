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
  readonly help: string;
  readonly flags: readonly Flag[];
}

export type CommandName = "build" | "check" | "init" | "run";

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
    flags: [
      { name: "embedded", help: "use the embedded log, which lives in the process" },
      {
        name: "input",
        value: "topic=file",
        isRepeatable: true,
        help: "send JSON lines to a topic",
      },
      {
        name: "output",
        value: "topic=file",
        isRepeatable: true,
        help: "write a topic's records as JSON lines when the worker stops",
      },
      { name: "until-idle", help: "stop when all input is processed" },
      { name: "envelope", help: 'lines are {"key","value","timestamp","headers"}' },
      { name: "threads", value: "number", help: "threads of the worker; 1 for now" },
    ],
  },
];

/** A command's flags and those that every command takes. */
export function flagsOf(command: Command | undefined): readonly Flag[] {
  return [...(command?.flags ?? []), ...globalFlags];
}
