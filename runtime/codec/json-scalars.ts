/**
 * The JSON forms of the scalars that JSON has no type for, both ways (`docs/json.md`). What is read is
 * checked as strictly as what is written in Avro.
 */
import { decimalUnscaled, formatDecimal } from "./decimal.ts";
import { failValue } from "./fail.ts";
import type { Json, JsonValue } from "./json.ts";
import { isWellFormed } from "./native.ts";
import type { Duration } from "./reader.ts";
import {
  localDateDays,
  localTimestampMicros,
  localTimestampMillis,
  timeMicrosMax,
  timeMillisMax,
  timestampMax,
} from "./time.ts";

/** A double or float: a number, or the text of one that JSON has no number for. */
export function numberToJson(value: number): Json {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The same in a union, where text would be another branch. */
export function numberToUnionJson(value: number): Json {
  const json = numberToJson(value);
  return typeof json === "string" ? { $number: json } : json;
}

export function floatFromJson(json: JsonValue): number {
  return Math.fround(json.number());
}

export function textFromJson(json: JsonValue): string {
  const text = json.string();
  return isWellFormed(text) ? text : json.fail("text without lone surrogates");
}

export function intFromJson(json: JsonValue): number {
  const { value } = json;
  return typeof value === "number" && (value | 0) === value
    ? value
    : json.fail("a whole number of 32 bits");
}

export function safeLongFromJson(json: JsonValue): number {
  const { value } = json;
  return typeof value === "number" && Number.isSafeInteger(value)
    ? value
    : json.fail("a whole number of at most 2^53 - 1 in size");
}

export function longToJson(value: bigint): Json {
  return value.toString();
}

/** A decimal string, or a number that is exact. */
export function longFromJson(json: JsonValue): bigint {
  const { value } = json;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === "string" && /^-?\d{1,19}$/.test(value)) {
    const long = BigInt(value);
    if (BigInt.asIntN(64, long) === long) return long;
  }
  return json.fail("a whole number of 64 bits, as text");
}

export function bytesToJson(value: Uint8Array): Json {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}

const base64Form = /^(?:[\w+/-]{4})*(?:[\w+/-]{2}(?:==)?|[\w+/-]{3}=?)?$/;

/** Base64, with or without padding, of either alphabet. */
export function bytesFromJson(json: JsonValue): Uint8Array {
  const text = json.string();
  if (!base64Form.test(text)) json.fail("bytes in base64");
  return new Uint8Array(Buffer.from(text, "base64"));
}

export function fixedFromJson(json: JsonValue, size: number): Uint8Array {
  const bytes = bytesFromJson(json);
  return bytes.length === size ? bytes : json.fail(`${size} bytes in base64`);
}

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function uuidFromJson(json: JsonValue): string {
  const text = json.string();
  return uuidForm.test(text) ? text : json.fail("a UUID, in the form 8-4-4-4-12");
}

/** Text, or a number that says the same. Gives `scale` digits behind the point. */
export function decimalFromJson(json: JsonValue, precision: number, scale: number): `${number}` {
  const text = typeof json.value === "number" ? String(json.value) : json.string();
  try {
    return formatDecimal(decimalUnscaled(text, precision, scale), scale);
  } catch {
    return json.fail(`a decimal of ${precision} digits, ${scale} of them after the point`);
  }
}

export function localDateFromJson(json: JsonValue): `${number}-${number}-${number}` {
  const text = json.string();
  if (localDateDays(text) === undefined) json.fail('a date such as "2026-11-21"');
  // The form was checked; a template type cannot be computed.
  return text as `${number}-${number}-${number}`;
}

export function timeMillisFromJson(json: JsonValue): number {
  const millis = intFromJson(json);
  return millis >= 0 && millis < timeMillisMax ? millis : json.fail("milliseconds after midnight");
}

export function timeMicrosFromJson(json: JsonValue): bigint {
  const micros = longFromJson(json);
  return micros >= 0n && micros < timeMicrosMax
    ? micros
    : json.fail("microseconds after midnight, as text");
}

export function dateToJson(value: Date): Json {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) failValue(value, "a valid Date");
  return value.toISOString();
}

const dateForm =
  /^(?:\d{4}|[+-]\d{6})-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** ISO 8601 with a zone, or milliseconds since the epoch. */
export function dateFromJson(json: JsonValue): Date {
  const { value } = json;
  if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= timestampMax) {
    return new Date(value);
  }
  const date = new Date(typeof value === "string" && dateForm.test(value) ? value : Number.NaN);
  return Number.isNaN(date.getTime())
    ? json.fail('a time such as "2026-11-21T09:30:00.000Z", or milliseconds')
    : date;
}

export function localTimestampMillisFromJson(json: JsonValue): string {
  const text = json.string();
  return localTimestampMillis(text) === undefined
    ? json.fail('a time such as "2026-11-21T09:30:00.000", without a zone')
    : text;
}

export function localTimestampMicrosFromJson(json: JsonValue): string {
  const text = json.string();
  return localTimestampMicros(text) === undefined
    ? json.fail('a time such as "2026-11-21T09:30:00.000000", without a zone')
    : text;
}

export function durationToJson({ months, days, millis }: Duration): Json {
  return { months, days, millis };
}

export function durationFromJson(json: JsonValue): Duration {
  const parts = json.record(["months", "days", "millis"]);
  return {
    months: uint32FromJson(parts.field("months")),
    days: uint32FromJson(parts.field("days")),
    millis: uint32FromJson(parts.field("millis")),
  };
}

function uint32FromJson(json: JsonValue): number {
  const { value } = json;
  return typeof value === "number" && value >>> 0 === value
    ? value
    : json.fail("a whole number from 0 to 2^32 - 1");
}
