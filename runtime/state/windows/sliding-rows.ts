import type { PartitionTable } from "../partition-table.ts";
import type { SlidingSpec } from "./keyed-spec.ts";
import {
  type KeyedCodec,
  type KeyedWindow,
  KeyedWindows,
  KeyedWriting,
  type RowsIn,
} from "./keyed-windows.ts";
import type { WindowSight } from "./seen-windows.ts";
import type { Final, ReadableWindows, WritableWindows } from "./window-rows.ts";

/** How the rows of a table of sliding windows are written. */
export interface SlidingCodec<K, V, Found> extends KeyedCodec<K, V, Found> {
  readonly windows: SlidingSpec;
}

/**
 * Sliding windows of one partition, as in KIP-450: for each event of a key one that ends with it, and one
 * that begins right behind it as soon as that holds an event. Thus there is a window for every set of
 * events that a window of this length can hold, and a time is shown the one that looks back from it.
 */
export class ReadableSliding<K, V, Found> implements ReadableWindows<K, V, Found> {
  readonly keyed: KeyedWindows<K, V, Found>;
  readonly sizeMs: number;
  readonly #codec: SlidingCodec<K, V, Found>;
  readonly #sight: WindowSight;

  constructor(codec: SlidingCodec<K, V, Found>, rowsIn: RowsIn, sight: WindowSight) {
    this.#codec = codec;
    this.keyed = new KeyedWindows(codec, rowsIn);
    this.sizeMs = codec.windows.sizeMs;
    this.#sight = sight;
  }

  get(time: number, key: K): V | Found {
    const shown = this.#shown(this.#near(key, time), time);
    return shown === undefined ? this.#codec.missing() : this.keyed.valueOf(shown);
  }

  has(time: number, key: K): boolean {
    return this.#shown(this.#near(key, time), time) !== undefined;
  }

  /** What each key had in the window that ends with this time. */
  *entries(time: number): IterableIterator<[K, V]> {
    let windows: KeyedWindow[] = [];
    for (const window of this.keyed.all()) {
      const [first] = windows;
      if (first !== undefined && !this.keyed.isSameKey(first, window)) {
        yield* this.#entry(windows, time);
        windows = [];
      }
      if (window.start <= time) windows.push(window);
    }
    yield* this.#entry(windows, time);
  }

  /** Every window that can still be read, the oldest first. */
  *windows(_time: number, key: K): IterableIterator<Final<K, V>> {
    for (const window of this.keyed.of(key)) {
      if (this.#isKept(window.end)) yield this.keyed.final(window);
    }
  }

  *finals(): IterableIterator<Final<K, V>> {
    for (const window of this.keyed.all()) {
      if (this.#isKept(window.end)) yield this.keyed.final(window);
    }
  }

  /** Where the window begins that ends with a time. */
  startFor(time: number): number {
    return time - this.sizeMs + 1;
  }

  isOpen(start: number): boolean {
    return this.keyed.times.isOpen(start + this.sizeMs, this.#sight.streamTime);
  }

  /**
   * The window that has what happened in the one that ends with a time: that one itself, or the last one
   * that ended before, as far as that reaches. `windows` are those that begin no later.
   */
  held(windows: readonly KeyedWindow[], time: number): KeyedWindow | undefined {
    const nearest = windows.at(-1);
    return nearest !== undefined && nearest.last >= this.startFor(time) ? nearest : undefined;
  }

  #near(key: K, time: number): readonly KeyedWindow[] {
    if (!Number.isFinite(time)) return [];
    return [...this.keyed.of(key, time - 2 * this.sizeMs + 1, time)];
  }

  /**
   * The window that looks back from the time; where that is gone, the open one that holds the time and
   * ends first, if there is one. `windows` are those that begin no later than the time.
   */
  #shown(windows: readonly KeyedWindow[], time: number): KeyedWindow | undefined {
    const own = this.startFor(time);
    if (this.#isKept(time + 1)) {
      return this.held(
        windows.filter(({ start }) => start <= own),
        time,
      );
    }
    return windows.find(({ start }) => start > own && this.isOpen(start));
  }

  #isKept(end: number): boolean {
    return this.keyed.times.isKept(end, this.#sight.streamTime);
  }

  *#entry(windows: readonly KeyedWindow[], time: number): IterableIterator<[K, V]> {
    const shown = this.#shown(windows, time);
    if (shown !== undefined) yield [this.keyed.keyOf(shown), this.keyed.valueOf(shown)];
  }
}

