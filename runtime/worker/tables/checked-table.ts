import type { TableHandle } from "../../state/table-handle.ts";
import type { TableSpec } from "../spec.ts";
import { KeyOwner, type RowsPlace } from "./key-owner.ts";

/** A table that is used by keys which the compiler could not prove to be the stream's. */
export class CheckedTable<K, V, Found> implements TableHandle<K, V, Found> {
  readonly #table: TableHandle<K, V, Found>;
  readonly #owner: KeyOwner<K>;

  constructor(table: TableHandle<K, V, Found>, spec: TableSpec<K, V, Found>, place: RowsPlace) {
    this.#table = table;
    this.#owner = new KeyOwner(spec, place);
  }

  get size(): number {
    return this.#table.size;
  }

  get(key: K): V | Found {
    this.#owner.check(key);
    return this.#table.get(key);
  }

  getOr(key: K, otherwise: V): V {
    this.#owner.check(key);
    return this.#table.getOr(key, otherwise);
  }

  has(key: K): boolean {
    this.#owner.check(key);
    return this.#table.has(key);
  }

  set(key: K, value: V): void {
    this.#owner.check(key);
    this.#table.set(key, value);
  }

  delete(key: K): void {
    this.#owner.check(key);
    this.#table.delete(key);
  }

  update(key: K, change: (value: V | Found) => V): V {
    this.#owner.check(key);
    return this.#table.update(key, change);
  }

  take(key: K): V | Found {
    this.#owner.check(key);
    return this.#table.take(key);
  }

  clear(): void {
    this.#table.clear();
  }

  keys(): IterableIterator<K> {
    return this.#table.keys();
  }

  values(): IterableIterator<V> {
    return this.#table.values();
  }

  entries(): IterableIterator<[K, V]> {
    return this.#table.entries();
  }

  range(from: K, to: K): IterableIterator<[K, V]> {
    return this.#table.range(from, to);
  }

  prefix(text: string): IterableIterator<[K, V]> {
    return this.#table.prefix(text);
  }
}
