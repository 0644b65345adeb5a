/**
 * A *tended* table has more in its store than its rows: what finds rows by a field, or by the time
 * when they expire. All of it is in one store, so that it is written and undone together.
 *
 *     row    ::= 00 key                      the value
 *     entry  ::= 01 field value key          nothing
 *
 * `field` and `value` are parts (see `key-parts.ts`). Only rows are in the changelog, without their first
 * byte. Entries are made again when a table is restored, and then say too much: an entry counts if its
 * row, as it is, has that value.
 */
import type { KeyRange } from "../key-range.ts";

export const rowByte = 0x00;
export const entryByte = 0x01;

/** All rows. */
export const rowRange: KeyRange = { from: Buffer.from([rowByte]), to: Buffer.from([entryByte]) };

/** The key of a row as its changelog has it, as the store does. */
export function rowOf(key: Buffer): Buffer {
  const row = Buffer.allocUnsafe(key.length + 1);
  row[0] = rowByte;
  key.copy(row, 1);
  return row;
}
