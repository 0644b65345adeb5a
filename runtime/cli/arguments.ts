import { parseArgs } from "node:util";
import { settingFlags } from "../worker/settings/setting-flags.ts";
import { exitCode } from "./exit-code.ts";
import { type Command, type CommandName, commands, type Flag, flagsOf } from "./flags.ts";
import { nearest } from "./nearest.ts";
import { Refusal } from "./refusal.ts";

/** A command line of a worker's program that was understood. */
export interface Invocation {
  readonly command: CommandName;
  /** What follows the command's name; a command that needs it has it, unless help is wanted. */
  readonly operand: string;
  /** What follows that. */
  readonly object: string;
  /** What follows the operand of a command that leaves it to others. */
  readonly rest: readonly string[];
  /** Switches that are on. */
  readonly switches: ReadonlySet<string>;
  /** Values of the other flags, in the order given. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Absent: the help about all commands is wanted. */
  readonly help: Command | "all" | undefined;
}

/** Understands the arguments behind `main.js`. Throws a `Refusal` with the first mistake. */
export function parseArguments(args: readonly string[]): Invocation {
  const [first = ""] = args;
  const isNamed = first !== "" && !first.startsWith("-");
  const command = commandNamed(isNamed ? first : "worker");
  const flags = flagsOf(command);
  const given = isNamed ? args.slice(1) : args;
  const end = command.leavesRest === true ? operandEnd(given, flags) : given.length;
  const { operands, switches, values } = sortTokens(given.slice(0, end), flags);
  checkRepeated(values, flags);
  const isHelp = switches.has("help");
  const [operand = "", object = ""] = checkOperands(command, operands, isHelp);
  const help = isHelp ? (isNamed ? command : "all") : undefined;
  return { command: command.name, operand, object, rest: given.slice(end), switches, values, help };
}

/** The place behind the first argument that is neither a flag nor a flag's value. */
function operandEnd(args: readonly string[], flags: readonly Flag[]): number {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (!arg.startsWith("-")) return index + 1;
    if (flags.some(({ name, value }) => value !== undefined && arg === `--${name}`)) index += 1;
  }
  return args.length;
}

function sortTokens(
  args: readonly string[],
  flags: readonly Flag[],
): {
  readonly operands: readonly string[];
  readonly switches: ReadonlySet<string>;
  readonly values: Invocation["values"];
} {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(flags.map((flag) => [flag.name, parsed(flag)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const switches = new Set<string>();
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    checkFlag(token, flags);
    if (token.value === undefined) switches.add(token.name);
    else values.set(token.name, [...(values.get(token.name) ?? []), token.value]);
  }
  return { operands, switches, values };
}

/** The flags given that stand for settings. */
export function givenSettings({ values }: Invocation): Readonly<Record<string, string>> {
  return Object.fromEntries(
    settingFlags.flatMap(({ name }) => {
      const value = values.get(name)?.[0];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The value of a flag that is given once at most. */
export function flagValue({ values }: Invocation, flag: string): string | undefined {
  return values.get(flag)?.[0];
}

/** A whole number of at least `min`; throws a `Refusal` for anything else. */
export function numberOf(invocation: Invocation, flag: string, min: number): number | undefined {
  const text = flagValue(invocation, flag);
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min)) refuse(`--${flag} is "${text}"`, `write a whole number from ${min} on`);
  return number;
}

/** Throws the `Refusal` of a command line. */
export function refuse(problem: string, fix: string): never {
  throw new Refusal("SG8501", problem, { fix, exitCode: exitCode.usage });
}

function commandNamed(name: string): Command {
  // The short name is for programs that stand alone.
  const full = name === "command" ? "run-command" : name;
  const found = commands.find((command) => command.name === full);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const guess = nearest(name, names);
  return refuse(
    `there is no command "${name}"`,
    guess === undefined ? `use one of: ${names.join(", ")}` : `write ${guess}`,
  );
}

function parsed({ value, short }: Flag): { type: "boolean" | "string"; short?: string } {
  const type = value === undefined ? "boolean" : "string";
  return short === undefined ? { type } : { type, short };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function checkFlag({ name, rawName, value }: OptionToken, flags: readonly Flag[]): void {
  const known = flags.find((flag) => flag.name === name);
  if (known === undefined) {
    const names = flags.map((flag) => flag.name);
    const guess = nearest(name, names);
    refuse(
      `there is no flag "${rawName}"`,
      guess === undefined ? "see --help" : `write --${guess}`,
    );
  }
  if (known.value === undefined && value !== undefined) {
    refuse(`${rawName} takes no value, but is given "${value}"`, `write ${rawName}`);
  }
  if (known.value !== undefined && (value === undefined || /^$|^-./.test(value))) {
    refuse(`${rawName} needs a value`, `write ${rawName} <${known.value}>; see --help`);
  }
}

function checkRepeated(values: Invocation["values"], flags: readonly Flag[]): void {
  for (const { name, isRepeatable } of flags) {
    if (isRepeatable !== true && (values.get(name)?.length ?? 0) > 1) {
      refuse(`--${name} is given more than once`, "give it once");
    }
  }
}

/** Gives the operands, as many as the command needs; fewer where help is wanted. */
function checkOperands(
  { name, operand, object }: Command,
  given: readonly string[],
  isHelp: boolean,
): readonly string[] {
  const wanted = [operand, object].filter((each) => each !== undefined);
  const unexpected = given[wanted.length];
  if (unexpected !== undefined) {
    refuse(`"${unexpected}" is no flag`, wanted.length === 0 ? "see --help" : "leave it out");
  }
  const missing = wanted[given.length];
  if (missing !== undefined && !isHelp) {
    const operands = wanted.map((each) => `<${each}>`).join(" ");
    refuse(`${name} needs to know the ${missing}`, `write ${name} ${operands}`);
  }
  return given;
}
