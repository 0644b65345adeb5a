/**
 * What codecs throw. They name the byte (`place.position`) but not the field, which costs nothing as
 * long as nothing goes wrong; `decode`, `encode` and bound formats work the field out afterwards.
 */
import { StreamgenError } from "../errors.ts";
import type { Reader } from "./reader.ts";

function failAt(code: `SG${number}`, message: string, reader: Reader, position: number): never {
  throw new StreamgenError(code, message, { position: position - reader.start });
}

/** SG5001: the value needs bytes that are not there. */
export function failTruncated(reader: Reader): never {
  return failAt("SG5001", "the bytes end inside the value", reader, reader.position);
}

/** SG5002: a number that its type cannot hold. */
export function failRange(reader: Reader, position: number, expected: string): never {
  return failAt("SG5002", `expected ${expected}`, reader, position);
}

/** SG5003: a length or count that cannot be. */
export function failLength(reader: Reader, position: number, expected: string): never {
  return failAt("SG5003", `expected ${expected}`, reader, position);
}

/** SG5004: the index of an enum symbol or union branch, or a boolean, that does not exist. */
export function failIndex(reader: Reader, position: number, expected: string): never {
  return failAt("SG5004", `expected ${expected}`, reader, position);
}

/** SG5005: values nested deeper than the limit. */
export function failDepth(limit: number): never {
  throw new StreamgenError("SG5005", `values are nested more than ${limit} deep`);
}

/** SG5006: bytes behind the value. */
export function failTrailing(reader: Reader): never {
  const count = reader.end - reader.position;
  const bytes = count === 1 ? "1 byte follows" : `${count} bytes follow`;
  return failAt("SG5006", `${bytes} the end of the value`, reader, reader.position);
}

/** SG5007: bytes that are no text, or text without the form its type asks for. */
export function failForm(reader: Reader, position: number, expected: string): never {
  return failAt("SG5007", `expected ${expected}`, reader, position);
}

/** SG5010: a value that its type cannot hold, found while writing. */
export function failValue(value: unknown, expected: string): never {
  throw new StreamgenError("SG5010", `expected ${expected}, found ${describe(value)}`);
}

/** A value in a few words, for the second half of "expected …, found …". */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length <= 40 ? JSON.stringify(value) : "a string";
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return value.toString().length <= 40 ? `${value}n` : "a bigint";
    case "object":
      return describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object | null): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a Date";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return "an object";
}
