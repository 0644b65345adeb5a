import { Writer } from "../../codec/writer.ts";
import { appendPart, behindPart } from "../key-parts.ts";
import { type KeyRange, keysBeginningWith } from "../key-range.ts";
import { rowByte } from "../tended/layout.ts";
import { putTime, timeAt, timeBytes } from "./window-key.ts";

/**
 * Where rows of sessions and sliding windows are in their table: by key first, as events find them; and
 * an entry for each by the window's end, so that what closes and what expires is found in order.
 *
 *     row   ::= 00 key start:time                  its event time, value
 *     entry ::= 01 end:time key start:time         nothing
 *     mark  ::= 00 00                              the last entry whose window was handed on
 *
 * The key is a part that ends (see `key-parts.ts`). Entries are not in the changelog, and may say too
 * much: one counts if its row, as it is, ends then.
 */
const entryByte = 0x01;

export const keyedMark: Buffer = Buffer.from([rowByte, 0]);

/** Shorter than any row. */
export const isKeyedMark = (row: Buffer): boolean => row.length === keyedMark.length;

/** The rows of a key, whose bytes are `key[0, length)`. */
export function rowsOfKey(key: Buffer, length: number): KeyRange {
  const writer = new Writer(length + 16);
  writer.need(1);
  writer.bytes[0] = rowByte;
  writer.position = 1;
  appendPart(writer, key, length);
  return keysBeginningWith(Buffer.from(writer.written()));
}

/** The row of a window, behind what all rows of its key begin with. */
export function rowAt(prefix: Buffer, start: number): Buffer {
  const row = Buffer.allocUnsafe(prefix.length + timeBytes);
  prefix.copy(row);
  putTime(row, prefix.length, start);
  return row;
}

export const startOfRow = (row: Buffer): number => timeAt(row, row.length - timeBytes);

/** What all rows of the same key begin with. */
export const prefixOfRow = (row: Buffer): Buffer => row.subarray(0, row.length - timeBytes);

/** The key's own bytes. */
export function keyOfRow(row: Buffer): Buffer {
  const end = behindPart(row, 1) - 2;
  const key = Buffer.allocUnsafe(end - 1);
  let length = 0;
  for (let at = 1; at < end; at += row[at] === 0 ? 2 : 1) key[length++] = row[at] ?? 0;
  return key.subarray(0, length);
}

export function entryOf(row: Buffer, end: number): Buffer {
  const entry = Buffer.allocUnsafe(row.length + timeBytes);
  entry[0] = entryByte;
  putTime(entry, 1, end);
  row.copy(entry, 1 + timeBytes, 1);
  return entry;
}

export const endOfEntry = (entry: Buffer): number => timeAt(entry, 1);

export function rowOfEntry(entry: Buffer): Buffer {
  const row = Buffer.allocUnsafe(entry.length - timeBytes);
  row[0] = rowByte;
  entry.copy(row, 1, 1 + timeBytes);
  return row;
}

/** Before the entries of windows that end at `end` or later. */
export function entriesFrom(end: number): Buffer {
  const entry = Buffer.allocUnsafe(1 + timeBytes);
  entry[0] = entryByte;
  putTime(entry, 1, end);
  return entry;
}

/** Before all entries. */
export const firstEntry: Buffer = Buffer.from([entryByte]);
