import type { PartitionTable } from "../partition-table.ts";
import { firstRowKey, markKey, putTime, startOf, timeBytes } from "../windows/window-key.ts";
import { checkSize } from "./join-buffer.ts";

/** Which side of a join a record is of; at one moment the left ones come first. */
export const sides = { left: 0, right: 1 } as const;

export type Side = keyof typeof sides;

/** A record that nobody came for. */
export interface Unmatched {
  readonly side: Side;
  /** The last moment that a partner may have had. */
  readonly end: number;
  readonly offset: number;
  /** The whole record, which nobody else has. */
  readonly record: Buffer;
}

/**
 * Where records without a partner are, in the order in which they are given up:
 *
 *     row ::= end:i64be with its sign bit flipped, side:u8, offset:u48be
 *
 * The mark, as in windowed tables, says which of them was given last.
 */
const sideAt = timeBytes;
const offsetAt = timeBytes + 1;
const keyBytes = timeBytes + 7;

/** The records of one join and partition that have had no partner yet. */
export class UnmatchedRows {
  readonly #rows: PartitionTable;
  readonly #key = Buffer.alloc(keyBytes);
  /** No row ends before this. */
  #firstEnd = Number.NEGATIVE_INFINITY;

  constructor(rows: PartitionTable) {
    this.#rows = rows;
  }

  /** No record ends before this; minus infinity where it is not known. */
  get firstEnd(): number {
    return this.#firstEnd;
  }

  /** Throws SG8812 where the record is too large for the changelog. */
  add(side: Side, end: number, offset: number, record: Buffer): void {
    checkSize(keyBytes + record.length);
    this.#rows.write(this.#keyOf(side, end, offset), record);
    this.#firstEnd = Math.min(this.#firstEnd, end);
  }

  /** A partner has come. */
  remove(side: Side, end: number, offset: number): void {
    const key = this.#keyOf(side, end, offset);
    // One that had a partner before is gone. To look for it on disk costs more than a tombstone.
    if (this.#rows.isMissing(key) || this.#rows.locate(key) !== undefined) {
      this.#rows.write(key, null);
    }
  }

  /** Whether there is any that was not given yet. */
  get isEmpty(): boolean {
    return this.#rows.rows({ from: this.#behindMark() }).next().done === true;
  }

  /** Those that end before `until` and were not given yet. */
  *due(until: number): Generator<Unmatched> {
    this.#firstEnd = Number.POSITIVE_INFINITY;
    for (const [key, record] of this.#rows.rows({ from: this.#behindMark() })) {
      const end = startOf(key);
      if (end >= until) {
        this.#firstEnd = Math.min(this.#firstEnd, end);
        return;
      }
      const side = key[sideAt] === sides.left ? "left" : "right";
      yield { side, end, offset: key.readUIntBE(offsetAt, 6), record };
    }
  }

  /** The record is given: it is not given again. */
  done({ side, end, offset }: Unmatched): void {
    this.#rows.write(markKey, this.#keyOf(side, end, offset));
  }

  /** Work was taken back. */
  rewind(): void {
    this.#firstEnd = Number.NEGATIVE_INFINITY;
  }

  #behindMark(): Buffer {
    const mark = this.#rows.read(markKey);
    return mark === undefined ? firstRowKey : Buffer.concat([mark, Buffer.of(0)]);
  }

  #keyOf(side: Side, end: number, offset: number): Buffer {
    const key = this.#key;
    putTime(key, 0, end);
    key[sideAt] = sides[side];
    key.writeUIntBE(offset, offsetAt, 6);
    return key;
  }
}
