import type { PartitionTable } from "../partition-table.ts";
import { RowBytes, type RowCodec, wholeOf } from "../row-bytes.ts";
import { SeenWindows, type WindowSight } from "./seen-windows.ts";
import { allRows, firstStart, startOf, WindowKey, windowRange } from "./window-key.ts";
import { WindowShape, type WindowSpec } from "./window-shape.ts";

/** How the rows of a windowed table are written, and how its windows lie. */
export interface WindowCodec<K, V, Found> extends RowCodec<K, V, Found> {
  readonly windows: WindowSpec;
}

/** A window's bounds, in milliseconds since the epoch. */
export interface Window {
  readonly start: number;
  /** Not part of the window. */
  readonly end: number;
}

/** A key's value in one window. */
export interface Final<K, V> {
  readonly key: K;
  readonly window: Window;
  readonly value: V;
}

/**
 * The rows of one partition of a windowed table, as its agents see them. Each method is about the
 * windows that hold `time`. What has expired is not seen, whether or not it is still there.
 */
export interface ReadableWindows<K, V, Found> {
  get(time: number, key: K): V | Found;
  has(time: number, key: K): boolean;
  /** The rows of the window that is shown, in the order of their keys' bytes. */
  entries(time: number): IterableIterator<[K, V]>;
  /** The key's value in each window that can still be read, the oldest first. */
  windows(time: number, key: K): IterableIterator<Final<K, V>>;
  /** Every row of every window that can still be read, in no particular order. */
  finals(): IterableIterator<Final<K, V>>;
}

/** The same, to be written: closed windows stay as they are. */
export interface WritableWindows<K, V, Found> extends ReadableWindows<K, V, Found> {
  set(time: number, key: K, value: V): void;
  delete(time: number, key: K): void;
  update(time: number, key: K, change: (value: V | Found) => V): V;
}

/** The keys of a windowed table as bytes, and its rows as what they mean. */
export class WindowBytes<K, V, Found> {
  readonly codec: WindowCodec<K, V, Found>;
  readonly rows: RowBytes<K, V, Found>;
  readonly #key: WindowKey<K>;

  constructor(codec: WindowCodec<K, V, Found>) {
    this.codec = codec;
    this.#key = new WindowKey(codec.key);
    this.rows = new RowBytes({ ...codec, key: this.#key });
  }

  /** The key of a row; a view that the next call changes. */
  key(start: number, key: K): Buffer {
    this.#key.start = start;
    return this.rows.key(key);
  }

  final(key: Buffer, value: Buffer): Final<K, V> {
    const start = startOf(key);
    return this.finalOf(start, this.rows.readKey(key), this.rows.readValue(wholeOf(value)));
  }

  finalOf(start: number, key: K, value: V): Final<K, V> {
    return { key, window: { start, end: start + this.codec.windows.sizeMs }, value };
  }
}

/** The rows of windows that are the same for all keys. */
export class WindowRows<K, V, Found> implements WritableWindows<K, V, Found> {
  readonly #table: PartitionTable;
  readonly #bytes: WindowBytes<K, V, Found>;
  readonly #seen: SeenWindows;

  constructor(table: PartitionTable, codec: WindowCodec<K, V, Found>, sight: WindowSight) {
    this.#table = table;
    this.#bytes = new WindowBytes(codec);
    this.#seen = new SeenWindows(new WindowShape(codec.windows), sight);
  }

  get(time: number, key: K): V | Found {
    const start = this.#seen.shown(time);
    return start === undefined
      ? this.#bytes.codec.missing()
      : this.#bytes.rows.found(this.#table.locate(this.#bytes.key(start, key)));
  }

  has(time: number, key: K): boolean {
    const start = this.#seen.shown(time);
    return start !== undefined && this.#table.locate(this.#bytes.key(start, key)) !== undefined;
  }

  /** The rows of the window that is shown, in the order of their keys' bytes. */
  *entries(time: number): IterableIterator<[K, V]> {
    const start = this.#seen.shown(time);
    if (start === undefined) return;
    for (const [key, value] of this.#table.rows(windowRange(start))) {
      yield [this.#bytes.rows.readKey(key), this.#bytes.rows.readValue(wholeOf(value))];
    }
  }

  /** Every window up to the ones that hold `time` in which the key has a row, the oldest first. */
  *windows(time: number, key: K): IterableIterator<Final<K, V>> {
    for (const start of this.#seen.kept(time, () => firstStart(this.#table.rows(allRows)))) {
      const found = this.#table.locate(this.#bytes.key(start, key));
      if (found !== undefined) {
        yield this.#bytes.finalOf(start, key, this.#bytes.rows.readValue(found));
      }
    }
  }

  *finals(): IterableIterator<Final<K, V>> {
    for (const [key, value] of this.#table.rows(allRows)) {
      if (this.#seen.isKept(startOf(key))) yield this.#bytes.final(key, value);
    }
  }

  /** Writes the value in each open window. */
  set(time: number, key: K, value: V): void {
    for (let start = this.#seen.firstOpen(time); start <= this.#last(time); start += this.#step) {
      this.#put(this.#table.touch(this.#bytes.key(start, key)), value);
    }
  }

  /** Deletes the key's row in each open window. */
  delete(time: number, key: K): void {
    for (let start = this.#seen.firstOpen(time); start <= this.#last(time); start += this.#step) {
      const bytes = this.#bytes.key(start, key);
      // A tombstone for a key that is not there would tell readers of the changelog nothing.
      if (this.#table.locate(bytes) !== undefined) this.#table.delete(this.#table.touch(bytes));
    }
  }

  /**
   * Writes what `change` makes of the row in each open window. Gives the value of the one that is shown:
   * where all of them are closed, what `change` would have made of it.
   */
  update(time: number, key: K, change: (value: V | Found) => V): V {
    const first = this.#seen.firstOpen(time);
    if (first > this.#last(time)) return change(this.get(time, key));
    const shown = this.#change(first, key, change);
    for (let start = first + this.#step; start <= this.#last(time); start += this.#step) {
      this.#change(start, key, change);
    }
    return shown;
  }

  #change(start: number, key: K, change: (value: V | Found) => V): V {
    // The place is taken first: `change` may use the table itself, and the key's bytes with it.
    const slot = this.#table.touch(this.#bytes.key(start, key));
    const value = change(this.#bytes.rows.found(this.#table.at(slot)));
    this.#put(slot, value);
    return value;
  }

  #put(slot: number, value: V): void {
    const { bytes, position } = this.#bytes.rows.value(value);
    this.#table.put(slot, bytes, 0, position);
  }

  #last(time: number): number {
    return this.#seen.shape.last(time);
  }

  get #step(): number {
    return this.#seen.shape.advanceMs;
  }
}
