import { StreamgenError } from "../../errors.ts";
import { copyBytes } from "../../log/copy.ts";
import type { PartitionTable } from "../partition-table.ts";
import { putTime, timeBytes } from "../windows/window-key.ts";

/** Bytes of one record: its key, or its value. */
export interface Bytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A record that waits for its partners. */
export interface Waiting {
  readonly time: number;
  readonly offset: number;
  /** The value's bytes, which nobody else has. */
  readonly value: Buffer;
}

/**
 * Where records of one side are:
 *
 *     row   ::= piece:i64be with its sign bit flipped, key, number:u32be
 *     value ::= count:u32be, time - piece:u48be, offset:u48be, value
 *
 * The records of a key in one piece are numbered as they come. The first one has their count, so that
 * all are found without a search; in the others it means nothing.
 */
const numberBytes = 4;
const timeAt = 4;
const offsetAt = 10;
const headBytes = 16;
/** What fits into a changelog record as Kafka takes it unless told otherwise. */
const rowMaxBytes = 1_000_000;

/** The records of one side and partition that may still be paired, by time and key. */
export class JoinBuffer {
  readonly #rows: PartitionTable;
  readonly #pieceMs: number;

  constructor(rows: PartitionTable, pieceMs: number) {
    this.#rows = rows;
    this.#pieceMs = pieceMs;
  }

  /** Throws SG8812 where the record is too large for the changelog. */
  add(key: Bytes, value: Bytes, time: number, offset: number): void {
    const piece = this.#pieceOf(time);
    const rowKey = keyOf(piece, key);
    const row = rowOf(value, time - piece, offset);
    checkSize(rowKey.length + row.length);
    const first = this.#rows.read(rowKey);
    const count = first === undefined ? 0 : first.readUInt32BE(0);
    if (first !== undefined) {
      first.writeUInt32BE(count + 1, 0);
      this.#rows.write(rowKey, first);
      putNumber(rowKey, count);
    } else row.writeUInt32BE(1, 0);
    this.#rows.write(rowKey, row);
  }

  /** The records of a key from one time to another, both included: by time, then as they came. */
  find(key: Bytes, from: number, to: number): Waiting[] {
    const found: Waiting[] = [];
    for (let piece = this.#pieceOf(from); piece <= to; piece += this.#pieceMs) {
      this.#collect(found, keyOf(piece, key), piece, { from, to });
    }
    // Sorting keeps the order of equal times.
    return found.length < 2 ? found : found.sort((a, b) => a.time - b.time);
  }

  /** The rows that finding, or adding, a record of that time asks for first. */
  *keysAhead(key: Bytes, from: number, to: number): Generator<Buffer> {
    for (let piece = this.#pieceOf(from); piece <= to; piece += this.#pieceMs) {
      yield keyOf(piece, key);
    }
  }

  #collect(
    found: Waiting[],
    rowKey: Buffer,
    piece: number,
    { from, to }: { readonly from: number; readonly to: number },
  ): void {
    let row = this.#rows.read(rowKey);
    const count = row === undefined ? 0 : row.readUInt32BE(0);
    for (let number = 0; row !== undefined; ) {
      const time = piece + row.readUIntBE(timeAt, 6);
      if (time >= from && time <= to) {
        found.push({ time, offset: row.readUIntBE(offsetAt, 6), value: row.subarray(headBytes) });
      }
      number += 1;
      if (number >= count) return;
      putNumber(rowKey, number);
      row = this.#rows.read(rowKey);
    }
  }

  #pieceOf(time: number): number {
    return Math.floor(time / this.#pieceMs) * this.#pieceMs;
  }
}

/** The key of the first record of a key in a piece. */
function keyOf(piece: number, { bytes, start, end }: Bytes): Buffer {
  const key = Buffer.allocUnsafe(timeBytes + end - start + numberBytes);
  putTime(key, 0, piece);
  copyBytes(bytes, start, end, key, timeBytes);
  putNumber(key, 0);
  return key;
}

function putNumber(key: Buffer, number: number): void {
  key.writeUInt32BE(number, key.length - numberBytes);
}

function rowOf({ bytes, start, end }: Bytes, timeInPiece: number, offset: number): Buffer {
  const row = Buffer.allocUnsafe(headBytes + end - start);
  row.writeUInt32BE(0, 0);
  row.writeUIntBE(timeInPiece, timeAt, 6);
  row.writeUIntBE(offset, offsetAt, 6);
  copyBytes(bytes, start, end, row, headBytes);
  return row;
}

export function checkSize(sizeBytes: number): void {
  if (sizeBytes <= rowMaxBytes) return;
  throw new StreamgenError(
    "SG8812",
    `a record of ${sizeBytes} bytes is too large to wait for a partner: at most ${rowMaxBytes} ` +
      "fit into the changelog of a join",
  );
}
