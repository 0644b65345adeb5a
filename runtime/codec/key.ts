/**
 * Keys as bytes. Topics and tables share one encoding, which is Java's, so that other clients route
 * the same key to the same partition: text is UTF-8, whole numbers are big endian. Stores keep keys in
 * the order of their bytes, so numbers have a second form there, which sorts as they do.
 */
import { isUtf8 } from "node:buffer";
import type { Codec } from "./codec.ts";
import { failForm, failTrailing, failValue } from "./fail.ts";
import type { JsonForm } from "./json-form.ts";
import type { Reader } from "./reader.ts";
import {
  booleanCodec,
  bytesCodec,
  dateCodec,
  doubleCodec,
  intCodec,
  localDateCodec,
  longCodec,
  safeLongCodec,
  stringCodec,
  uuidCodec,
} from "./scalars.ts";
import { bitsDouble, bitsOfSortable, doubleBits, sortableBits } from "./sortable-bits.ts";
import { localDateDays, localDateText } from "./time.ts";
import type { Writer } from "./writer.ts";

export interface KeyCodec<K> {
  /** Whether topics have no key at all: `null` in place of bytes. */
  readonly isNull: boolean;
  /**
   * What the order of the bytes that `writeOrdered` gives means, where it is not simply the order of
   * keys: `text` has prefixes, too, and `none` means nothing.
   */
  readonly order?: "text" | "none";
  /** Appends the key as topics hold it. Throws SG5010 where the value is no key of this type. */
  write(writer: Writer, key: K): void;
  /** Reads a key that fills the reader's range. Throws SG5xxx. */
  read(reader: Reader): K;
  /** Appends the key as stores hold it: bytes compare as keys do. */
  writeOrdered(writer: Writer, key: K): void;
  /** The inverse of `writeOrdered`, for a key that fills the reader's range. */
  readOrdered(reader: Reader): K;
  /** The key in files of JSON lines. */
  readonly jsonForm: JsonForm<K>;
}

/** For topics without keys. */
export const nullKey: KeyCodec<null> = {
  isNull: true,
  write: () => undefined,
  read: () => null,
  writeOrdered: () => undefined,
  readOrdered: () => null,
  jsonForm: { toJson: () => null, fromJson: (json) => json.null() },
};

export const stringKey: KeyCodec<string> = textKey(stringCodec, (key) => {
  if (typeof key !== "string") failValue(key, "a string");
});

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Written as it is: the case of its letters belongs to the key. */
export const uuidKey: KeyCodec<string> = textKey(uuidCodec, (key) => {
  if (typeof key !== "string" || !uuidForm.test(key)) {
    failValue(key, "a UUID, in the form 8-4-4-4-12");
  }
});

/** As text, whose bytes are in the order of the days from the year 0 to 9999. */
export const localDateKey: KeyCodec<LocalDateText> = sortedText(
  localDateCodec,
  (writer, key) => {
    if (localDateDays(key) === undefined) failValue(key, dateForm);
    writer.bareText(key);
  },
  (reader) => {
    const start = reader.position;
    const days = localDateDays(readBareText(reader));
    return (
      (days === undefined ? undefined : localDateText(days)) ?? failForm(reader, start, dateForm)
    );
  },
);

type LocalDateText = `${number}-${number}-${number}`;
const dateForm = 'a date such as "2026-11-21"';

/** One of the symbols of an enum, as text. */
export function enumKey<const Symbols extends readonly string[]>(
  symbols: Symbols,
): KeyCodec<Symbols[number]> {
  const expected = `one of ${symbols.map((symbol) => `"${symbol}"`).join(", ")}`;
  const write = (writer: Writer, key: Symbols[number]): void => {
    if (!symbols.includes(key)) failValue(key, expected);
    writer.bareText(key);
  };
  const read = (reader: Reader): Symbols[number] => {
    const start = reader.position;
    const text = readBareText(reader);
    return symbols.find((symbol) => symbol === text) ?? failForm(reader, start, expected);
  };
  const jsonForm: JsonForm<Symbols[number]> = {
    toJson: (key) => key,
    fromJson: (json) => json.symbol(symbols),
  };
  const order = "text";
  return { isNull: false, order, write, read, writeOrdered: write, readOrdered: read, jsonForm };
}

/** Four bytes. */
export const intKey: KeyCodec<number> = {
  isNull: false,
  write: (writer, key) => putInt(writer, key, 0),
  read: (reader) => takeInt(reader, 0),
  writeOrdered: (writer, key) => putInt(writer, key, signBit),
  readOrdered: (reader) => takeInt(reader, signBit),
  jsonForm: intCodec,
};

/** Eight bytes, as a bigint. */
export const longKey: KeyCodec<bigint> = {
  isNull: false,
  write: (writer, key) => putLong(writer, key, 0n),
  read: (reader) => takeLong(reader, 0n),
  writeOrdered: (writer, key) => putLong(writer, key, longSignBit),
  readOrdered: (reader) => takeLong(reader, longSignBit),
  jsonForm: longCodec,
};

/** Eight bytes, as a number: a `SafeLong` or milliseconds. */
export const safeLongKey: KeyCodec<number> = {
  isNull: false,
  write: (writer, key) => putLong(writer, wholeNumber(key), 0n),
  read: (reader) => safeNumber(reader, takeLong(reader, 0n)),
  writeOrdered: (writer, key) => putLong(writer, wholeNumber(key), longSignBit),
  readOrdered: (reader) => safeNumber(reader, takeLong(reader, longSignBit)),
  jsonForm: safeLongCodec,
};

