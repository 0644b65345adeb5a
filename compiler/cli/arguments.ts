import { parseArgs } from "node:util";
import { nearest } from "../diagnostics/nearest.ts";
import { type Command, type CommandName, commands, type Flag, flagsOf } from "./flags.ts";

/** A command line that was understood. */
export interface Invocation {
  /** Absent where only the version or the help is wanted. */
  readonly command: CommandName | undefined;
  /** What follows the command's name. */
  readonly operand: string | undefined;
  /** What follows that. */
  readonly object: string | undefined;
  /** What follows the operand of a command that leaves it to the worker's program. */
  readonly rest: readonly string[];
  /** Switches that are on. */
  readonly switches: ReadonlySet<string>;
  /** Values of the other flags, in the order given. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** What is wrong with a command line, and what to type instead. */
export interface UsageProblem {
  readonly problem: string;
  readonly fix: string;
}

type Token = ReturnType<typeof tokensOf>[number];
type OptionToken = Extract<Token, { readonly kind: "option" }>;

/** Parses the arguments behind `streamgen`. The first mistake is the one that is reported. */
export function parseArguments(given: readonly string[]): Invocation | UsageProblem {
  const { args, rest: behind } = splitRest(given);
  const tokens = tokensOf(args);
  const operands = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  const options = tokens.filter((token) => token.kind === "option");
  const [name, operand, object, ...rest] = operands;
  const command = commands.find((candidate) => candidate.name === name);
  if (name !== undefined && command === undefined) return unknownCommand(name);

  const flags = flagsOf(command);
  for (const option of options) {
    const problem = optionProblem(option, flags, command);
    if (problem !== undefined) return problem;
  }
  const extra = [operand, object, ...rest][operandsOf(command).length];
  if (extra !== undefined) return unexpectedOperand(name ?? "", extra);

  const invocation = {
    ...collect(command?.name, { operand, object }, options),
    rest: behind,
  };
  const asks = invocation.switches.has("help") || invocation.switches.has("version");
  if (command === undefined && !asks) return noCommand();
  const missing =
    operandsOf(command)[[operand, object].filter((each) => each !== undefined).length];
  if (command?.needsOperand === true && missing !== undefined && !asks) {
    return missingOperand(command, missing);
  }
  return repeatedFlag(invocation, flags) ?? exclusiveFlags(invocation) ?? invocation;
}

/** Parts what follows the operand of a command that does not read it itself. */
function splitRest(args: readonly string[]): {
  readonly args: readonly string[];
  readonly rest: readonly string[];
} {
  const words = tokensOf(args).filter((token) => token.kind === "positional");
  const command = commands.find(({ name }) => name === words[0]?.value);
  const operand = words[1];
  if (command?.leavesRest !== true || operand === undefined) return { args, rest: [] };
  const end = operand.index + 1;
  return { args: args.slice(0, end), rest: args.slice(end) };
}

/** A value may begin with a hyphen only behind `=`, so that a forgotten value is noticed. */
function tokensOf(args: readonly string[]) {
  const flags = commands.flatMap((command) => flagsOf(command));
  const options = Object.fromEntries(
    flags.map(
      ({ name, short, value }) =>
        [
          name,
          {
            type: value === undefined ? "boolean" : "string",
            ...(short !== undefined && { short }),
          },
        ] as const,
    ),
  );
  return parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function optionProblem(
  { name, rawName, value }: OptionToken,
  flags: readonly Flag[],
  command: Command | undefined,
): UsageProblem | undefined {
  const flag = flags.find((candidate) => candidate.name === name);
  const of = command === undefined ? "streamgen" : `streamgen ${command.name}`;
  if (flag === undefined) {
    const guess = nearest(
      name,
      flags.map((candidate) => candidate.name),
    );
    const fix = guess === undefined ? `see: ${of} --help` : `write --${guess}`;
    return { problem: `${of} has no flag "${rawName}"`, fix };
  }
  if (flag.value === undefined && value !== undefined) {
    return {
      problem: `${rawName} takes no value, but is given "${value}"`,
      fix: `write ${rawName}`,
    };
  }
  const isMissing = value === undefined || value === "" || value.startsWith("-");
  if (flag.value !== undefined && isMissing && value !== "-") {
    return { problem: `${rawName} needs a value`, fix: `write ${rawName} <${flag.value}>` };
  }
  return undefined;
}

function collect(
  command: CommandName | undefined,
  what: Pick<Invocation, "operand" | "object">,
  options: readonly OptionToken[],
): Omit<Invocation, "rest"> {
  const switches = new Set<string>();
  const values = new Map<string, string[]>();
  for (const { name, value } of options) {
    if (value === undefined) switches.add(name);
    else values.set(name, [...(values.get(name) ?? []), value]);
  }
  return { command, ...what, switches, values };
}

function repeatedFlag({ values }: Invocation, flags: readonly Flag[]): UsageProblem | undefined {
  const repeated = flags.find(
    ({ name, isRepeatable }) => isRepeatable !== true && (values.get(name)?.length ?? 0) > 1,
  );
  if (repeated === undefined) return undefined;
  return { problem: `--${repeated.name} is given more than once`, fix: "give it once" };
}

/** Switches of which one makes no sense beside the other. */
const exclusive: readonly (readonly [string, string])[] = [
  ["watch", "check"],
  ["watch", "explain"],
  ["color", "no-color"],
  ["follow", "no-follow"],
  ["dry-run", "yes"],
];

function exclusiveFlags({ switches }: Invocation): UsageProblem | undefined {
  const pair = exclusive.find((flags) => flags.every((flag) => switches.has(flag)));
  if (pair === undefined) return undefined;
  return { problem: `--${pair[0]} and --${pair[1]} exclude each other`, fix: "leave one out" };
}

function unknownCommand(name: string): UsageProblem {
  const names = commands.map((command) => command.name);
  const guess = nearest(name, names);
  const fix = guess === undefined ? `use one of: ${names.join(", ")}` : `write streamgen ${guess}`;
  return { problem: `there is no command "${name}"`, fix };
}

function unexpectedOperand(command: string, operand: string): UsageProblem {
  return {
    problem: `streamgen ${command} takes no argument "${operand}"`,
    fix: `see: streamgen ${command} --help`,
  };
}

function missingOperand(command: Command, operand: string): UsageProblem {
  const { name } = command;
  const operands = operandsOf(command).map((each) => `<${each}>`);
  return {
    problem: `streamgen ${name} needs to know the ${operand}`,
    fix: `write streamgen ${name} ${operands.join(" ")}`,
  };
}

/** What may follow a command's name, in order. */
function operandsOf(command: Command | undefined): readonly string[] {
  const { operand, object } = command ?? {};
  return [operand, object].filter((each) => each !== undefined);
}

function noCommand(): UsageProblem {
  return { problem: "a command is missing", fix: "see: streamgen --help" };
}
