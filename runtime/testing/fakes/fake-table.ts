import type { TableHandle } from "../../state/table-handle.ts";
import type { AnyTable, FoundIn, RowIn, RowKeyIn } from "./declared.ts";
import { compareKeys, keyText } from "./key-order.ts";

/** What `table` takes: the default is needed where the table has one. */
export type TableArguments<T> =
  undefined extends FoundIn<T>
    ? [rows?: Iterable<readonly [RowKeyIn<T>, RowIn<T>]>]
    : [rows: Iterable<readonly [RowKeyIn<T>, RowIn<T>]>, otherwise: RowIn<T>];

/**
 * A table in memory, for a function that is called in a test. `rows` are what is in it; `otherwise` is
 * the table's `default`. Serves as `Table`, `Lookup`, and by `view` as `View`.
 */
export function table<T extends AnyTable>(
  ...given: TableArguments<T>
): FakeTable<RowKeyIn<T>, RowIn<T>, FoundIn<T>>;
export function table<K, V, Found>(
  rows: Iterable<readonly [K, V]> = [],
  otherwise?: Found,
): FakeTable<K, V, Found | undefined> {
  return new FakeTable(rows, otherwise);
}

/** As in a worker, what is set is a copy, and so is what is found. */
export class FakeTable<K, V, Found> implements TableHandle<K, V, Found> {
  readonly #rows = new Map<string, readonly [K, V]>();
  readonly #otherwise: Found;

  constructor(rows: Iterable<readonly [K, V]>, otherwise: Found) {
    this.#otherwise = otherwise;
    for (const [key, value] of rows) this.set(key, value);
  }

  /** What is in it, for assertions. */
  get rows(): Map<K, V> {
    return new Map(this.entries());
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: K): V | Found {
    const row = this.#rows.get(keyText(key));
    return structuredClone(row === undefined ? this.#otherwise : row[1]);
  }

  getOr(key: K, otherwise: V): V {
    const row = this.#rows.get(keyText(key));
    return row === undefined ? otherwise : structuredClone(row[1]);
  }

  has(key: K): boolean {
    return this.#rows.has(keyText(key));
  }

  set(key: K, value: V): void {
    this.#rows.set(keyText(key), [key, structuredClone(value)]);
  }

  delete(key: K): void {
    this.#rows.delete(keyText(key));
  }

  update(key: K, change: (value: V | Found) => V): V {
    const value = change(this.get(key));
    this.set(key, value);
    return value;
  }

  take(key: K): V | Found {
    const found = this.get(key);
    this.delete(key);
    return found;
  }

  clear(): void {
    this.#rows.clear();
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  *range(from: K, to: K): IterableIterator<[K, V]> {
    for (const [key, value] of this.entries()) {
      if (compareKeys(key, from) >= 0 && compareKeys(key, to) < 0) yield [key, value];
    }
  }

  *prefix(text: string): IterableIterator<[K, V]> {
    for (const [key, value] of this.entries()) {
      if (String(key).startsWith(text)) yield [key, value];
    }
  }

  /** The rows whose field has the value, as by an index of the table. */
  *by(field: string, value: unknown): IterableIterator<[K, V]> {
    for (const [key, row] of this.entries()) {
      const found: unknown = Object(row)[field];
      const isFound = found !== undefined && found !== null && keyText(found) === keyText(value);
      if (isFound) yield [key, row];
    }
  }

  *entries(): IterableIterator<[K, V]> {
    const sorted = [...this.#rows.values()].sort(([one], [other]) => compareKeys(one, other));
    for (const [key, value] of sorted) yield [key, structuredClone(value)];
  }
}
