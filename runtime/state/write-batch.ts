import { copyBytes } from "../log/copy.ts";

/** What stands in place of a value's length where the row is deleted. */
const deleted = 0xffffffff;
/** What a row takes beside its key and its value. */
export const packedHeadBytes: number = 8;

/**
 * Rows to write, sorted by key, each key once, packed into one buffer that may be transferred to
 * another thread:
 *
 *     row ::= keyLength:u32le valueLength:u32le key value
 *
 * A value length of FFFFFFFF deletes the row. A batch is made by `WriteBatchBuilder`, and on the other
 * side of a transfer by the constructor.
 */
export class WriteBatch {
  readonly buffer: ArrayBuffer;
  /** The bytes of the buffer that are used. */
  readonly byteLength: number;
  /** The number of rows. */
  readonly count: number;

  constructor(buffer: ArrayBuffer, byteLength: number, count: number) {
    this.buffer = buffer;
    this.byteLength = byteLength;
    this.count = count;
  }

  /** A fresh cursor before the first row. */
  cursor(): WriteBatchCursor {
    return new WriteBatchCursor(Buffer.from(this.buffer, 0, this.byteLength));
  }
}

/** Walks a batch. What the fields say is about the row that the last `next` went to. */
export class WriteBatchCursor {
  /** The whole batch: keys and values are ranges of it. */
  readonly bytes: Buffer;
  readonly #view: DataView;
  keyStart = 0;
  keyEnd = 0;
  /** -1 where the row is deleted. */
  valueStart = -1;
  valueEnd = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to the next row; false behind the last one. */
  next(): boolean {
    const at = this.valueEnd;
    if (at >= this.bytes.length) return false;
    const valueLength = this.#view.getUint32(at + 4, true);
    this.keyStart = at + packedHeadBytes;
    this.keyEnd = this.keyStart + this.#view.getUint32(at, true);
    const isDeleted = valueLength === deleted;
    this.valueStart = isDeleted ? -1 : this.keyEnd;
    this.valueEnd = isDeleted ? this.keyEnd : this.keyEnd + valueLength;
    return true;
  }

  /** The row's key, as a view. */
  key(): Buffer {
    return this.bytes.subarray(this.keyStart, this.keyEnd);
  }

  /** The row's value, as a view; `null` where the row is deleted. */
  value(): Buffer | null {
    return this.valueStart < 0 ? null : this.bytes.subarray(this.valueStart, this.valueEnd);
  }
}

/** Makes a batch. The caller adds rows in the order of their keys, each key once. */
export class WriteBatchBuilder {
  #bytes: Buffer;
  #view: DataView;
  #length = 0;
  #count = 0;

  /** `sizeBytes` is what the rows may need: the buffer grows when it is too little. */
  constructor(sizeBytes: number = 4096) {
    this.#bytes = Buffer.allocUnsafeSlow(sizeBytes);
    this.#view = viewOf(this.#bytes);
  }

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#length;
  }

  /** Adds a row whose key and value are ranges of other buffers, which are copied. */
  put(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    this.#row(key, keyStart, keyEnd, valueEnd - valueStart, valueEnd - valueStart);
    this.#length = copyBytes(value, valueStart, valueEnd, this.#bytes, this.#length);
  }

  /** Adds the deletion of a row. */
  delete(key: Uint8Array, keyStart: number, keyEnd: number): void {
    this.#row(key, keyStart, keyEnd, deleted, 0);
  }

  /** The batch. The builder must not be used afterwards. */
  finish(): WriteBatch {
    const { buffer } = this.#bytes;
    // `allocUnsafeSlow` gives a buffer of its own, which is an ArrayBuffer and never a shared one.
    return new WriteBatch(buffer as ArrayBuffer, this.#length, this.#count);
  }

  #row(key: Uint8Array, keyStart: number, keyEnd: number, mark: number, valueLength: number): void {
    const keyLength = keyEnd - keyStart;
    this.#need(packedHeadBytes + keyLength + valueLength);
    this.#view.setUint32(this.#length, keyLength, true);
    this.#view.setUint32(this.#length + 4, mark, true);
    this.#length = copyBytes(key, keyStart, keyEnd, this.#bytes, this.#length + packedHeadBytes);
    this.#count += 1;
  }

  #need(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

/** A batch of rows that are at hand as buffers; `null` deletes. The rows are in order. */
export function packRows(rows: Iterable<readonly [key: Buffer, value: Buffer | null]>): WriteBatch {
  const builder = new WriteBatchBuilder();
  for (const [key, value] of rows) {
    if (value === null) builder.delete(key, 0, key.length);
    else builder.put(key, 0, key.length, value, 0, value.length);
  }
  return builder.finish();
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
