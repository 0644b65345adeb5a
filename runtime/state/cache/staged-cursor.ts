import { type Chunks, deleted } from "./chunks.ts";
import type { StagedRows } from "./staged-rows.ts";

/** Walks what a generation has written, in the order of first touch; keys and values are ranges. */
export class StagedCursor {
  readonly #chunks: Chunks;
  readonly #rows: StagedRows;
  #index = 0;
  bytes: Buffer = Buffer.alloc(0);
  keyStart = 0;
  keyEnd = 0;
  /** -1 where the row is deleted. */
  valueStart = -1;
  valueEnd = -1;

  constructor(chunks: Chunks, rows: StagedRows) {
    this.#chunks = chunks;
    this.#rows = rows;
  }

  /** Goes to the next row; false behind the last one. */
  next(): boolean {
    const { slots } = this.#rows;
    if (this.#index >= slots.length) return false;
    const chunks = this.#chunks;
    const address = this.#rows.address(slots.at(this.#index));
    const valueLength = chunks.valueLength(address);
    this.#index += 1;
    this.bytes = chunks.bytesOf(address);
    this.keyStart = chunks.keyStart(address);
    this.keyEnd = this.keyStart + chunks.keyLength(address);
    this.valueStart = valueLength === deleted ? -1 : this.keyEnd;
    this.valueEnd = valueLength === deleted ? -1 : this.keyEnd + valueLength;
    return true;
  }

  /** The row's key, as a view. */
  key(): Buffer {
    return this.bytes.subarray(this.keyStart, this.keyEnd);
  }

  /** The row's value, as a view; `null` where it is deleted. */
  value(): Buffer | null {
    return this.valueStart < 0 ? null : this.bytes.subarray(this.valueStart, this.valueEnd);
  }
}
