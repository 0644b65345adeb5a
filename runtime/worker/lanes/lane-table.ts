import { RowBytes, wholeOf } from "../../state/row-bytes.ts";
import type { TableHandle } from "../../state/table-handle.ts";
import type { TableSpec } from "../spec.ts";

interface Written<K> {
  readonly key: K;
  /** `null`: deleted. */
  readonly value: Buffer | null;
}

/**
 * A table as one record in a lane sees it: the task's rows, with what the record itself has written
 * before them. The compiler lets functions with lanes use rows by their record's own key only, so
 * that no two lanes have the same row.
 */
export class LaneTable<K, V, Found> implements TableHandle<K, V, Found> {
  readonly #rows: TableHandle<K, V, Found>;
  readonly #bytes: RowBytes<K, V, Found>;
  readonly #guard: () => void;
  readonly #written = new Map<string, Written<K>>();

  constructor(rows: TableHandle<K, V, Found>, table: TableSpec<K, V, Found>, guard: () => void) {
    this.#rows = rows;
    this.#bytes = new RowBytes(table);
    this.#guard = guard;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: K): V | Found {
    const written = this.#find(key);
    if (written === undefined) return this.#rows.get(key);
    return this.#bytes.found(written.value === null ? undefined : wholeOf(written.value));
  }

  getOr(key: K, otherwise: V): V {
    const written = this.#find(key);
    if (written === undefined) return this.#rows.getOr(key, otherwise);
    return written.value === null ? otherwise : this.#bytes.readValue(wholeOf(written.value));
  }

  has(key: K): boolean {
    const written = this.#find(key);
    return written === undefined ? this.#rows.has(key) : written.value !== null;
  }

  set(key: K, value: V): void {
    this.#guard();
    const { bytes, position } = this.#bytes.value(value);
    this.#write(key, Buffer.from(bytes.subarray(0, position)));
  }

  delete(key: K): void {
    this.#guard();
    this.#write(key, null);
  }

  update(key: K, change: (value: V | Found) => V): V {
    this.#guard();
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

  /** Writes to the task's rows what the record has written. */
  apply(): void {
    for (const { key, value } of this.#written.values()) {
      if (value === null) this.#rows.delete(key);
      else this.#rows.set(key, this.#bytes.readValue(wholeOf(value)));
    }
    this.drop();
  }

  drop(): void {
    this.#written.clear();
  }

  #find(key: K): Written<K> | undefined {
    return this.#written.size === 0 ? undefined : this.#written.get(this.#name(key));
  }

  #write(key: K, value: Buffer | null): void {
    this.#written.set(this.#name(key), { key, value });
  }

  #name(key: K): string {
    return this.#bytes.key(key).toString("latin1");
  }
}
