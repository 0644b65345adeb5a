import type { TypeModel, TypeName } from "../../model/type.ts";
import { isIdentifier } from "../code.ts";
import { camelCase, lowerFirst, shortName, upperFirst } from "../names.ts";

/** What is generated for a record, by the record's own name. */
export type RecordPart = "write" | "read" | "skip" | "toJson" | "fromJson" | "codec";

export function recordPartName(part: RecordPart, record: TypeName): string {
  return partName(part, shortName(record));
}

/** `writeOrder`, `orderToJson`. */
export function partName(part: RecordPart, name: string): string {
  switch (part) {
    case "write":
    case "read":
    case "skip":
      return part + upperFirst(name);
    default:
      return lowerFirst(name) + upperFirst(part);
  }
}

/** How functions for lists and maps of a type are named; `place` stands for unions, which have no name. */
export function typeWord(type: TypeModel, place: string): string {
  switch (type.kind) {
    case "array":
      return `${typeWord(type.items, place)}Array`;
    case "map":
      return `${typeWord(type.values, place)}Map`;
    case "record":
    case "enum":
    case "fixed":
      return upperFirst(shortName(type.name));
    case "decimal":
      return `Decimal${type.precision}Scale${type.scale}`;
    case "union": {
      const [first, second] = type.branches;
      const isNullable = type.branches.length === 2 && first !== undefined && second !== undefined;
      if (isNullable && first.type.kind === "null")
        return `Nullable${typeWord(second.type, place)}`;
      if (isNullable && second.type.kind === "null") return `${typeWord(first.type, place)}OrNull`;
      return place;
    }
    default:
      return type.kind.split("-").map(upperFirst).join("");
  }
}

/** Global names that generated codecs use: nothing of a codec file may hide them. */
export const globals: readonly string[] = [
  ...["Array", "Date", "Object", "Uint8Array"],
  ...["NonNullable", "Partial", "Readonly", "Record"],
];

/** Names that a record's functions use beside those of other functions. */
const used: ReadonlySet<string> = new Set([
  ...["writer", "reader", "json", "isPresent", "projected"],
]);

/** Global names that linters let nothing hide, and what every object has. */
const restricted: ReadonlySet<string> = new Set(
  (
    "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView " +
    "Date Error EvalError FinalizationRegistry Float32Array Float64Array Function Infinity " +
    "Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy " +
    "RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError " +
    "TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef " +
    "WeakSet constructor decodeURI decodeURIComponent encodeURI encodeURIComponent escape " +
    "globalThis hasOwnProperty isFinite isNaN isPrototypeOf parseFloat parseInt " +
    "propertyIsEnumerable toLocaleString toString undefined unescape valueOf"
  ).split(" "),
);

/** Whether a function's parameter or constant may have the name without hiding what is used in it. */
function isFree(name: string): boolean {
  return (
    isIdentifier(name) &&
    !used.has(name) &&
    !restricted.has(name) &&
    !/^(?:read|write|skip|fail)[A-Z_\d]|(?:ToJson|FromJson|Codec|Symbols)\d*$/.test(name)
  );
}

/** Names for the constants of one function. */
export class Locals {
  readonly #taken: Set<string> = new Set();

  /** `wanted`, or a name like it that hides nothing. */
  name(wanted: string): string {
    const word = isIdentifier(wanted) ? wanted : camelCase(wanted.replaceAll(/[^A-Za-z\d]+/g, " "));
    const base = [word, `${word}Value`].find(isFree) ?? "field";
    let name = base;
    for (let count = 2; this.#taken.has(name); count++) name = `${base}${count}`;
    this.#taken.add(name);
    return name;
  }
}
