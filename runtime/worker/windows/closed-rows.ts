import type { PartitionTable } from "../../state/partition-table.ts";
import { entriesFrom, firstEntry, keyedMark, keyOfRow } from "../../state/windows/keyed-key.ts";
import { isFixed } from "../../state/windows/keyed-spec.ts";
import { type KeyedCodec, KeyedWindows } from "../../state/windows/keyed-windows.ts";
import {
  firstRowKey,
  markKey,
  ownKey,
  startOf,
  windowPrefix,
} from "../../state/windows/window-key.ts";
import { type Final, WindowBytes, type WindowCodec } from "../../state/windows/window-rows.ts";
import { WindowShape } from "../../state/windows/window-shape.ts";
import type { WindowedTableSpec } from "../spec.ts";

/** A row of a closed window. */
export interface ClosedRow<K, V> {
  /** What the mark is when every function got it. */
  readonly mark: Buffer;
  /** The key's bytes. */
  readonly key: Buffer;
  readonly start: number;
  /** Not part of the window. */
  readonly end: number;
  /** Made anew for each caller. */
  final(): Final<K, V>;
}

/** The rows of a table as their windows close: by the windows' ends, and then by key. */
export interface ClosedRows<K, V> {
  /** Where the table keeps how far functions have come. */
  readonly markKey: Buffer;
  /** Tells closed windows from others, and grows with stream time. */
  closedUntil(streamTime: number): number;
  /** The rows behind a mark, or all, that are closed as far as `until` tells. */
  between(mark: Buffer | undefined, until: number): Iterator<ClosedRow<K, V>>;
  /**
   * The stream time by which the open windows that have rows are closed, of those that hold the stream
   * time or are earlier; absent where there are none.
   */
  idleUntil(streamTime: number): number | undefined;
}

export function closedRows<K, V, Found>(
  table: WindowedTableSpec<K, V, Found>,
  rows: PartitionTable,
): ClosedRows<K, V> {
  const { windows } = table;
  return isFixed(windows)
    ? new FixedRows({ ...table, windows }, rows)
    : new KeyedRows({ ...table, windows }, rows);
}

/** Behind a key, and before any other. */
const behind = (key: Buffer): Buffer => Buffer.concat([key, Buffer.of(0)]);

class FixedRows<K, V, Found> implements ClosedRows<K, V> {
  readonly markKey = markKey;
  readonly #rows: PartitionTable;
  readonly #shape: WindowShape;
  readonly #bytes: WindowBytes<K, V, Found>;

  constructor(codec: WindowCodec<K, V, Found>, rows: PartitionTable) {
    this.#rows = rows;
    this.#shape = new WindowShape(codec.windows);
    this.#bytes = new WindowBytes(codec);
  }

  closedUntil(streamTime: number): number {
    return this.#shape.firstOpen(streamTime);
  }

  *between(mark: Buffer | undefined, until: number): Generator<ClosedRow<K, V>> {
    const from = mark === undefined ? firstRowKey : behind(mark);
    for (const [row, value] of this.#rows.rows({ from, to: windowPrefix(until) })) {
      const start = startOf(row);
      yield {
        ...{ mark: row, key: ownKey(row), start, end: start + this.#shape.sizeMs },
        final: () => this.#bytes.final(row, value),
      };
    }
  }

  idleUntil(streamTime: number): number | undefined {
    const to = windowPrefix(this.#shape.last(streamTime) + 1);
    let newest: number | undefined;
    // One look for each window that has rows, however many they are.
    for (let from = this.#shape.firstOpen(streamTime); ; from = newest + 1) {
      const next = this.#rows.rows({ from: windowPrefix(from), to }).next();
      if (next.done === true) break;
      newest = startOf(next.value[0]);
    }
    return newest === undefined ? undefined : this.#shape.closesAt(newest);
  }
}

class KeyedRows<K, V, Found> implements ClosedRows<K, V> {
  readonly markKey = keyedMark;
  readonly #rows: PartitionTable;
  readonly #windows: KeyedWindows<K, V, Found>;

  constructor(codec: KeyedCodec<K, V, Found>, rows: PartitionTable) {
    this.#rows = rows;
    this.#windows = new KeyedWindows(codec, (range) => rows.rows(range));
  }

  closedUntil(streamTime: number): number {
    return this.#windows.times.closedUpTo(streamTime) + 1;
  }

  *between(mark: Buffer | undefined, until: number): Generator<ClosedRow<K, V>> {
    const from = mark === undefined ? firstEntry : behind(mark);
    for (const [entry, row] of this.#windows.byEnd(from, until - 1)) {
      const bytes = this.#rows.read(row);
      // An entry may be of what the window was before.
      if (bytes === undefined || !this.#windows.isOf(entry, row, bytes)) continue;
      const window = this.#windows.window(row, bytes);
      const { start, end } = window;
      yield {
        ...{ mark: entry, key: keyOfRow(row), start, end },
        final: () => this.#windows.final(window),
      };
    }
  }

  idleUntil(streamTime: number): number | undefined {
    const from = entriesFrom(this.closedUntil(streamTime));
    let newest: number | undefined;
    for (const [entry, row] of this.#windows.byEnd(from, this.#lastEnd(streamTime))) {
      const bytes = this.#rows.read(row);
      if (bytes === undefined || !this.#windows.isOf(entry, row, bytes)) continue;
      newest = this.#windows.window(row, bytes).end;
    }
    return newest === undefined ? undefined : newest + this.#windows.times.openMs;
  }

  /** The end of the last window that may hold the stream time. */
  #lastEnd(streamTime: number): number {
    const { spec } = this.#windows.times;
    return spec.kind === "session" ? streamTime + 1 : streamTime + spec.sizeMs + 1;
  }
}
