import type { Span } from "../span.ts";
import type { SetHandle, SetLookupHandle } from "../state/set-handle.ts";
import type { LookupHandle, TableHandle } from "../state/table-handle.ts";
import type { IndexedLookup, IndexedTable } from "../state/tended/indexed-table.ts";
import type { WindowedLookupHandle, WindowedTableHandle } from "../state/windows/window-handle.ts";
import type { Final } from "../state/windows/window-rows.ts";
import type { ChannelSpec } from "./channels/channel-spec.ts";
import type { ChannelHandle } from "./channels/channels.ts";
import type { CheckScope } from "./checks/check-scope.ts";
import type { SignalHandle } from "./checks/probes.ts";
import type { ClientHandle } from "./rpc/client-handle.ts";
import type { AskSpec } from "./rpc/spec.ts";
import type { SetTableSpec, TableSpec, TopicSpec, WindowedTableSpec } from "./spec.ts";
import type { IndexedTableSpec } from "./tables/indexed-table.ts";

/**
 * What generated code may take for an agent's parameters: in a task. Each call gives a thin typed
 * handle; handles of one table share its rows.
 */
export interface TaskScope extends WorkerScope {
  readonly partition: number;
  /** For functions that certainly use the stream's own key. */
  table<K, V, Found>(table: TableSpec<K, V, Found>): TableHandle<K, V, Found>;
  /** For all others: a key of another partition throws SG8026. */
  checkedTable<K, V, Found>(table: TableSpec<K, V, Found>): TableHandle<K, V, Found>;
  /** The same rows, without the methods that write. */
  lookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found>;
  checkedLookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found>;
  /** The same for tables with indexes. */
  indexed<K, V, Found>(table: IndexedTableSpec<K, V, Found>): IndexedTable<K, V, Found>;
  checkedIndexed<K, V, Found>(table: IndexedTableSpec<K, V, Found>): IndexedTable<K, V, Found>;
  indexedLookup<K, V, Found>(table: IndexedTableSpec<K, V, Found>): IndexedLookup<K, V, Found>;
  checkedIndexedLookup<K, V, Found>(
    table: IndexedTableSpec<K, V, Found>,
  ): IndexedLookup<K, V, Found>;
  /** As `table`, `checkedTable` and `lookup`, for tables of sets. */
  set<K, E>(table: SetTableSpec<K, E>): SetHandle<K, E>;
  checkedSet<K, E>(table: SetTableSpec<K, E>): SetHandle<K, E>;
  setLookup<K, E>(table: SetTableSpec<K, E>): SetLookupHandle<K, E>;
  /** What is sent there is handled before the record is done with. */
  channel<V>(channel: ChannelSpec<V>): ChannelHandle<V>;
  /** The same three for tables with windows. */
  windowed<K, V, Found>(table: WindowedTableSpec<K, V, Found>): WindowedTableHandle<K, V, Found>;
  checkedWindowed<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
  ): WindowedTableHandle<K, V, Found>;
  windowedLookup<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
  ): WindowedLookupHandle<K, V, Found>;
}

/** What is at hand everywhere. */
export interface WorkerScope {
  /** For topics whose values carry the key, or that have none. */
  sink<K, V>(topic: TopicSpec<K, V>): SinkHandle<K, V>;
  /** For topics whose key is not in the value. */
  keyedSink<K, V>(topic: TopicSpec<K, V>): KeyedSinkHandle<K, V>;
  view<K, V, Found>(table: TableSpec<K, V, Found>): ViewHandle<K, V, Found>;
  /** The rows of a table that is whole on every worker. */
  globalLookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found>;
  globalIndexedLookup<K, V, Found>(
    table: IndexedTableSpec<K, V, Found>,
  ): IndexedLookup<K, V, Found>;
  setView<K, E>(table: SetTableSpec<K, E>): SetViewHandle<K, E>;
  windowedView<K, V, Found>(table: WindowedTableSpec<K, V, Found>): WindowedViewHandle<K, V, Found>;
  /** Asks a function, wherever it runs. */
  client<K, Q, A>(ask: AskSpec<K, Q, A>): ClientHandle<Q, A>;
  /** Finds what comes of the probes of a live check. */
  awaited<K, V>(topic: TopicSpec<K, V>): SignalHandle<V>;
  /** For live checks: what is about their probes. */
  checking(): CheckScope;
  /** `agent` names the lines and metrics. */
  context(agent: string): ContextHandle;
  /** What `open` gave; it is called once per worker thread, before the first record. */
  resource<T>(open: (context: ContextHandle) => T): Awaited<T>;
}

/** What is committed, of the partitions that this worker has. */
export interface ViewHandle<K, V, Found> {
  /** Rejects with SG8014 where another worker has the key's partition. */
  get(key: K): Promise<V | Found>;
  has(key: K): Promise<boolean>;
  entries(): AsyncIterable<readonly [K, V]>;
}

/** The same for a table of sets. */
export interface SetViewHandle<K, E> {
  has(key: K, element: E): Promise<boolean>;
  elements(key: K): AsyncIterable<E>;
}

/** The window at the committed stream time of the key's partition; the others by its methods. */
export interface WindowedViewHandle<K, V, Found> extends ViewHandle<K, V, Found> {
  at(time: Date | number): ViewHandle<K, V, Found>;
  /** That long before the stream time. */
  ago(span: Span): ViewHandle<K, V, Found>;
  now(): ViewHandle<K, V, Found>;
  current(): ViewHandle<K, V, Found>;
  /** The key's value in each window that has one, the oldest first. */
  windows(key: K): AsyncIterable<Final<K, V>>;
}

export interface SendOptions {
  readonly timestamp?: Date | number;
  readonly headers?: Readonly<Record<string, string | Uint8Array>>;
  readonly partition?: number;
}

/** `emit…` serve return values: the key and the headers of the input are carried over. */
export interface SinkHandle<K, V> {
  send(value: V, options?: SendOptions): void;
  delete(key: K): void;
  /** Sends a function's return value; `undefined` sends nothing. */
  emit(value: V | undefined): void;
  emitAll(values: Iterable<V>): void;
  /** Sends each value before the next one is asked for. */
  emitEach(values: AsyncIterable<V>): Promise<void>;
}

export interface Keyed<K, V> {
  readonly key: K;
  readonly value: V;
}

export interface KeyedSinkHandle<K, V> {
  send(key: K, value: V, options?: SendOptions): void;
  delete(key: K): void;
  /** A value of `null` is a tombstone, which only compacted topics may have. */
  emit(keyed: Keyed<K, V | null> | undefined): void;
  emitAll(keyed: Iterable<Keyed<K, V | null>>): void;
  emitEach(keyed: AsyncIterable<Keyed<K, V | null>>): Promise<void>;
}

export interface LogFields {
  readonly [name: string]: string | number | bigint | boolean | null | undefined;
}

export interface Logger {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
}

export interface MetricsHandle {
  count(name: string, by?: number): void;
  gauge(name: string, value: number): void;
}

export interface ContextHandle {
  readonly log: Logger;
  readonly metrics: MetricsHandle;
  readonly signal: AbortSignal;
  readonly idempotencyKey: string;
  now(): number;
}

export interface Tick {
  readonly at: number;
  readonly partition?: number;
}
