import type { Node } from "ts-morph";
import {
  optionNotLiteral,
  unknownChoice,
  unknownOption,
  unreadableOptions,
} from "../diagnostics/topology.ts";
import { readLiteral } from "./literal.ts";
import { readMembers } from "./members.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";

export interface Option {
  readonly name: string;
  readonly type: Written;
  /** The value, as it is written. */
  readonly node: Node;
}

export const noOptions: Options = new Map();

export type Options = ReadonlyMap<string, Option>;

/** The options of a topic, table, trigger, field or record, by name. `undefined` after a report. */
export function readOptions(
  reading: Reading,
  written: Written | undefined,
  expected: { readonly allowed: readonly string[]; readonly of: string },
): Options | undefined {
  const options = new Map<string, Option>();
  if (written === undefined) return options;
  const type = resolve(reading, written);
  if (type.kind === "unresolved") return undefined;
  const members = readMembers(reading, type, expected.of);
  if (members === undefined) {
    reading.report(unreadableOptions(expected.of, reading.place(written.node)));
    return undefined;
  }
  for (const member of members.list) {
    if (expected.allowed.includes(member.name)) {
      options.set(member.name, { name: member.name, type: member.type, node: member.type.node });
      continue;
    }
    const span = reading.place(member.node.getNameNode());
    reading.report(unknownOption(member.name, expected.of, expected.allowed, span));
  }
  return options;
}

/** A text; reports what is not one. */
export function textOption(reading: Reading, options: Options, name: string): string | undefined {
  const option = options.get(name);
  if (option === undefined) return undefined;
  const literal = readLiteral(reading, option.type);
  if (literal?.kind === "text") return literal.value;
  reading.report(optionNotLiteral(name, "a text", reading.place(option.node)));
  return undefined;
}

export function numberOption(reading: Reading, options: Options, name: string): number | undefined {
  const option = options.get(name);
  if (option === undefined) return undefined;
  const literal = readLiteral(reading, option.type);
  if (literal?.kind === "number") return literal.value;
  reading.report(optionNotLiteral(name, "a number", reading.place(option.node)));
  return undefined;
}

/** False where the option is left out. */
export function flagOption(reading: Reading, options: Options, name: string): boolean {
  const option = options.get(name);
  if (option === undefined) return false;
  const literal = readLiteral(reading, option.type);
  if (literal?.kind === "boolean") return literal.value;
  reading.report(optionNotLiteral(name, "true or false", reading.place(option.node)));
  return false;
}

/** A list of texts; empty where the option is left out. */
export function textsOption(reading: Reading, options: Options, name: string): readonly string[] {
  const option = options.get(name);
  if (option === undefined) return [];
  const literal = readLiteral(reading, option.type);
  const items = literal?.kind === "list" ? literal.items : [];
  const texts = items.flatMap((item) => (item.kind === "text" ? [item.value] : []));
  if (literal?.kind === "list" && texts.length === items.length) return texts;
  reading.report(optionNotLiteral(name, "a list of texts", reading.place(option.node)));
  return [];
}

/** A text, or a list of texts; reports what is neither. */
export function oneOrMoreOption(
  reading: Reading,
  options: Options,
  name: string,
): readonly string[] {
  const option = options.get(name);
  const literal = option && readLiteral(reading, option.type);
  return literal?.kind === "text" ? [literal.value] : textsOption(reading, options, name);
}

/** One of a few texts; reports any other. */
export function choiceOption<C extends string>(
  reading: Reading,
  options: Options,
  name: string,
  choices: readonly C[],
): C | undefined {
  const text = textOption(reading, options, name);
  if (text === undefined) return undefined;
  const choice = choices.find((one) => one === text);
  const option = options.get(name);
  if (choice === undefined && option !== undefined) {
    reading.report(unknownChoice({ option: name, text, choices }, reading.place(option.node)));
  }
  return choice;
}
