import type { FieldModel, JsonModel, TypeModel } from "../model/type.ts";
import { classOf } from "./branch-test.ts";
import type { Literal } from "./literal.ts";
import type { NamedTypes } from "./named.ts";
import { daysOf, microsOf, millisOf, unscaledBytes } from "./text-scalar.ts";

/** Puts the branch that a default belongs to in front, as Avro wants it. */
export function defaultBranchFirst(
  types: readonly TypeModel[],
  literal: Literal,
): readonly TypeModel[] {
  const branch = types.find((type) => classOf(type) === classOfLiteral(literal, type));
  return branch === undefined ? types : [branch, ...types.filter((type) => type !== branch)];
}

function classOfLiteral(literal: Literal, type: TypeModel): ReturnType<typeof classOf> {
  switch (literal.kind) {
    case "text":
      return "string";
    case "list":
      return "Array";
    // A long may be written 0 or 0n.
    case "number":
      return classOf(type) === "bigint" ? "bigint" : "number";
    default:
      return literal.kind;
  }
}

/** A default as JSON by Avro's rules; `undefined` where it does not fit the type. */
export function jsonDefault(
  named: NamedTypes,
  type: TypeModel,
  literal: Literal,
): JsonModel | undefined {
  switch (type.kind) {
    case "null":
      return literal.kind === "null" ? null : undefined;
    case "boolean":
      return literal.kind === "boolean" ? literal.value : undefined;
    case "union": {
      const [first] = type.branches;
      return first && jsonDefault(named, first.type, literal);
    }
    case "array":
      return literal.kind === "list" ? all(literal.items, named, type.items) : undefined;
    case "enum":
      return symbolDefault(named.enums.get(type.name)?.symbols ?? [], literal);
  }
  if (literal.kind === "object") return objectDefault(named, type, literal.entries);
  return literal.kind === "text" ? textDefault(type, literal.value) : numberDefault(type, literal);
}

const symbolDefault = (symbols: readonly string[], literal: Literal): string | undefined =>
  literal.kind === "text" && symbols.includes(literal.value) ? literal.value : undefined;

function objectDefault(
  named: NamedTypes,
  type: TypeModel,
  entries: ReadonlyMap<string, Literal>,
): JsonModel | undefined {
  switch (type.kind) {
    case "map":
      return mapDefault(named, type.values, entries);
    case "record":
      return recordDefault(named, named.records.get(type.name)?.fields ?? [], entries);
    case "duration":
      return durationDefault(entries);
    default:
      return undefined;
  }
}

function textDefault(type: TypeModel, text: string): JsonModel | undefined {
  switch (type.kind) {
    case "string":
      return /\p{Surrogate}/u.test(text) ? undefined : text;
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : undefined;
    case "date":
      return daysOf(text);
    case "local-timestamp-millis":
      return millisOf(text);
    case "local-timestamp-micros":
      return microsOf(text);
    case "decimal":
      return unscaledBytes(text, type);
    default:
      return undefined;
  }
}

function numberDefault(type: TypeModel, literal: Literal): JsonModel | undefined {
  if (literal.kind !== "number" && literal.kind !== "bigint") return undefined;
  const value = Number(literal.value);
  switch (type.kind) {
    case "float":
    case "double":
      return literal.kind === "number" && Number.isFinite(value) ? value : undefined;
    case "int":
      return literal.kind === "number" && value === (value | 0) ? value : undefined;
    case "time-millis":
      return Number.isInteger(value) && value >= 0 && value < 86_400_000 ? value : undefined;
    case "safe-long":
    case "timestamp-millis":
    case "long":
    case "time-micros":
    case "timestamp-micros":
    case "timestamp-nanos":
      return Number.isSafeInteger(value) ? value : undefined;
    default:
      return undefined;
  }
}

function all(
  literals: readonly Literal[],
  named: NamedTypes,
  type: TypeModel,
): readonly JsonModel[] | undefined {
  const items = literals.map((item) => jsonDefault(named, type, item));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function mapDefault(
  named: NamedTypes,
  values: TypeModel,
  entries: ReadonlyMap<string, Literal>,
): JsonModel | undefined {
  const items = all([...entries.values()], named, values);
  const names = [...entries.keys()];
  return items && Object.fromEntries(items.map((item, index) => [names[index] ?? "", item]));
}

/** Every field must be there, or have a default of its own. */
function recordDefault(
  named: NamedTypes,
  fields: readonly FieldModel[],
  entries: ReadonlyMap<string, Literal>,
): JsonModel | undefined {
  const result: [string, JsonModel][] = [];
  for (const field of fields) {
    const literal = entries.get(field.name);
    const value = literal === undefined ? field.default : jsonDefault(named, field.type, literal);
    if (value === undefined) return undefined;
    result.push([field.wireName, value]);
  }
  const known = new Set(fields.map((field) => field.name));
  return [...entries.keys()].every((name) => known.has(name))
    ? Object.fromEntries(result)
    : undefined;
}

/** Avro writes bytes in JSON as a text of the code points 0 to 255. */
function durationDefault(entries: ReadonlyMap<string, Literal>): JsonModel | undefined {
  const bytes: number[] = [];
  for (const name of ["months", "days", "millis"]) {
    const literal = entries.get(name);
    if (literal?.kind !== "number" || literal.value !== literal.value >>> 0) return undefined;
    for (const shift of [0, 8, 16, 24]) bytes.push((literal.value >>> shift) & 255);
  }
  return String.fromCharCode(...bytes);
}

/** A literal by the JSON mapping, where a bigint is a decimal text. */
export function plainJson(literal: Literal): JsonModel {
  switch (literal.kind) {
    case "null":
      return null;
    case "bigint":
      return literal.value.toString();
    case "list":
      return literal.items.map(plainJson);
    case "object":
      return Object.fromEntries(
        [...literal.entries].map(([name, item]) => [name, plainJson(item)]),
      );
    default:
      return literal.value;
  }
}
