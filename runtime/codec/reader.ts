import { decimalText } from "./decimal.ts";
import { failDepth, failIndex, failLength, failRange, failTruncated } from "./fail.ts";
import { KeyCache } from "./key-cache.ts";
import { depthMax, emptyItemsMax } from "./limits.ts";
import { readText } from "./text.ts";
import {
  localDateText,
  localTimestampMicrosText,
  localTimestampMillisText,
  timeMicrosMax,
  timeMillisMax,
  timestampMax,
} from "./time.ts";
import { readInt, readLong, readSafeLong, skipLong } from "./varint.ts";

/** Three unsigned numbers of 32 bits, as Avro's duration. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly millis: number;
}

/**
 * Reads Avro's binary encoding from a range of a buffer. No method reads at or behind `end`, and none
 * allocates more than the bytes that are left can fill. After a throw the position is anywhere inside
 * the range. Where it says `as number`, the index was compared with `end`.
 */
export class Reader {
  bytes: Buffer = Buffer.alloc(0);
  /** Where the next value starts. */
  position = 0;
  /** The index behind the last byte that may be read. */
  end = 0;
  /** Where the range starts; errors count bytes from here. */
  start = 0;
  /** The same bytes. */
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly #keys: KeyCache = new KeyCache();
  /** The same bytes without Buffer's own `slice`, which does not copy. */
  #plain: Uint8Array = new Uint8Array(0);
  #depth = 0;
  #emptyItems = 0;