/** A window to be written, and what it holds before the event; without it, nothing. */
interface Touched {
  readonly row: Buffer;
  readonly start: number;
  readonly last: number;
  readonly holds: KeyedWindow | undefined;
  /** Whether it is in the table. */
  readonly isNew: boolean;
}

/** The same, to be written: each open window that holds an event is changed by it. */
export class SlidingRows<K, V, Found>
  extends ReadableSliding<K, V, Found>
  implements WritableWindows<K, V, Found>
{
  readonly #writing: KeyedWriting<K, V, Found>;

  constructor(table: PartitionTable, codec: SlidingCodec<K, V, Found>, sight: WindowSight) {
    super(codec, (range) => table.rows(range), sight);
    this.#writing = new KeyedWriting(table, this.keyed);
  }

  /** Writes the value in each open window that holds the time. */
  set(time: number, key: K, value: V): void {
    this.update(time, key, () => value);
  }

  /** Deletes the key's row in each open window that holds the time. */
  delete(time: number, key: K): void {
    for (const window of [...this.keyed.of(key, this.startFor(time), time)]) {
      if (this.isOpen(window.start)) this.#writing.remove(window);
    }
  }

  /**
   * Changes each open window that holds the time. Gives the value of the one that ends first, which is
   * the one that ends with the time; where all are closed, what `change` would have made of that.
   */
  update(time: number, key: K, change: (value: V | Found) => V): V {
    const near = [...this.keyed.of(key, time - 2 * this.sizeMs + 1, time + 1)];
    const behind = this.#behind(near, time, key);
    const [first, ...others] = this.#touched(near, time, key);
    if (first === undefined) return change(this.get(time, key));
    const value = this.#change(first, time, change);
    for (const touched of others) this.#change(touched, time, change);
    if (behind !== undefined) this.#writing.put(behind.row, behind.last, behind.value);
    return value;
  }

  /** The open windows that hold the time, those that it makes among them, by their starts. */
  #touched(near: readonly KeyedWindow[], time: number, key: K): readonly Touched[] {
    const own = this.startFor(time);
    const ended = near.filter(({ start }) => start < own);
    const holding = near.filter(({ start }) => start >= own && start <= time);
    const touched = holding.map((window): Touched => ({ ...window, holds: window, isNew: false }));
    const fresh = (start: number, holds: KeyedWindow | undefined): Touched => ({
      ...{ row: this.keyed.rowOf(key, start), start, last: time, holds, isNew: true },
    });
    if (holding[0]?.start !== own) touched.unshift(fresh(own, this.held(ended, time)));
    const before = Math.max(
      ...[...ended, ...holding].map(({ last }) => last).filter((last) => last < time),
    );
    // Where it is as far away as a window is long, the one behind it is the one that ends with the time.
    const isAlone = before >= own && !near.some(({ start }) => start === before + 1);
    if (isAlone) touched.push(fresh(before + 1, undefined));
    return touched.filter(({ start }) => this.isOpen(start)).sort((a, b) => a.start - b.start);
  }

  /** The window right behind the time, where it is open, not there yet, and holds later events. */
  #behind(
    near: readonly KeyedWindow[],
    time: number,
    key: K,
  ): { readonly row: Buffer; readonly last: number; readonly value: V } | undefined {
    const start = time + 1;
    if (!this.isOpen(start) || near.some((window) => window.start === start)) return undefined;
    const latest = near.filter((window) => window.start <= time && window.end > time).at(-1);
    if (latest === undefined || latest.last <= time) return undefined;
    const row = this.keyed.rowOf(key, start);
    return { row, last: latest.last, value: this.keyed.valueOf(latest) };
  }

  #change({ holds, isNew, last, row }: Touched, time: number, change: (value: V | Found) => V): V {
    const value = change(
      holds === undefined ? this.keyed.codec.missing() : this.keyed.valueOf(holds),
    );
    this.#writing.put(row, Math.max(last, time), value, isNew ? undefined : holds);
    return value;
  }
}
