/** How values that hold others are read from JSON and written to it. */
import type { Json, JsonValue } from "./json.ts";

export function nullFromJson(json: JsonValue): null {
  return json.null();
}

export function booleanFromJson(json: JsonValue): boolean {
  return json.boolean();
}

export function numberFromJson(json: JsonValue): number {
  return json.number();
}

/** One of the symbols of an enum. */
export function symbolFromJson<const Symbols extends readonly string[]>(
  json: JsonValue,
  symbols: Symbols,
): Symbols[number] {
  return json.symbol(symbols);
}

export function nullableFromJson<T>(json: JsonValue, read: (json: JsonValue) => T): T | null {
  return json.isNull() ? null : read(json);
}

export function nullableToJson<T>(value: T, write: (value: NonNullable<T>) => Json): Json {
  return value === null || value === undefined ? null : write(value);
}

export function arrayFromJson<T>(json: JsonValue, read: (item: JsonValue) => T): T[] {
  return json.array(read);
}

export function arrayToJson<T>(values: readonly T[], write: (value: T) => Json): Json {
  return values.map((value) => write(value));
}

/** A map without a prototype: every name is plain data. */
export function mapFromJson<T>(json: JsonValue, read: (member: JsonValue) => T): Record<string, T> {
  return json.map(read);
}

export function mapToJson<T>(map: Readonly<Record<string, T>>, write: (value: T) => Json): Json {
  const json: Record<string, Json> = Object.create(null);
  for (const [name, value] of Object.entries(map)) json[name] = write(value);
  return json;
}
