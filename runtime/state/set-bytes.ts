import type { KeyCodec } from "../codec/key.ts";
import { Reader } from "../codec/reader.ts";
import { Writer } from "../codec/writer.ts";
import { StreamgenError } from "../errors.ts";
import { appendPart, behindPart, readPart } from "./key-parts.ts";
import { type KeyRange, keysBeginningWith } from "./key-range.ts";

/** How the rows of a set table are written. */
export interface SetCodec<K, E> {
  readonly name: string;
  readonly key: KeyCodec<K>;
  readonly element: KeyCodec<E>;
}

/** What fits into a changelog record as Kafka takes it unless told otherwise. */
const rowMaxBytes = 1_000_000;

/**
 * The rows of a set table: one for each element that a key has, without a value.
 *
 *     row ::= key element
 *
 * The key is a part that ends (see `key-parts.ts`), so that the rows of a key stand together, keys in
 * their order and elements in theirs.
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

  /** The key of a row. Throws SG5xxx where the bytes are not one. */
  key(row: Buffer): K {
    const plain = this.#plain;
    plain.truncate(0);
    readPart(plain, row, 0);
    this.#reader.reset(plain.bytes, 0, plain.position);
    return this.#codec.key.readOrdered(this.#reader);
  }

  /** The element of a row. Throws SG5xxx where the bytes are not one. */
  element(row: Buffer): E {
    this.#reader.reset(row, behindPart(row, 0), row.length);
    return this.#codec.element.readOrdered(this.#reader);
  }

  #beginning(key: K): Writer {
    const plain = this.#plain;
    const row = this.#row;
    plain.truncate(0);
    row.truncate(0);
    this.#codec.key.writeOrdered(plain, key);
    appendPart(row, plain.bytes, plain.position);
    return row;
  }
}
