import type { Exact, Key, Option } from "./options.ts";
import type { Row, tableMark } from "./tables.ts";

/** Optional, so that a test can pass a fake. */
export interface HasElements<O> {
  readonly [tableMark]?: { readonly elements: O };
}

export interface SetTableOptions {
  key: Key;
  /** What the sets hold: a scalar, or a flat record. */
  element: Key;
  /** Its former name, which its changelog keeps. */
  was?: string;
}

type KeyOfSet<T> = T extends HasElements<infer O> ? Option<O, "key"> : never;
type ElementOfSet<T> = T extends HasElements<infer O> ? Option<O, "element"> : never;

/** What can be asked of a table of sets. */
export interface ReadableSets<K, E> {
  has(key: K, element: E): boolean;
  /** The elements of a key, in the order of their bytes. */
  elements(key: K): IterableIterator<Row<E>>;
  /** The number of elements that a key has; counted by a walk through them. */
  size(key: K): number;
}

export interface Sets<K, E> extends ReadableSets<K, E> {
  /** Gives whether the element is new. */
  add(key: K, element: E): boolean;
  /** Gives whether the element was there. */
  delete(key: K, element: E): boolean;
  /** Deletes the elements of a key. */
  clear(key: K): void;
}

/**
 * A table of sets, partitioned and durable like a `Table`. An element is a row of its own, however
 * many a set has: `type Tags = SetTable<"tags", { key: string; element: string }>`.
 */
export interface SetTable<N extends string, O extends SetTableOptions & Exact<O, SetTableOptions>>
  extends Sets<O["key"], O["element"]> {
  readonly [tableMark]?: { readonly name: N; readonly elements: O };
}

/** `Lookup` of a table of sets. */
export type SetLookup<T> = ReadableSets<KeyOfSet<T>, ElementOfSet<T>>;

/** `View` of a table of sets. */
export interface SetView<T> {
  has(key: KeyOfSet<T>, element: ElementOfSet<T>): Promise<boolean>;
  elements(key: KeyOfSet<T>): AsyncIterable<Row<ElementOfSet<T>>>;
}
