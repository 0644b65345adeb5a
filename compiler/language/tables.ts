import type { Exact, Key, Option, Scalar } from "./options.ts";

/** Marks what is a table, for the types that take one. */
export declare const tableMark: unique symbol;

/** Optional, so that a test can pass a `Map` with an `update` method. */
export interface HasTable<O> {
  readonly [tableMark]?: { readonly options: O };
}

export interface TableOptions<O = unknown> {
  key: Key;
  value: unknown;
  /** What `get` and `update` see where there is no row. It is never stored, and `has` says false. */
  default?: Option<O, "value">;
  /** Its former name, which its changelog keeps: a table is renamed without losing a row. */
  was?: string;
  /** A field, or several, that rows are found by, too: `table.by("field", value)`. */
  index?: IndexField<Option<O, "value">> | readonly IndexField<Option<O, "value">>[];
}

/** The fields of `V` that may be an index. Rows without an optional one are not found by it. */
export type IndexField<V> = {
  [K in keyof V]-?: NonNullable<V[K]> extends Scalar ? K : never;
}[keyof V] &
  string;

/** Rows are shared with the cache: change them by `set` and `update` only. */
export type Row<V> = V extends Scalar | null | undefined ? V : Readonly<V>;
export type Found<O> = O extends { default: unknown }
  ? Row<Option<O, "value">>
  : Row<Option<O, "value">> | undefined;

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
    value: FieldValue<Option<O, "value">, F>,
  ): IterableIterator<[Option<O, "key">, Row<Option<O, "value">>]>;
}

type IndexOf<O> = O extends { index: readonly (infer F)[] }
  ? F
  : O extends { index: infer F }
    ? F
    : never;
type FieldValue<V, F> = F extends keyof V ? NonNullable<V[F]> : never;

/**
 * A table, partitioned as the topic of the functions that use it, durable by its changelog. Write it
 * as a type alias, `type Counts = Table<"counts", { key: string; value: Int }>`.
 */
export type Table<
  N extends string,
  O extends TableOptions<O> & Exact<O, TableOptions<O>>,
> = O extends { index: unknown } ? IndexedTable<N, O> : PlainTable<N, O>;

export interface PlainTable<N extends string, O>
  extends Rows<Option<O, "key">, Option<O, "value">, Found<O>> {
  readonly [tableMark]?: { readonly name: N; readonly options: O };
}

export interface IndexedTable<N extends string, O> extends PlainTable<N, O>, Indexed<O> {}
