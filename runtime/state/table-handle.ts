import type { KeyRange } from "./key-range.ts";
import type { PartitionTable } from "./partition-table.ts";
import { RowBytes, type RowCodec, wholeOf } from "./row-bytes.ts";

/** Reads the rows of one partition. `Found` is what there is where there is no row. */
export interface LookupHandle<K, V, Found> {
  get(key: K): V | Found;
  getOr(key: K, otherwise: V): V;
  has(key: K): boolean;
  /** Counted by a scan when it is first asked for, then kept. */
  readonly size: number;
  keys(): IterableIterator<K>;
  values(): IterableIterator<V>;
  /** In the order of the keys' bytes. */
  entries(): IterableIterator<[K, V]>;
  /** From a key to another, which is left out. Throws SG7201 where keys do not sort. */
  range(from: K, to: K): IterableIterator<[K, V]>;
  /** The keys that begin with a text. Throws SG7202 where keys are no texts. */
  prefix(text: string): IterableIterator<[K, V]>;
}

/** Values are encoded before these return: changing an object afterwards changes no row. */
export interface TableHandle<K, V, Found> extends LookupHandle<K, V, Found> {
  set(key: K, value: V): void;
  delete(key: K): void;
  update(key: K, change: (value: V | Found) => V): V;
  take(key: K): V | Found;
  clear(): void;
}

/** The reading half of a table. */
export function makeLookup<K, V, Found>(
  table: PartitionTable,
  codec: RowCodec<K, V, Found>,
): LookupHandle<K, V, Found> {
  return new Rows(table, codec, new RowBytes(codec));
}

/** A table whose writes first ask `guard`, which throws where writing makes no sense. */
export function makeTable<K, V, Found>(
  table: PartitionTable,
  codec: RowCodec<K, V, Found>,
  guard: () => void,
): TableHandle<K, V, Found> {
  return new WritableRows(table, codec, guard);
}

class Rows<K, V, Found> implements LookupHandle<K, V, Found> {
  readonly #table: PartitionTable;
  readonly #codec: RowCodec<K, V, Found>;
  readonly #bytes: RowBytes<K, V, Found>;

  constructor(table: PartitionTable, codec: RowCodec<K, V, Found>, bytes: RowBytes<K, V, Found>) {
    this.#table = table;
    this.#codec = codec;
    this.#bytes = bytes;
  }

  get(key: K): V | Found {
    return this.#bytes.found(this.#table.locate(this.#bytes.key(key)));
  }

  getOr(key: K, otherwise: V): V {
    const found = this.#table.locate(this.#bytes.key(key));
    return found === undefined ? otherwise : this.#bytes.readValue(found);
  }

  has(key: K): boolean {
    return this.#table.locate(this.#bytes.key(key)) !== undefined;
  }

  get size(): number {
    if (this.#codec.space === undefined) return this.#table.size;
    let count = 0;
    for (const _ of this.#table.rows(this.#bytes.space)) count += 1;
    return count;
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.#table.rows(this.#bytes.space)) yield this.#bytes.readKey(key);
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.#table.rows(this.#bytes.space))
      yield this.#bytes.readValue(wholeOf(value));
  }

  entries(): IterableIterator<[K, V]> {
    return this.#within(this.#bytes.space);
  }

  range(from: K, to: K): IterableIterator<[K, V]> {
    return this.#within(this.#bytes.range(from, to));
  }

  prefix(text: string): IterableIterator<[K, V]> {
    return this.#within(this.#bytes.prefix(text));
  }

  /** Shown by `console.log`, which would otherwise show nothing. */
  get [Symbol.toStringTag](): string {
    return `Table ${this.#codec.name}`;
  }

  *#within(range: KeyRange): IterableIterator<[K, V]> {
    for (const [key, value] of this.#table.rows(range)) {
      yield [this.#bytes.readKey(key), this.#bytes.readValue(wholeOf(value))];
    }
  }
}

class WritableRows<K, V, Found> implements TableHandle<K, V, Found> {
  readonly #table: PartitionTable;
  readonly #bytes: RowBytes<K, V, Found>;
  readonly #rows: Rows<K, V, Found>;
  readonly #guard: () => void;

  constructor(table: PartitionTable, codec: RowCodec<K, V, Found>, guard: () => void) {
    this.#table = table;
    this.#bytes = new RowBytes(codec);
    this.#rows = new Rows(table, codec, this.#bytes);
    this.#guard = guard;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: K): V | Found {
    return this.#rows.get(key);
  }

  getOr(key: K, otherwise: V): V {
    return this.#rows.getOr(key, otherwise);
  }

  has(key: K): boolean {
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

  set(key: K, value: V): void {
    this.#guard();
    const { bytes, position } = this.#bytes.value(value);
    this.#table.put(this.#table.touch(this.#bytes.key(key)), bytes, 0, position);
  }

  delete(key: K): void {
    this.#guard();
    const bytes = this.#bytes.key(key);
    // A tombstone for a key that is not there would tell readers of the changelog nothing.
    if (this.#table.locate(bytes) !== undefined) this.#table.delete(this.#table.touch(bytes));
  }

  update(key: K, change: (value: V | Found) => V): V {
    this.#guard();
    // The place is taken first: `change` may use the table itself, and the key's bytes with it.
    const slot = this.#table.touch(this.#bytes.key(key));
    const value = change(this.#bytes.found(this.#table.at(slot)));
    const { bytes, position } = this.#bytes.value(value);
    this.#table.put(slot, bytes, 0, position);
    return value;
  }

  take(key: K): V | Found {
    this.#guard();
    const slot = this.#table.touch(this.#bytes.key(key));
    const row = this.#table.at(slot);
    const found = this.#bytes.found(row);
    if (row !== undefined) this.#table.delete(slot);
    return found;
  }

  clear(): void {
    this.#guard();
    for (const [key] of this.#table.rows(this.#bytes.space)) this.#table.write(key, null);
  }
}
