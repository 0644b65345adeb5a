import type { JsonForm } from "../../codec/json-form.ts";
import type { KeyCodec } from "../../codec/key.ts";
import type { Reader } from "../../codec/reader.ts";
import type { Writer } from "../../codec/writer.ts";
import type { KeyRange } from "../key-range.ts";

/**
 * Where rows of windows are in their table: time first, so that what has expired is one range.
 *
 *     row  ::= start:i64be with its sign bit flipped, key
 *     mark ::= 00
 *
 * The mark says how far windows are closed. It is before every row, and shorter than any.
 */
export const timeBytes = 8;
const signBit = 0x8000_0000;
const word = 0x1_0000_0000;

export const markKey: Buffer = Buffer.from([0]);
/** Before every row, and behind the mark. */
export const firstRowKey: Buffer = Buffer.from([0, 0]);

/** Every row, without the mark. */
export const allRows: KeyRange = { from: firstRowKey };

export const isMark = (key: Uint8Array): boolean => key.length === markKey.length;

/** The least key that a row of this window, or of a later one, may have. */
export function windowPrefix(start: number): Buffer {
  const prefix = Buffer.allocUnsafe(timeBytes);
  putTime(prefix, 0, start);
  return prefix;
}

/** The rows of one window. */
export const windowRange = (start: number): KeyRange => ({
  from: windowPrefix(start),
  to: windowPrefix(start + 1),
});

/** The window that a row is of. */
export const startOf = (key: Buffer): number => timeAt(key, 0);

/** The window of the first of these rows. */
export function firstStart(
  rows: Iterator<readonly [key: Buffer, value: Buffer]>,
): number | undefined {
  const first = rows.next();
  return first.done === true ? undefined : startOf(first.value[0]);
}

/** The key's own part of a row's key. */
export const ownKey = (key: Buffer): Buffer => key.subarray(timeBytes);

/** A time in eight bytes that sort as times do. */
export function putTime(bytes: Buffer, at: number, time: number): void {
  const high = Math.floor(time / word);
  bytes.writeUInt32BE((high ^ signBit) >>> 0, at);
  bytes.writeUInt32BE(time - high * word, at + 4);
}

export function timeAt(bytes: Buffer, at: number): number {
  const high = (bytes.readUInt32BE(at) ^ signBit) | 0;
  return high * word + bytes.readUInt32BE(at + 4);
}

/** A table's keys within one window at a time: that of `start`. */
export class WindowKey<K> implements KeyCodec<K> {
  readonly isNull = false;
  readonly jsonForm: JsonForm<K>;
  start = 0;
  readonly #key: KeyCodec<K>;

  constructor(key: KeyCodec<K>) {
    this.#key = key;
    this.jsonForm = key.jsonForm;
  }

  write(writer: Writer, key: K): void {
    this.#key.write(writer, key);
  }

  read(reader: Reader): K {
    return this.#key.read(reader);
  }

  writeOrdered(writer: Writer, key: K): void {
    writer.need(timeBytes);
    putTime(writer.bytes, writer.position, this.start);
    writer.position += timeBytes;
    this.#key.writeOrdered(writer, key);
  }

  readOrdered(reader: Reader): K {
    reader.position += timeBytes;
    return this.#key.readOrdered(reader);
  }
}
