import { type Command, commands, type Flag, globalFlags } from "./flags.ts";

/** The text of `--help`, for one command or all of them. */
export function helpText(command: Command | undefined): string {
  return command === undefined ? overview() : commandHelp(command);
}

function overview(): string {
  const lines = commands.map((command): Line => [named(command), command.help]);
  return [
    "Usage: streamgen <command> [flags]",
    "",
    "Commands:",
    table(lines),
    "",
    "Flags of every command:",
    flagTable(globalFlags),
    "",
    "streamgen <command> --help says more about a command.",
    "",
  ].join("\n");
}

function commandHelp(command: Command): string {
  const { help, flags } = command;
  const usage = `streamgen ${named(command)} [flags]`;
  const own = flags.length === 0 ? [] : ["Flags:", flagTable(flags), ""];
  return [
    `Usage: ${usage}`,
    "",
    `${help.slice(0, 1).toUpperCase()}${help.slice(1)}.`,
    "",
    ...own,
    "Flags of every command:",
    flagTable(globalFlags),
    "",
  ].join("\n");
}

function named({ name, operand, object, needsOperand }: Command): string {
  if (operand === undefined) return name;
  const rest = object === undefined ? "" : ` <${object}>`;
  return needsOperand === true ? `${name} <${operand}>${rest}` : `${name} [${operand}]`;
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