  /** Moves to a range of a buffer. The buffer is not copied, and what is read does not refer to it. */
  reset(buffer: Buffer, start: number, end: number): void {
    if (buffer !== this.bytes) {
      this.bytes = buffer;
      this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
      this.#plain = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    }
    this.start = start;
    this.position = start;
    this.end = end;
    this.#depth = 0;
    this.#emptyItems = 0;
  }

  boolean(): boolean {
    const at = this.#take(1);
    const byte = this.bytes[at];
    return byte === 1 || (byte !== 0 && failIndex(this, at, "a boolean, 0 or 1"));
  }

  int(): number {
    const { position } = this;
    if (position < this.end) {
      const byte = this.bytes[position] as number;
      if (byte < 128) {
        this.position = position + 1;
        return (byte >>> 1) ^ -(byte & 1);
      }
    }
    return readInt(this);
  }

  /** A long as a number; throws beyond 2^53 - 1. */
  safeLong(): number {
    const { position } = this;
    if (position < this.end) {
      const byte = this.bytes[position] as number;
      if (byte < 128) {
        this.position = position + 1;
        return (byte >>> 1) ^ -(byte & 1);
      }
    }
    return readSafeLong(this);
  }

  long(): bigint {
    return readLong(this);
  }

  float(): number {
    return this.view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.view.getFloat64(this.#take(8), true);
  }

  string(): string {
    const length = this.#length();
    return readText(this.bytes, this.view, this.#take(length), length);
  }

  /** The next `length` bytes as text. */
  text(length: number): string {
    return readText(this.bytes, this.view, this.#take(length), length);
  }

  /** A map's key. Keys that come again are the same string, which is what objects want. */
  key(): string {
    const length = this.#length();
    return this.#keys.read(this.bytes, this.view, this.#take(length), length);
  }

  /** A copy. */
  bytesValue(): Uint8Array {
    return this.fixed(this.#length());
  }

  /** A copy of the next `size` bytes. */
  fixed(size: number): Uint8Array {
    const from = this.#take(size);
    return this.#plain.slice(from, from + size);
  }

  uuid(): string {
    return this.string();
  }

  decimal(precision: number, scale: number): `${number}` {
    const at = this.position;
    const length = this.#length();
    const from = this.#take(length);
    return decimalText(this, at, this.bytes.subarray(from, from + length), precision, scale);
  }

  localDate(): `${number}-${number}-${number}` {
    const at = this.position;
    return localDateText(this.int()) ?? failRange(this, at, "a date of the years 0 to 9999");
  }

  timeMillis(): number {
    const at = this.position;
    const millis = this.int();
    if (millis < 0 || millis >= timeMillisMax) failRange(this, at, "a time of day in milliseconds");
    return millis;
  }

  timeMicros(): bigint {
    const at = this.position;
    const micros = readLong(this);
    if (micros < 0n || micros >= timeMicrosMax) {
      failRange(this, at, "a time of day in microseconds");
    }
    return micros;
  }

  date(): Date {
    return new Date(this.dateMillis());
  }

  /** The milliseconds of a `Date`, which has less room than a long. */
  dateMillis(): number {
    const at = this.position;
    const millis = this.safeLong();
    if (millis > timestampMax || millis < -timestampMax) failRange(this, at, "a time of a Date");
    return millis;
  }

  localTimestampMillis(): string {
    const at = this.position;
    const text = localTimestampMillisText(this.safeLong());
    return text ?? failRange(this, at, "a time of the years 0 to 9999");
  }

  localTimestampMicros(): string {
    const at = this.position;
    const text = localTimestampMicrosText(readLong(this));
    return text ?? failRange(this, at, "a time of the years 0 to 9999");
  }

  duration(): Duration {
    const from = this.#take(12);
    return {
      months: this.view.getUint32(from, true),
      days: this.view.getUint32(from + 4, true),
      millis: this.view.getUint32(from + 8, true),
    };
  }

  /** A symbol of an enum, given in schema order. */
  symbol<const Symbols extends readonly string[]>(symbols: Symbols): Symbols[number] {
    const at = this.position;
    return symbols[this.int()] ?? failIndex(this, at, `one of ${symbols.length} symbols`);
  }

  /** The index of a union's branch, below `count`. */
  branch(count: number): number {
    const at = this.position;
    const index = this.int();
    if (index < 0 || index >= count) failIndex(this, at, `one of ${count} branches`);
    return index;
  }

  /** Whether a value follows, where the union is null and one other type. */
  present(): boolean {
    return this.branch(2) === 1;
  }

  /** The same where null is the second branch. */
  presentFirst(): boolean {
    return this.branch(2) === 0;
  }

  /**
   * The number of items in the next block of an array or map; 0 ends it. `itemSize` is the smallest
   * number of bytes that an item takes.
   */
  block(itemSize: number): number {
    const at = this.position;
    const count = this.safeLong();
    if (count === 0) return 0;
    return count > 0 ? this.#items(at, count, itemSize) : this.#sizedBlock(at, -count, itemSize);
  }

  /** Enters a record that may hold itself. Paired with `leave`. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > depthMax) failDepth(depthMax);
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** Walks over a string, or bytes. */
  skipBytes(): void {
    this.#take(this.#length());
  }

  skip(size: number): void {
    this.#take(size);
  }

  skipLong(): void {
    skipLong(this);
  }

  #sizedBlock(at: number, count: number, itemSize: number): number {
    const size = this.safeLong();
    if (size < 0 || size > this.end - this.position) {
      failLength(this, at, "a block size within the value");
    }
    return this.#items(at, count, itemSize);
  }

  #items(at: number, count: number, itemSize: number): number {
    if (itemSize > 0) {
      if (count > (this.end - this.position) / itemSize) {
        failLength(this, at, "no more items than there are bytes for");
      }
      return count;
    }
    this.#emptyItems += count;
    if (this.#emptyItems > emptyItemsMax) {
      failLength(this, at, `at most ${emptyItemsMax} items that take no bytes`);
    }
    return count;
  }

  #length(): number {
    const at = this.position;
    const length = this.int();
    if (length < 0) failLength(this, at, "a length of 0 or more");
    return length;
  }

  /** Moves over `size` bytes and gives the index of the first. */
  #take(size: number): number {
    const { position } = this;
    if (size > this.end - position) failTruncated(this);
    this.position = position + size;
    return position;
  }
}
