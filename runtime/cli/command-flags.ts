import type { Json } from "../codec/json.ts";
import type { Command, CommandFlag } from "../worker/outside/command-spec.ts";
import { refuse } from "./arguments.ts";
import { nearest } from "./nearest.ts";

/** A command's arguments as JSON, or the wish for its help. */
export type CommandArguments = { readonly [property: string]: Json } | "help";

/**
 * Understands what follows a command's name: `--name value`, `--name=value`, `--switch`, `--no-switch`.
 * Throws a `Refusal` with the first mistake.
 */
export function commandArguments(command: Command, args: readonly string[]): CommandArguments {
  const values = new Map<CommandFlag, string[]>();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--help" || arg === "-h") return "help";
    const { flag, text } = flagIn(command, arg);
    const given = values.get(flag) ?? [];
    if (given.length > 0 && flag.isList !== true) {
      refuse(`--${flag.name} is given more than once`, "give it once");
    }
    values.set(flag, given);
    if (text !== undefined || flag.kind === "switch") given.push(text ?? "true");
    else {
      index += 1;
      given.push(args[index] ?? refuse(`--${flag.name} needs a value`, howTo(flag)));
    }
  }
  return Object.fromEntries(
    command.flags.flatMap((flag): [string, Json][] => {
      const given = values.get(flag);
      const json = given === undefined ? missing(command, flag) : jsonOf(flag, given);
      return json === undefined ? [] : [[flag.property, json]];
    }),
  );
}

function flagIn(
  { name: command, flags }: Command,
  arg: string,
): { readonly flag: CommandFlag; readonly text: string | undefined } {
  const [, name = "", text] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
  if (name === "") refuse(`"${arg}" is no flag`, `see: command ${command} --help`);
  const flag = flags.find((one) => one.name === name);
  if (flag !== undefined) return { flag, text };
  const off = flags.find((one) => one.kind === "switch" && `no-${one.name}` === name);
  if (off !== undefined && text === undefined) return { flag: off, text: "false" };
  const guess = nearest(
    name,
    flags.map((one) => one.name),
  );
  const fix = guess === undefined ? `see: command ${command} --help` : `write --${guess}`;
  return refuse(`command "${command}" has no flag "--${name}"`, fix);
}

/** Switches that are not there are off, lists are empty. */
function missing({ name }: Command, flag: CommandFlag): Json | undefined {
  if (flag.isOptional === true) return undefined;
  if (flag.isList === true) return [];
  if (flag.kind === "switch") return false;
  return refuse(`command "${name}" needs --${flag.name}`, howTo(flag));
}

function jsonOf(flag: CommandFlag, given: readonly string[]): Json {
  if (flag.isList === true) return given.map((text) => itemOf(flag, text));
  return itemOf(flag, given[0] ?? "");
}

function itemOf({ name, kind }: CommandFlag, text: string): Json {
  if (kind === "text") return text;
  if (kind === "number") return isNumber(text) ? Number(text) : text;
  if (text === "true" || text === "false") return text === "true";
  return refuse(`--${name} is "${text}"`, `write --${name} or --no-${name}`);
}

const isNumber = (text: string): boolean => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);

const howTo = (flag: CommandFlag): string => `write --${flag.name} <${valueWord(flag)}>`;

/** What stands for a flag's value. */
export const valueWord = ({ kind, choices }: CommandFlag): string =>
  choices?.join("|") ?? (kind === "number" ? "number" : "text");
