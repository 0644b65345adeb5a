import { type Command, commands, type Flag, flagsOf } from "./flags.ts";

/** The text of `--help`: about a worker's program, or about one of its commands. */
export function helpText(help: Command | "all"): string {
  return help === "all" ? overview() : one(help);
}

function overview(): string {
  const flags = commands[0] === undefined ? [] : flagsOf(commands[0]);
  return [
    "Usage: node main.js [flags]            run the pipeline",
    "       node main.js <command> [flags]",
    "",
    "Commands:",
    table(commands.map((command) => [named(command), command.help])),
    "",
    "Flags of the worker:",
    flagTable(flags),
    "",
    "node main.js <command> --help says more about a command.",
    "",
  ].join("\n");
}

function one(command: Command): string {
  const { help } = command;
  return [
    `Usage: node main.js ${named(command)} [flags]`,
    "",
    `${help.slice(0, 1).toUpperCase()}${help.slice(1)}.`,
    "",
    "Flags:",
    flagTable(flagsOf(command)),
    "",
  ].join("\n");
}

function named({ name, operand, object }: Command): string {
  const operands = [operand, object].flatMap((each) => (each === undefined ? [] : [`<${each}>`]));
  return [name, ...operands].join(" ");
}

type Line = readonly [term: string, text: string];

function flagTable(flags: readonly Flag[]): string {
  return table(
    flags.map(({ name, short, value, help }): Line => {
      const long = value === undefined ? `--${name}` : `--${name} <${value}>`;
      return [short === undefined ? `    ${long}` : `-${short}, ${long}`, help];
    }),
  );
}

function table(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([term]) => term.length));
  return lines.map(([term, text]) => `  ${term.padEnd(width)}  ${text}`).join("\n");
}
