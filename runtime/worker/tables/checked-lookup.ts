import type { LookupHandle } from "../../state/table-handle.ts";
import type { IndexedLookup } from "../../state/tended/indexed-table.ts";
import type { TableSpec } from "../spec.ts";
import type { IndexedTableSpec } from "./indexed-table.ts";
import { KeyOwner, type RowsPlace } from "./key-owner.ts";

/** A table that is read by keys which the compiler could not prove to be the stream's. */
export class CheckedLookup<K, V, Found> implements LookupHandle<K, V, Found> {
  readonly #rows: LookupHandle<K, V, Found>;
  readonly #owner: KeyOwner<K>;

  constructor(rows: LookupHandle<K, V, Found>, spec: TableSpec<K, V, Found>, place: RowsPlace) {
    this.#rows = rows;
    this.#owner = new KeyOwner(spec, place);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: K): V | Found {
    this.#owner.check(key);
    return this.#rows.get(key);
  }

  getOr(key: K, otherwise: V): V {
    this.#owner.check(key);
    return this.#rows.getOr(key, otherwise);
  }

  has(key: K): boolean {
    this.#owner.check(key);
    return this.#rows.has(key);
  }

  keys(): IterableIterator<K> {
    return this.#rows.keys();
  }

  values(): IterableIterator<V> {
    return this.#rows.values();
  }

  entries(): IterableIterator<[K, V]> {
    return this.#rows.entries();
  }

  range(from: K, to: K): IterableIterator<[K, V]> {
    return this.#rows.range(from, to);
  }

  prefix(text: string): IterableIterator<[K, V]> {
    return this.#rows.prefix(text);
  }
}

/** The same for a table with indexes. */
export class CheckedIndexedLookup<K, V, Found>
  extends CheckedLookup<K, V, Found>
  implements IndexedLookup<K, V, Found>
{
  readonly #found: IndexedLookup<K, V, Found>;

  constructor(
    rows: IndexedLookup<K, V, Found>,
    spec: IndexedTableSpec<K, V, Found>,
    place: RowsPlace,
  ) {
    super(rows, spec, place);
    this.#found = rows;
  }

  by(field: string, value: never): IterableIterator<[K, V]> {
    return this.#found.by(field, value);
  }
}
