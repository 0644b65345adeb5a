/**
 * Avro's numbers of variable length: seven bits a byte, lowest first, the high bit says that more
 * follow; signed numbers are zigzag coded. `Reader` and `Writer` handle one byte themselves and come
 * here for the rest. Where it says `as number`, the index is inside the
 * buffer, or what it gives is thrown away; the compiler cannot know.
 */
import { failRange, failTruncated } from "./fail.ts";
import type { Reader } from "./reader.ts";

const notInt = "a number of 32 bits";
const notSafe = "a whole number of at most 2^53 - 1 in size";
const notLong = "a number of 64 bits";

/** Two to the 27th: what the low part of a zigzag number counts up to, 28 bits with the sign. */
const lowSpan = 0x8000000;

/** An int of any length. */
export function readInt(reader: Reader): number {
  const { bytes, end } = reader;
  let { position } = reader;
  let bits = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (position >= end) failTruncated(reader);
    const byte = bytes[position++] as number;
    bits |= (byte & 127) << shift;
    if (byte < 128) {
      if (shift === 28 && byte > 15) break;
      reader.position = position;
      return (bits >>> 1) ^ -(bits & 1);
    }
  }
  return failRange(reader, reader.position, notInt);
}

/** A long of any length, as a number. Throws where a number would not be exact. */
export function readSafeLong(reader: Reader): number {
  const { bytes, view, end } = reader;
  let { position } = reader;
  let byte = 128;
  let low = 0;
  // Four bytes at once where all of them say that more follow, as in the times of this century.
  const word = end - position > 3 ? view.getInt32(position, true) : 0;
  if ((word & 0x80808080) === highBits) {
    low =
      (word & 0x7f) | ((word >> 1) & 0x3f80) | ((word >> 2) & 0x1fc000) | ((word >> 3) & 0xfe00000);
    position += 4;
  } else {
    for (let shift = 0; byte > 127 && shift < 28; shift += 7) {
      if (position >= end) failTruncated(reader);
      byte = bytes[position++] as number;
      low |= (byte & 127) << shift;
    }
  }
  let high = 0;
  for (let unit = 1; byte > 127; unit *= 128) {
    if (position >= end) failTruncated(reader);
    byte = bytes[position++] as number;
    high += (byte & 127) * unit;
    if (position - reader.position > 9) failRange(reader, reader.position, notSafe);
  }
  if (high === 0) {
    reader.position = position;
    return (low >>> 1) ^ -(low & 1);
  }
  return wholeNumber(reader, position, high, low);
}

const highBits = 0x80808080 | 0;

/** The number of a zigzag coded one of which `low` is the first 28 bits. */
function wholeNumber(reader: Reader, position: number, high: number, low: number): number {
  const size = high * lowSpan + (low >>> 1);
  const isNegative = (low & 1) === 1;
  if (size > Number.MAX_SAFE_INTEGER || (isNegative && size === Number.MAX_SAFE_INTEGER)) {
    failRange(reader, reader.position, notSafe);
  }
  reader.position = position;
  return isNegative ? -size - 1 : size;
}

/** A long of any length. */
export function readLong(reader: Reader): bigint {
  const start = reader.position;
  const length = longLength(reader);
  // Five bytes at a time stay exact in a number: 35 bits each.
  let value = 0n;
  for (let from = 0; from < length; from += 5) {
    let part = 0;
    for (let index = Math.min(from + 5, length) - 1; index >= from; index--) {
      part = part * 128 + ((reader.bytes[start + index] as number) & 127);
    }
    value |= BigInt(part) << BigInt(from * 7);
  }
  reader.position = start + length;
  return (value >> 1n) ^ -(value & 1n);
}

/** Walks over a long of any length. */
export function skipLong(reader: Reader): void {
  reader.position += longLength(reader);
}

function longLength(reader: Reader): number {
  const { bytes, position, end } = reader;
  for (let length = 1; length <= 10; length++) {
    if (position + length > end) failTruncated(reader);
    const byte = bytes[position + length - 1] as number;
    if (byte < 128) {
      if (length === 10 && byte > 1) break;
      return length;
    }
  }
  return failRange(reader, position, notLong);
}

/** Writes a zigzag coded number of 32 bits; five bytes must be free. Gives the position behind it. */
export function putVarint(bytes: Uint8Array, at: number, zigzag: number): number {
  let position = at;
  let rest = zigzag;
  while (rest >>> 0 > 127) {
    bytes[position++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}

/** Writes a long that is a safe integer; ten bytes must be free. */
export function putSafeLong(bytes: Uint8Array, at: number, value: number): number {
  const size = value < 0 ? -(value + 1) : value;
  let high = Math.floor(size / lowSpan);
  let low = ((size - high * lowSpan) << 1) | (value < 0 ? 1 : 0);
  if (high === 0) return putVarint(bytes, at, low);
  let position = at;
  for (const end = at + 4; position < end; position++) {
    bytes[position] = (low & 127) | 128;
    low >>>= 7;
  }
  while (high > 127) {
    bytes[position++] = (high & 127) | 128;
    high >>>= 7;
  }
  bytes[position++] = high;
  return position;
}

/** Writes a long of 64 bits; ten bytes must be free. */
export function putLong(bytes: Uint8Array, at: number, value: bigint): number {
  const zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  let low = Number(zigzag & 0xfffffffn);
  let high = Number(zigzag >> 28n);
  if (high === 0) return putVarint(bytes, at, low);
  let position = at;
  for (const end = at + 4; position < end; position++) {
    bytes[position] = (low & 127) | 128;
    low >>>= 7;
  }
  // 36 bits: more than bit operators can hold.
  while (high > 127) {
    bytes[position++] = (high % 128) | 128;
    high = Math.floor(high / 128);
  }
  bytes[position++] = high;
  return position;
}
