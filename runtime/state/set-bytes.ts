import type { KeyCodec } from "../codec/key.ts";
import { Reader } from "../codec/reader.ts";
import { Writer } from "../codec/writer.ts";
import { StreamgenError } from "../errors.ts";
import { type KeyRange, keysBeginningWith } from "./key-range.ts";

/** How the rows of a set table are written. */
export interface SetCodec<K, E> {
  readonly name: string;
  readonly key: KeyCodec<K>;
  readonly element: KeyCodec<E>;
}

/** What fits into a changelog record as Kafka takes it unless told otherwise. */
const rowMaxBytes = 1_000_000;
const zeroByte = 0x00;
const escapeByte = 0xff;
const endByte = 0x01;

/**
 * The rows of a set table: one for each element that a key has, without a value.
 *
 *     row ::= key, where 00 is 00 FF    00 01    element
 *
 * So the rows of a key stand together, keys in their order and elements in theirs, whatever bytes
 * either of them has.
 */
export class SetBytes<K, E> {
  readonly #codec: SetCodec<K, E>;
  readonly #plain = new Writer(64);
  readonly #row = new Writer(128);
  readonly #reader = new Reader();

  constructor(codec: SetCodec<K, E>) {
    this.#codec = codec;
  }

  /** The row of an element. A view that the next call changes. */
  row(key: K, element: E): Buffer {
    const row = this.#beginning(key);
    this.#codec.element.writeOrdered(row, element);
    if (row.position > rowMaxBytes) {
      throw new StreamgenError(
        "SG7002",
        `an element of ${row.position} bytes, its key included, is too large for its changelog: at ` +
          `most ${rowMaxBytes}`,
        { table: this.#codec.name },
      );
    }
    return row.written();
  }

  /** The rows of a key. */
  rows(key: K): KeyRange {
    return keysBeginningWith(Buffer.from(this.#beginning(key).written()));
  }

  /** The element of a row. Throws SG5xxx where the bytes are not one. */
  element(row: Buffer): E {
    this.#reader.reset(row, elementStart(row), row.length);
    return this.#codec.element.readOrdered(this.#reader);
  }

  #beginning(key: K): Writer {
    const plain = this.#plain;
    const row = this.#row;
    plain.truncate(0);
    row.truncate(0);
    this.#codec.key.writeOrdered(plain, key);
    const { bytes, position } = plain;
    row.need(position * 2 + 2);
    let at = 0;
    for (let index = 0; index < position; index += 1) {
      const byte = bytes[index] ?? zeroByte;
      row.bytes[at++] = byte;
      if (byte === zeroByte) row.bytes[at++] = escapeByte;
    }
    row.bytes[at++] = zeroByte;
    row.bytes[at++] = endByte;
    row.position = at;
    return row;
  }
}

function elementStart(row: Buffer): number {
  let at = row.indexOf(zeroByte);
  while (at >= 0 && row[at + 1] === escapeByte) at = row.indexOf(zeroByte, at + 2);
  // Behind the end, where a row is none: its element then cannot be read.
  return at < 0 ? row.length : at + 2;
}
