import type { Exact, Key, Option, Scalar } from "./options.ts";
import type { AnyTopic, KeyOf, ValueOf } from "./topics.ts";

/** Marks what is a table, for the types that take one. */
export declare const tableMark: unique symbol;

/** Optional, so that a test can pass a `Map` with an `update` method. */
export interface HasTable<O> {
  readonly [tableMark]?: { readonly options: O };
}

export interface TableOptions<O = unknown> {
  /** The type of a row's key. */
  key?: O extends { from: unknown } ? "'key' follows from 'from': leave it out" : Key;
  /** The type of a row. */
  value?: O extends { from: unknown } ? "'value' follows from 'from': leave it out" : unknown;
  /**
   * Instead of both: the topic whose records are the rows, the last one of each key, until a tombstone
   * deletes it. Nothing else writes such a table, and functions read it through `Lookup` or `View`.
   */
  from?: AnyTopic;
  /** What `get` and `update` see where there is no row. It is never stored, and `has` says false. */
  default?: RowValue<O>;
  /** Its former name, which its changelog keeps: a table is renamed without losing a row. */
  was?: string;
  /** A field, or several, that rows are found by, too: `table.by("field", value)`. */
  index?: IndexField<RowValue<O>> | readonly IndexField<RowValue<O>>[];
  /** Of a table of a topic: whole on every worker, whatever partitions and keys that has. */
  global?: O extends { from: unknown } ? boolean : "'global' is for tables of topics";
  /** Of a table of a topic: whether a record that cannot be read stops its task, or is left out. */
  onError?: O extends { from: unknown } ? "stop" | "skip" : "'onError' is for tables of topics";
}

/** What a table cannot be without. */
type NeededOptions<O> = {
  readonly [K in O extends { from: unknown } ? "from" : "key" | "value"]: unknown;
};

/** The type of a table's keys, by its options. */
export type RowKey<O> = O extends { from: infer T } ? KeyOf<T> : Option<O, "key">;
/** The type of a table's values, by its options. */
export type RowValue<O> = O extends { from: infer T } ? ValueOf<T> : Option<O, "value">;

/** The fields of `V` that may be an index. Rows without an optional one are not found by it. */
export type IndexField<V> = {
  [K in keyof V]-?: NonNullable<V[K]> extends Scalar ? K : never;
}[keyof V] &
  string;

/** Rows are shared with the cache: change them by `set` and `update` only. */
export type Row<V> = V extends Scalar | null | undefined ? V : Readonly<V>;
export type Found<O> = O extends { default: unknown }
  ? Row<RowValue<O>>
  : Row<RowValue<O>> | undefined;

/** A key that sorts: records do not, because stores hold them as bare Avro. */
export type SortedKey<K> = K extends Scalar ? K : never;
/** What texts may begin with; other keys have no beginning. */
export type KeyPrefix<K> = K extends string ? string : never;

/** What can be asked of a table. Synchronous: rows are at hand, or are fetched before the call returns. */
export interface ReadableRows<K, V, F> {
  get(key: K): F;
  getOr(key: K, otherwise: Row<V>): Row<V>;
  has(key: K): boolean;
  /** The number of rows in this partition. */
  readonly size: number;
  keys(): IterableIterator<K>;
  values(): IterableIterator<Row<V>>;
  /** The rows of this partition, in the order of their key bytes. */
  entries(): IterableIterator<[K, Row<V>]>;
  /** The rows of this partition whose keys are at least `from` and less than `to`, in key order. */
  range(from: SortedKey<K>, to: SortedKey<K>): IterableIterator<[K, Row<V>]>;
  /** The rows of this partition whose keys begin with `text`, in key order. */
  prefix(text: KeyPrefix<K>): IterableIterator<[K, Row<V>]>;
}

/** `set` and `update` encode at once: changing the object afterwards changes no row. */
export interface Rows<K, V, F> extends ReadableRows<K, V, F> {
  set(key: K, value: V): void;
  delete(key: K): void;
  /** Writes what `change` makes of the row, and gives it back. */
  update(key: K, change: (value: F) => V): V;
  /** The row, which is deleted. */
  take(key: K): F;
  /** Deletes every row of this partition. */
  clear(): void;
}

/** Finds rows by their fields. */
export interface Indexed<O> {
  /**
   * The rows of this partition whose field has this value, in key order. Rows may be written
   * meanwhile; a row that gets another value is not found any more.
   */
  by<F extends IndexOf<O>>(
    field: F,
    value: FieldValue<RowValue<O>, F>,
  ): IterableIterator<[RowKey<O>, Row<RowValue<O>>]>;
}

type IndexOf<O> = O extends { index: readonly (infer F)[] }
  ? F
  : O extends { index: infer F }
    ? F
    : never;
type FieldValue<V, F> = F extends keyof V ? NonNullable<V[F]> : never;

/**
 * A table, partitioned as the topic of the functions that use it, durable by its changelog. Write it
 * as a type alias, `type Counts = Table<"counts", { key: string; value: Int }>`. With `from`, its rows
 * are the records of a topic, which functions read through `Lookup`.
 */
export type Table<
  N extends string,
  O extends TableOptions<O> & Exact<O, TableOptions<O>> & NeededOptions<O>,
> = O extends { from: unknown }
  ? SourcedTable<N, O>
  : O extends { index: unknown }
    ? IndexedTable<N, O>
    : PlainTable<N, O>;

export interface PlainTable<N extends string, O> extends Rows<RowKey<O>, RowValue<O>, Found<O>> {
  readonly [tableMark]?: { readonly name: N; readonly options: O };
}

export interface IndexedTable<N extends string, O> extends PlainTable<N, O>, Indexed<O> {}

/** A table of a topic: only the topic's records change it. */
export interface SourcedTable<N extends string, O>
  extends ReadableRows<RowKey<O>, RowValue<O>, Found<O>> {
  readonly [tableMark]?: { readonly name: N; readonly options: O };
}
