import type { Exact, Option, Span } from "./options.ts";
import type { TimestampMillis } from "./scalars.ts";
import type { Found, Row, TableOptions, tableMark } from "./tables.ts";
import type { Failing } from "./triggers.ts";

/** Windows of this length, one after the other, aligned to the epoch. */
export interface Tumbling<S extends Span> {
  readonly size: S;
  readonly tumbling: true;
}

/** Windows of this length that overlap: one begins at each multiple of `Advance` since the epoch. */
export interface Hopping<S extends Span, Advance extends Span> {
  readonly size: S;
  readonly advance: Advance;
}

/**
 * All windows of this length that hold an event, as in KIP-450: for each event of a key one that ends with
 * it, and one that begins right behind it as soon as another event is in that.
 */
export interface Sliding<S extends Span> {
  readonly size: S;
  readonly sliding: true;
}

/**
 * Windows of events of a key between which there is never more than the gap. `Merge` is `typeof fn`: the
 * function that makes one value of those of two sessions, the earlier one's first, when an event between
 * them makes them one.
 */
export interface Session<Gap extends Span, Merge extends (a: never, b: never) => unknown> {
  readonly gap: Gap;
  readonly merge: Merge;
}

type AnyWindow<V> =
  | Tumbling<Span>
  | Hopping<Span, Span>
  | Sliding<Span>
  | Session<Span, (a: V, b: V) => V>;

export interface WindowedTableOptions<O = unknown> extends TableOptions<O> {
  window: AnyWindow<Option<O, "value">>;
  /** How long a window takes late events after its end; a session, after the gap. Then it is closed. */
  grace: Span;
  /** How long a closed window can still be read. Without it, a window is gone when it is closed. */
  expires?: Span;
}

/** Optional, so that a test can pass a plain object. */
export interface HasWindows<O> {
  readonly [tableMark]?: { readonly windowed: true; readonly options: O };
}

/** A window's bounds. */
export interface Window {
  readonly start: TimestampMillis;
  /** Not part of the window. */
  readonly end: TimestampMillis;
}

/** A key's value in one window. */
export interface Final<K, V> {
  readonly key: K;
  readonly window: Window;
  readonly value: V;
}

/** The rows of one window. */
export interface ReadableWindow<K, V, F> {
  get(key: K): F;
  has(key: K): boolean;
  /** The rows of this partition, in the order of their key bytes. */
  entries(): IterableIterator<[K, Row<V>]>;
}

/**
 * The windows that hold one time. What is read is the open one that ends first, which looks back
 * furthest; what is written goes into each open one, and closed ones stay as they are.
 */
export interface WindowRows<K, V, F> extends ReadableWindow<K, V, F> {
  set(key: K, value: V): void;
  delete(key: K): void;
  /** Gives the value of the window that ends first. `change` is called for each, so it must be pure. */
  update(key: K, change: (value: F) => V): V;
}

/** The windows of other times. */
interface OtherTimes<Rows> {
  at(time: Date | TimestampMillis): Rows;
  /** That long before the event; outside of an event, before the stream time. */
  ago(span: Span): Rows;
  /** By the clock. */
  now(): Rows;
  /** By the stream time, or by the event where that is later. */
  current(): Rows;
}

/** Reads the windows of the event that is handled; outside of an event, those at stream time. */
export interface WindowedLookup<K, V, F>
  extends ReadableWindow<K, V, F>,
    OtherTimes<ReadableWindow<K, V, F>> {
  /** The key's value in each window that can still be read, the oldest first. */
  windows(key: K): IterableIterator<Final<K, Row<V>>>;
}

/**
 * A table with a row for each key and window. It acts on the windows of the event that is handled.
 * Write it as a type alias, `type Recent = WindowedTable<"recent", { key: string; value: Int; window:
 * Hopping<"10m", "1m">; grace: "30s" }>`.
 */
export interface WindowedTable<
  N extends string,
  O extends WindowedTableOptions<O> & Exact<O, WindowedTableOptions<O>>,
> extends WindowRows<O["key"], O["value"], Found<O>>,
    OtherTimes<WindowRows<O["key"], O["value"], Found<O>>> {
  readonly [tableMark]?: { readonly name: N; readonly windowed: true; readonly options: O };
  /** The key's value in each window that can still be read, the oldest first. */
  windows(key: O["key"]): IterableIterator<Final<O["key"], Row<O["value"]>>>;
}

/** Reads one window from anywhere. */
export interface WindowView<K, V, F> {
  get(key: K): Promise<F>;
  has(key: K): Promise<boolean>;
  /** The rows of every partition of this worker, in no particular order. */
  entries(): AsyncIterable<readonly [K, Row<V>]>;
}

/** Reads the window at the stream time of the key's partition. */
export interface WindowedView<K, V, F>
  extends WindowView<K, V, F>,
    OtherTimes<WindowView<K, V, F>> {
  /** The key's value in each window that can still be read, the oldest first. */
  windows(key: K): AsyncIterable<Final<K, Row<V>>>;
}

export interface ClosedOptions extends Failing {
  /**
   * After so long without a record, windows close as if time had gone on; later events of such windows
   * are late. `"never"`, or without it: the last ones wait for the next record.
   */
  idle?: Span | "never";
}

/** Runs once for each key and window, when the window is closed; the parameter has its final value. */
export type Closed<
  T extends HasWindows<unknown>,
  _O extends ClosedOptions & Exact<_O, ClosedOptions> = object,
> = T extends HasWindows<infer O> ? Final<Option<O, "key">, Row<Option<O, "value">>> : never;
