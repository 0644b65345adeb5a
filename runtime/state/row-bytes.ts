import type { Codec } from "../codec/codec.ts";
import type { KeyCodec } from "../codec/key.ts";
import { Reader } from "../codec/reader.ts";
import { readWhole, writeWhole } from "../codec/whole.ts";
import { Writer } from "../codec/writer.ts";
import { StreamgenError } from "../errors.ts";
import { copyBytes } from "../log/copy.ts";
import type { ByteRange } from "./cache/chunks.ts";
import { allKeys, type KeyRange, keysBeginningWith } from "./key-range.ts";

/** How a table's rows are written. */
export interface RowCodec<K, V, Found> {
  readonly name: string;
  readonly key: KeyCodec<K>;
  readonly value: Codec<V>;
  /** What is found where there is no row. Called each time, so that nobody shares what it gives. */
  readonly missing: () => Found;
  /** Where its rows are, in a store that has more than them. */
  readonly space?: KeyRange;
}

/** What fits into a changelog record as Kafka takes it unless told otherwise. */
const rowMaxBytes = 1_000_000;
/** Rows of at most this size are read out of one buffer, which spares a view of each. */
const scratchBytes = 512;

/** Keys and values of one table to bytes and back. Keys are in the form that sorts. */
export class RowBytes<K, V, Found> {
  readonly #codec: RowCodec<K, V, Found>;
  readonly #key = new Writer(64);
  /** Views of the key's buffer by their length: making one costs more than finding a row. */
  #keyViews: (Buffer | undefined)[] = [];
  #viewed: Buffer = this.#key.bytes;
  readonly #value = new Writer(256);
  readonly #reader = new Reader();
  readonly #scratch: Buffer = Buffer.allocUnsafeSlow(scratchBytes);

  constructor(codec: RowCodec<K, V, Found>) {
    this.#codec = codec;
  }

  /** A view that the next call changes. */
  key(key: K): Buffer {
    const writer = this.#key;
    writer.truncate(0);
    this.#codec.key.writeOrdered(writer, key);
    if (this.#viewed !== writer.bytes) {
      this.#viewed = writer.bytes;
      this.#keyViews = [];
    }
    const length = writer.position;
    if (length > rowMaxBytes) this.#failSize("key", length);
    const view = this.#keyViews[length] ?? writer.written();
    if (length < scratchBytes) this.#keyViews[length] = view;
    return view;
  }

  /** All rows. */
  get space(): KeyRange {
    return this.#codec.space ?? allKeys;
  }

  /** The range of keys from one to another. Throws SG7201 where keys do not sort. */
  range(from: K, to: K): KeyRange {
    if (this.#codec.key.order === "none") this.#failOrder("SG7201", "records, which do not sort");
    // Copies: the rows are walked later.
    return { from: Buffer.from(this.key(from)), to: Buffer.from(this.key(to)) };
  }

  /** The range of keys that begin with a text. Throws SG7202 where keys are no texts. */
  prefix(text: string): KeyRange {
    if (this.#codec.key.order !== "text") this.#failOrder("SG7202", "no texts to begin with one");
    const { from } = this.space;
    const start = Buffer.from(text);
    return keysBeginningWith(from === undefined ? start : Buffer.concat([from, start]));
  }

  /** The writer that has the value, from 0 on, until the next call. */
  value(value: V): Writer {
    const writer = this.#value;
    writer.truncate(0);
    writeWhole(this.#codec.value, writer, value);
    if (writer.position > rowMaxBytes) this.#failSize("row", writer.position);
    return writer;
  }

  readKey(bytes: Buffer): K {
    this.#reset(bytes, 0, bytes.length);
    return this.#codec.key.readOrdered(this.#reader);
  }

  /** A value that nothing else refers to. Throws SG5xxx where the bytes are not one. */
  readValue({ bytes, start, end }: ByteRange): V {
    this.#reset(bytes, start, end);
    return readWhole(this.#codec.value, this.#reader);
  }

  found(range: ByteRange | undefined): V | Found {
    return range === undefined ? this.#codec.missing() : this.readValue(range);
  }

  #failOrder(code: "SG7201" | "SG7202", reason: string): never {
    const { name } = this.#codec;
    throw new StreamgenError(code, `the keys of table "${name}" are ${reason}`, { table: name });
  }

  #failSize(what: string, bytes: number): never {
    throw new StreamgenError(
      "SG7002",
      `a ${what} of ${bytes} bytes is too large for its changelog: at most ${rowMaxBytes}`,
      { table: this.#codec.name },
    );
  }

  #reset(bytes: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length > scratchBytes) this.#reader.reset(bytes, start, end);
    else {
      copyBytes(bytes, start, end, this.#scratch, 0);
      this.#reader.reset(this.#scratch, 0, length);
    }
  }
}

/** All of a buffer. */
export function wholeOf(bytes: Buffer): ByteRange {
  return { bytes, start: 0, end: bytes.length };
}
