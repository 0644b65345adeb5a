import { StreamgenError } from "../../errors.ts";
import type { Span } from "../../span.ts";
import type { WindowSight } from "./seen-windows.ts";
import { spanMs } from "./span.ts";
import type { Final, ReadableWindows, WritableWindows } from "./window-rows.ts";

/** Reads the rows of one window: the open one that ends first, of those that hold a time. */
export interface WindowLookupHandle<K, V, Found> {
  get(key: K): V | Found;
  has(key: K): boolean;
  /** In the order of the keys' bytes. */
  entries(): IterableIterator<[K, V]>;
}

/** Writes to every open window that holds a time; closed ones stay as they are. */
export interface WindowHandle<K, V, Found> extends WindowLookupHandle<K, V, Found> {
  set(key: K, value: V): void;
  delete(key: K): void;
  /** Calls `change` once for each window. Gives the value of the one that ends first. */
  update(key: K, change: (value: V | Found) => V): V;
}

interface OtherTimes<Rows> {
  at(time: Date | number): Rows;
  /** That long before the event. */
  ago(span: Span): Rows;
  /** By the clock. */
  now(): Rows;
  /** By the stream time, or by the event where that is later: behind `groupBy` stream time lags. */
  current(): Rows;
}

/** The windows of the event that is handled; outside of one, those at stream time. */
export interface WindowedLookupHandle<K, V, Found>
  extends WindowLookupHandle<K, V, Found>,
    OtherTimes<WindowLookupHandle<K, V, Found>> {
  /** The key's value in each window that has one, the oldest first. */
  windows(key: K): IterableIterator<Final<K, V>>;
}

export interface WindowedTableHandle<K, V, Found>
  extends WindowHandle<K, V, Found>,
    OtherTimes<WindowHandle<K, V, Found>> {
  windows(key: K): IterableIterator<Final<K, V>>;
}

/** What a handle's windows are chosen by, in milliseconds since the epoch. */
export interface WindowTimes extends WindowSight {
  /** The event's time; outside of an event, the stream time. */
  readonly eventTime: number;
  readonly clockTime: number;
}

/** Asked before a key is used; throws where it must not be. */
export interface KeyGuard<K> {
  reading(key: K): void;
  writing(key: K): void;
}

export function makeWindowedTable<K, V, Found>(
  rows: WritableWindows<K, V, Found>,
  times: WindowTimes,
  guard: KeyGuard<K>,
): WindowedTableHandle<K, V, Found> {
  const at = (time: number) => new Writable(rows, guard, () => time);
  const own = new Writable(rows, guard, () => times.eventTime);
  return Object.assign(own, others(times, at), {
    windows: (key: K) => {
      guard.reading(key);
      return rows.windows(times.eventTime, key);
    },
  });
}

/** The reading half. */
export function makeWindowedLookup<K, V, Found>(
  rows: ReadableWindows<K, V, Found>,
  times: WindowTimes,
): WindowedLookupHandle<K, V, Found> {
  const at = (time: number) => new Readable(rows, () => time);
  const own = new Readable(rows, () => times.eventTime);
  return Object.assign(own, others(times, at), {
    windows: (key: K) => rows.windows(times.eventTime, key),
  });
}

function others<Rows>(times: WindowTimes, rowsAt: (time: number) => Rows): OtherTimes<Rows> {
  return {
    at: (time) => rowsAt(wholeTime(time)),
    ago: (span) => rowsAt(times.eventTime - spanMs(span)),
    now: () => rowsAt(times.clockTime),
    current: () => rowsAt(Math.max(times.streamTime, times.eventTime)),
  };
}

/** Milliseconds since the epoch. Throws SG8302 for what is no time. */
export function wholeTime(time: Date | number): number {
  const ms = time instanceof Date ? time.getTime() : time;
  if (Number.isSafeInteger(ms)) return ms;
  throw new StreamgenError("SG8302", `${ms} is no time in whole milliseconds since the epoch`);
}

class Readable<K, V, Found> implements WindowLookupHandle<K, V, Found> {
  readonly #rows: ReadableWindows<K, V, Found>;
  readonly #time: () => number;

  constructor(rows: ReadableWindows<K, V, Found>, time: () => number) {
    this.#rows = rows;
    this.#time = time;
  }

  get(key: K): V | Found {
    return this.#rows.get(this.#time(), key);
  }

  has(key: K): boolean {
    return this.#rows.has(this.#time(), key);
  }

  entries(): IterableIterator<[K, V]> {
    return this.#rows.entries(this.#time());
  }
}

class Writable<K, V, Found> implements WindowHandle<K, V, Found> {
  readonly #rows: WritableWindows<K, V, Found>;
  readonly #guard: KeyGuard<K>;
  readonly #time: () => number;

  constructor(rows: WritableWindows<K, V, Found>, guard: KeyGuard<K>, time: () => number) {
    this.#rows = rows;
    this.#guard = guard;
    this.#time = time;
  }

  get(key: K): V | Found {
    this.#guard.reading(key);
    return this.#rows.get(this.#time(), key);
  }

  has(key: K): boolean {
    this.#guard.reading(key);
    return this.#rows.has(this.#time(), key);
  }

  entries(): IterableIterator<[K, V]> {
    return this.#rows.entries(this.#time());
  }

  set(key: K, value: V): void {
    this.#guard.writing(key);
    this.#rows.set(this.#time(), key, value);
  }

  delete(key: K): void {
    this.#guard.writing(key);
    this.#rows.delete(this.#time(), key);
  }

  update(key: K, change: (value: V | Found) => V): V {
    this.#guard.writing(key);
    return this.#rows.update(this.#time(), key, change);
  }
}
