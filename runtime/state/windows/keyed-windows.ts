import { Writer } from "../../codec/writer.ts";
import type { KeyRange } from "../key-range.ts";
import type { PartitionTable } from "../partition-table.ts";
import { RowBytes, type RowCodec } from "../row-bytes.ts";
import { rowRange } from "../tended/layout.ts";
import {
  endOfEntry,
  entriesFrom,
  entryOf,
  isKeyedMark,
  keyOfRow,
  prefixOfRow,
  rowAt,
  rowOfEntry,
  rowsOfKey,
  startOfRow,
} from "./keyed-key.ts";
import type { SessionSpec, SlidingSpec } from "./keyed-spec.ts";
import { KeyedTimes } from "./keyed-times.ts";
import { putTime, timeAt, timeBytes } from "./window-key.ts";
import type { Final } from "./window-rows.ts";

/** How the rows of such a table are written, and how its windows lie. */
export interface KeyedCodec<K, V, Found> extends RowCodec<K, V, Found> {
  readonly windows: SlidingSpec | SessionSpec<V>;
}

/** A window as it is stored. */
export interface KeyedWindow {
  readonly row: Buffer;
  readonly start: number;
  /** Not part of the window. */
  readonly end: number;
  /** The time of its last event. */
  readonly last: number;
  /** The row's bytes. */
  readonly bytes: Buffer;
}

/** Rows in the order of their keys, as of now or as of the last commit. */
export type RowsIn = (range: KeyRange) => Iterable<readonly [key: Buffer, value: Buffer]>;

/** Finds and reads the rows of a table whose windows lie differently for each key. */
export class KeyedWindows<K, V, Found> {
  readonly codec: KeyedCodec<K, V, Found>;
  readonly times: KeyedTimes;
  readonly #rowsIn: RowsIn;
  readonly #rows: RowBytes<K, V, Found>;
  readonly #key = new Writer(64);

  constructor(codec: KeyedCodec<K, V, Found>, rowsIn: RowsIn) {
    this.codec = codec;
    this.times = new KeyedTimes(codec.windows);
    this.#rowsIn = rowsIn;
    this.#rows = new RowBytes(codec);
  }

  /** The windows of a key, the one that began first being the first, from one start to another. */
  *of(
    key: K,
    from: number = Number.NEGATIVE_INFINITY,
    to: number = Number.POSITIVE_INFINITY,
  ): Generator<KeyedWindow> {
    const all = this.#rangeOf(key);
    const prefix = all.from ?? Buffer.alloc(0);
    const first = Number.isFinite(from) ? rowAt(prefix, from) : prefix;
    const behind = Number.isFinite(to) ? rowAt(prefix, to + 1) : all.to;
    for (const [row, bytes] of this.#rowsIn({ from: first, to: behind })) {
      yield this.window(row, bytes);
    }
  }

  /** The windows of all keys, those of a key together. */
  *all(): Generator<KeyedWindow> {
    for (const [row, bytes] of this.#rowsIn(rowRange)) {
      if (!isKeyedMark(row)) yield this.window(row, bytes);
    }
  }

  /** Windows by their ends, and then by key: behind an entry, or from the first; up to an end. */
  *byEnd(after: Buffer, upTo: number): Generator<readonly [entry: Buffer, row: Buffer]> {
    for (const [entry] of this.#rowsIn({ from: after, to: entriesFrom(upTo + 1) })) {
      yield [entry, rowOfEntry(entry)];
    }
  }

  /** Whether a row, as it is, ends when its entry says. */
  isOf(entry: Buffer, row: Buffer, bytes: Buffer): boolean {
    return this.window(row, bytes).end === endOfEntry(entry);
  }

  window(row: Buffer, bytes: Buffer): KeyedWindow {
    const start = startOfRow(row);
    const last = timeAt(bytes, 0);
    return { row, start, end: this.times.endOf(start, last), last, bytes };
  }

  rowOf(key: K, start: number): Buffer {
    return rowAt(this.#rangeOf(key).from ?? Buffer.alloc(0), start);
  }

  keyOf({ row }: KeyedWindow): K {
    return this.keyOfRow(row);
  }

  keyOfRow(row: Buffer): K {
    return this.#rows.readKey(keyOfRow(row));
  }

  isSameKey(a: KeyedWindow, b: KeyedWindow): boolean {
    return prefixOfRow(a.row).equals(prefixOfRow(b.row));
  }

  /** A value that nothing else refers to. */
  valueOf({ bytes }: KeyedWindow): V {
    return this.#rows.readValue({ bytes, start: timeBytes, end: bytes.length });
  }

  final(window: KeyedWindow): Final<K, V> {
    const { start, end } = window;
    return { key: this.keyOf(window), window: { start, end }, value: this.valueOf(window) };
  }

  /** The bytes of a row. Throws SG7002 for a value that is too large. */
  bytesOf(last: number, value: V): Buffer {
    const written = this.#rows.value(value).written();
    const bytes = Buffer.allocUnsafe(timeBytes + written.length);
    putTime(bytes, 0, last);
    written.copy(bytes, timeBytes);
    return bytes;
  }

  #rangeOf(key: K): KeyRange {
    const writer = this.#key;
    writer.truncate(0);
    this.codec.key.writeOrdered(writer, key);
    return rowsOfKey(writer.bytes, writer.position);
  }
}

const noBytes = Buffer.alloc(0);

/** Writes such rows, and the entries that find them by their ends. */
export class KeyedWriting<K, V, Found> {
  readonly #table: PartitionTable;
  readonly #windows: KeyedWindows<K, V, Found>;

  constructor(table: PartitionTable, windows: KeyedWindows<K, V, Found>) {
    this.#table = table;
    this.#windows = windows;
  }

  /** `before` is the window as it was, if it is not new. */
  put(row: Buffer, last: number, value: V, before?: KeyedWindow): void {
    const bytes = this.#windows.bytesOf(last, value);
    const { end } = this.#windows.window(row, bytes);
    this.#table.write(row, bytes);
    if (before?.end === end) return;
    if (before !== undefined) this.#table.write(entryOf(row, before.end), null);
    this.#table.write(entryOf(row, end), noBytes);
  }

  remove({ row, end }: KeyedWindow): void {
    this.#table.write(row, null);
    this.#table.write(entryOf(row, end), null);
  }
}
