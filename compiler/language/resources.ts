import type { Option } from "./options.ts";
import type { TimestampMillis } from "./scalars.ts";
import type { HasElements, SetLookup, SetView } from "./sets.ts";
import type { Found, HasTable, Indexed, ReadableRows, Row, RowKey, RowValue } from "./tables.ts";
import type { AnyTopic, KeyOf, OptionsOf, Tombstone } from "./topics.ts";
import type { HasWindows, WindowedLookup, WindowedView } from "./windows.ts";

type TableOptionsOf<T> = T extends HasTable<infer O> ? O : never;
export type KeyOfTable<T> = RowKey<TableOptionsOf<T>>;
export type ValueOfTable<T> = RowValue<TableOptionsOf<T>>;

/** A `Table` or a `SetTable`. */
export type AnyTable = HasTable<unknown> | HasElements<unknown>;

/**
 * Reads a table that functions of the same agent group write, or the table of a topic: here, at once,
 * without writing. A global table may be read by any key.
 */
export type Lookup<T extends AnyTable> =
  T extends HasElements<unknown>
    ? SetLookup<T>
    : T extends HasWindows<infer O>
      ? WindowedLookup<Option<O, "key">, Option<O, "value">, Found<O>>
      : TableOptionsOf<T> extends { index: unknown }
        ? TableLookup<T> & Indexed<TableOptionsOf<T>>
        : TableLookup<T>;

type TableLookup<T> = ReadableRows<KeyOfTable<T>, ValueOfTable<T>, Found<TableOptionsOf<T>>>;

/** Reads a table from anywhere. Sees what is committed. */
export type View<T extends AnyTable> =
  T extends HasElements<unknown>
    ? SetView<T>
    : T extends HasWindows<infer O>
      ? WindowedView<Option<O, "key">, Option<O, "value">, Found<O>>
      : TableView<T>;

export interface TableView<T> {
  get(key: KeyOfTable<T>): Promise<Found<TableOptionsOf<T>>>;
  has(key: KeyOfTable<T>): Promise<boolean>;
  /** The rows of every partition of this worker, in no particular order. */
  entries(): AsyncIterable<readonly [KeyOfTable<T>, Row<ValueOfTable<T>>]>;
}

export interface SendOptions {
  /** The record's timestamp. Without it, the event time of the input. */
  readonly timestamp?: Date | TimestampMillis;
  readonly headers?: Readonly<Record<string, string | Uint8Array>>;
  /** Instead of the one that the key gives. */
  readonly partition?: number;
}

type SendArguments<O> = O extends { value: infer V; inWorker: true }
  ? [value: V]
  : O extends { key: infer K; value: infer V }
    ? [key: K, value: V, options?: SendOptions]
    : O extends { value: infer V }
      ? [value: V, options?: SendOptions]
      : never;

/**
 * Sends records. The value is encoded before `send` returns, so changing it afterwards has no effect;
 * readers see it with the commit that holds the input.
 */
export interface Sink<T extends AnyTopic> {
  send(...args: SendArguments<OptionsOf<T>>): void;
  /** Sends a tombstone. Only for compacted topics. */
  delete(key: null extends Tombstone<OptionsOf<T>> ? KeyOf<T> : never): void;
}

export interface LogFields {
  readonly [name: string]: string | number | bigint | boolean | null | undefined;
}

/** Writes structured lines about what the function does. */
export interface Logger {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
}

export interface Metrics {
  count(name: string, by?: number): void;
  gauge(name: string, value: number): void;
}

export interface Context {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Aborted when the worker stops or the partition is taken away. */
  readonly signal: AbortSignal;
  /** The same for every attempt at one record: topic, partition and offset. */
  readonly idempotencyKey: string;
  /** The worker's clock. */
  now(): TimestampMillis;
}

/** What `open` gives: made at the worker's start, disposed (`Symbol.asyncDispose`, `close`) at its stop. */
export type Resource<F extends (context: Context) => unknown> = Awaited<ReturnType<F>>;