/** Eight bytes: the milliseconds. */
export const dateKey: KeyCodec<Date> = {
  isNull: false,
  write: (writer, key) => safeLongKey.write(writer, dateMillis(key)),
  read: (reader) => validDate(reader, safeLongKey.read(reader)),
  writeOrdered: (writer, key) => safeLongKey.writeOrdered(writer, dateMillis(key)),
  readOrdered: (reader) => validDate(reader, safeLongKey.readOrdered(reader)),
  jsonForm: dateCodec,
};

/** Eight bytes. All NaNs are one key, and so are 0 and -0. */
export const doubleKey: KeyCodec<number> = {
  isNull: false,
  write: (writer, key) => putLong(writer, doubleBits(key), 0n),
  read: (reader) => bitsDouble(takeLong(reader, 0n)),
  writeOrdered: (writer, key) => putLong(writer, sortableBits(doubleBits(key)), 0n),
  readOrdered: (reader) => bitsDouble(bitsOfSortable(takeLong(reader, 0n))),
  jsonForm: doubleCodec,
};

/** One byte, 0 or 1. */
export const booleanKey: KeyCodec<boolean> = simpleKey(
  booleanCodec,
  (writer, key) => writer.boolean(key),
  (reader) => reader.boolean(),
);

/** The bytes themselves. What is read is a copy. */
export const bytesKey: KeyCodec<Uint8Array> = simpleKey(
  bytesCodec,
  (writer, key) => {
    if (!(key instanceof Uint8Array)) failValue(key, "a Uint8Array");
    writer.append(key);
  },
  (reader) => reader.fixed(reader.end - reader.position),
);

/** A record as bare Avro. Stores do not sort such keys in any useful order. */
export function recordKey<K>(codec: Codec<K>): KeyCodec<K> {
  const key = simpleKey(
    codec,
    (writer, value: K) => codec.write(writer, value),
    (reader) => codec.read(reader),
  );
  return { ...key, order: "none" };
}

const signBit = -0x80000000;
const longSignBit = -0x8000000000000000n;

function textKey(jsonForm: JsonForm<string>, check: (key: string) => void): KeyCodec<string> {
  const write = (writer: Writer, key: string): void => {
    check(key);
    writer.bareText(key);
  };
  return sortedText(jsonForm, write, readBareText);
}

function sortedText<K extends string>(
  jsonForm: JsonForm<K>,
  write: (writer: Writer, key: K) => void,
  read: (reader: Reader) => K,
): KeyCodec<K> {
  return { ...simpleKey(jsonForm, write, read), order: "text" };
}

/** A key whose bytes are the same in stores. */
function simpleKey<K>(
  jsonForm: JsonForm<K>,
  write: (writer: Writer, key: K) => void,
  readValue: (reader: Reader) => K,
): KeyCodec<K> {
  const read = (reader: Reader): K => {
    const key = readValue(reader);
    if (reader.position !== reader.end) failTrailing(reader);
    return key;
  };
  return { isNull: false, write, read, writeOrdered: write, readOrdered: read, jsonForm };
}

/** The rest of the range as text. Other than in values, bytes that are no UTF-8 are an error. */
function readBareText(reader: Reader): string {
  const { bytes, position, end } = reader;
  const text = reader.text(end - position);
  const isAscii = text.length === end - position && !text.includes("\ufffd");
  if (!isAscii && !isUtf8(bytes.subarray(position, end))) {
    failForm(reader, position, "UTF-8");
  }
  return text;
}

function putInt(writer: Writer, key: number, flip: number): void {
  if ((key | 0) !== key) failValue(key, "a whole number of 32 bits");
  writer.need(4);
  writer.position = writer.bytes.writeInt32BE(key ^ flip, writer.position);
}

function takeInt(reader: Reader, flip: number): number {
  checkSize(reader, 4);
  return reader.bytes.readInt32BE(reader.position - 4) ^ flip;
}

function putLong(writer: Writer, key: bigint, flip: bigint): void {
  if (typeof key !== "bigint" || BigInt.asIntN(64, key) !== key) {
    failValue(key, "a bigint of 64 bits");
  }
  writer.need(8);
  writer.position = writer.bytes.writeBigInt64BE(key ^ flip, writer.position);
}

function takeLong(reader: Reader, flip: bigint): bigint {
  checkSize(reader, 8);
  return reader.bytes.readBigInt64BE(reader.position - 8) ^ flip;
}

/** Moves to the end of a range that must have this size. */
function checkSize(reader: Reader, size: number): void {
  if (reader.end - reader.position !== size) {
    failForm(reader, reader.position, `a key of ${size} bytes`);
  }
  reader.position = reader.end;
}

function wholeNumber(key: number): bigint {
  return Number.isSafeInteger(key)
    ? BigInt(key)
    : failValue(key, "a whole number of at most 2^53 - 1 in size");
}

function safeNumber(reader: Reader, key: bigint): number {
  const number = Number(key);
  return Number.isSafeInteger(number)
    ? number
    : failForm(reader, reader.position - 8, "a number of at most 2^53 - 1 in size");
}

function dateMillis(key: Date): number {
  const millis = key instanceof Date ? key.getTime() : Number.NaN;
  return Number.isNaN(millis) ? failValue(key, "a valid Date") : millis;
}

function validDate(reader: Reader, millis: number): Date {
  const date = new Date(millis);
  return Number.isNaN(date.getTime())
    ? failForm(reader, reader.position - 8, "a time of a Date")
    : date;
}
