import { decimalBytes, decimalUnscaled } from "./decimal.ts";
import { failDepth, failValue } from "./fail.ts";
import { depthMax } from "./limits.ts";
import type { Duration } from "./reader.ts";
import { putBareText, putText, putUuid } from "./text.ts";
import {
  localDateDays,
  localTimestampMicros,
  localTimestampMillis,
  timeMicrosMax,
  timeMillisMax,
} from "./time.ts";
import { putLong, putSafeLong, putVarint } from "./varint.ts";

/**
 * Appends Avro's binary encoding to a buffer that it owns and lets grow. Each method checks its value
 * and throws SG5010; the bytes written before stay, so whoever catches calls `truncate`.
 */
export class Writer {
  /** Replaced when it grows: do not keep it over a write. */
  bytes: Buffer;
  /** The number of bytes written. */
  position = 0;
  view: DataView;
  #depth = 0;

  constructor(sizeBytes: number = 1024) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
    this.view = viewOf(this.bytes);
  }

  /** Makes room for `count` more bytes. */
  need(count: number): void {
    if (this.position + count > this.bytes.length) this.#grow(count);
  }

  /** Forgets what was written from `position` on. */
  truncate(position: number): void {
    this.position = position;
    this.#depth = 0;
  }

  /** What was written, as a view that the next write may change. */
  written(): Buffer {
    return this.bytes.subarray(0, this.position);
  }

  /** Appends bytes as they are. */
  append(bytes: Uint8Array): void {
    const { length } = bytes;
    this.need(length);
    // A call of `set` costs as much as forty bytes one by one.
    if (length > 40) this.bytes.set(bytes, this.position);
    else {
      for (let index = 0; index < length; index++) {
        this.bytes[this.position + index] = bytes[index] as number;
      }
    }
    this.position += length;
  }

  boolean(value: boolean): void {
    if (typeof value !== "boolean") failValue(value, "a boolean");
    this.need(1);
    this.bytes[this.position++] = value ? 1 : 0;
  }

  int(value: number): void {
    if ((value | 0) !== value) failValue(value, "a whole number of 32 bits");
    this.varint((value << 1) ^ (value >> 31));
  }

  /** A long given as a number. */
  safeLong(value: number): void {
    if ((value | 0) === value) {
      this.varint((value << 1) ^ (value >> 31));
      return;
    }
    if (!Number.isSafeInteger(value)) {
      failValue(value, "a whole number of at most 2^53 - 1 in size");
    }
    this.need(10);
    this.position = putSafeLong(this.bytes, this.position, value);
  }

  long(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      failValue(value, "a bigint of 64 bits");
    }
    this.need(10);
    this.position = putLong(this.bytes, this.position, value);
  }

  float(value: number): void {
    if (typeof value !== "number") failValue(value, "a number");
    this.need(4);
    this.view.setFloat32(this.position, value, true);
    this.position += 4;
  }

  double(value: number): void {
    if (typeof value !== "number") failValue(value, "a number");
    this.need(8);
    this.view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  string(value: string): void {
    if (typeof value !== "string") failValue(value, "a string");
    this.need(value.length * 3 + 5);
    this.position = putText(this.bytes, this.position, value);
  }

  /** A string's bytes without their length. */
  bareText(value: string): void {
    if (typeof value !== "string") failValue(value, "a string");
    this.need(value.length * 3);
    this.position = putBareText(this.bytes, this.position, value);
  }

  bytesValue(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) failValue(value, "a Uint8Array");
    this.int(value.length);
    this.append(value);
  }

  fixed(value: Uint8Array, size: number): void {
    if (!(value instanceof Uint8Array) || value.length !== size) failValue(value, `${size} bytes`);
    this.append(value);
  }

  uuid(value: string): void {
    this.need(37);
    const end = typeof value === "string" ? putUuid(this.bytes, this.position, value) : -1;
    if (end < 0) failValue(value, "a UUID, in the form 8-4-4-4-12");
    this.position = end;
  }

  decimal(value: string, precision: number, scale: number): void {
    this.bytesValue(decimalBytes(decimalUnscaled(value, precision, scale)));
  }

  localDate(value: string): void {
    this.int(localDateDays(value) ?? failValue(value, 'a date such as "2026-11-21"'));
  }

  timeMillis(value: number): void {
    if (!(value >= 0 && value < timeMillisMax)) failValue(value, "milliseconds after midnight");
    this.int(value);
  }

  timeMicros(value: bigint): void {
    if (!(value >= 0n && value < timeMicrosMax)) failValue(value, "microseconds after midnight");
    this.long(value);
  }

  date(value: Date): void {
    const millis = value instanceof Date ? value.getTime() : Number.NaN;
    if (Number.isNaN(millis)) failValue(value, "a valid Date");
    this.safeLong(millis);
  }

  localTimestampMillis(value: string): void {
    const millis = localTimestampMillis(value);
    this.safeLong(millis ?? failValue(value, 'a time such as "2026-11-21T09:30:00.000"'));
  }

  localTimestampMicros(value: string): void {
    const micros = localTimestampMicros(value);
    this.long(micros ?? failValue(value, 'a time such as "2026-11-21T09:30:00.000000"'));
  }

  duration(value: Duration): void {
    this.need(12);
    this.#uint32(value.months);
    this.#uint32(value.days);
    this.#uint32(value.millis);
  }

  /** A symbol of an enum, given in schema order. */
  symbol<const Symbols extends readonly string[]>(symbols: Symbols, value: Symbols[number]): void {
    let index = 0;
    while (index < symbols.length && symbols[index] !== value) index += 1;
    if (index === symbols.length)
      failValue(value, `one of ${symbols.map((one) => `"${one}"`).join(", ")}`);
    this.varint(index << 1);
  }

  /** The index of a union's branch. */
  branch(index: number): void {
    this.varint(index << 1);
  }

  /** The branch of a union of null and one other type; the value follows where this is true. */
  present<T>(value: T): value is NonNullable<T> {
    const isPresent = value !== null && value !== undefined;
    this.varint(isPresent ? 2 : 0);
    return isPresent;
  }

  /** The same where null is the second branch. */
  presentFirst<T>(value: T): value is NonNullable<T> {
    const isPresent = value !== null && value !== undefined;
    this.varint(isPresent ? 0 : 2);
    return isPresent;
  }

  /** The number of items of an array or map; they follow, then `end`. */
  block(count: number): void {
    if (count > 0) this.int(count);
  }

  /** Ends an array or map. */
  end(): void {
    this.need(1);
    this.bytes[this.position++] = 0;
  }

  /** Enters a record that may hold itself. Paired with `leave`. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > depthMax) failDepth(depthMax);
  }

  leave(): void {
    this.#depth -= 1;
  }

  varint(zigzag: number): void {
    this.need(5);
    if (zigzag >>> 0 < 128) {
      this.bytes[this.position++] = zigzag;
      return;
    }
    this.position = putVarint(this.bytes, this.position, zigzag);
  }

  #uint32(value: number): void {
    if (value >>> 0 !== value) failValue(value, "a whole number from 0 to 2^32 - 1");
    this.view.setUint32(this.position, value, true);
    this.position += 4;
  }

  #grow(count: number): void {
    const size = Math.max(this.bytes.length * 2, this.position + count);
    const bytes = Buffer.allocUnsafeSlow(size);
    this.bytes.copy(bytes, 0, 0, this.position);
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
