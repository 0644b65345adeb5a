import type { PartitionTable } from "../partition-table.ts";
import { RowBytes } from "../row-bytes.ts";
import { type LookupHandle, makeLookup, makeTable, type TableHandle } from "../table-handle.ts";
import { Entries, rowOfEntry } from "./entries.ts";
import { storedCodec, type TendedCodec } from "./tended-codec.ts";

/** Finds rows by their fields, too. */
export interface IndexedLookup<K, V, Found> extends LookupHandle<K, V, Found> {
  /**
   * The rows whose field has a value, in key order. They may be written meanwhile. Throws SG7203 where
   * the table has no such index.
   */
  by(field: string, value: never): IterableIterator<[K, V]>;
}

export interface IndexedTable<K, V, Found>
  extends TableHandle<K, V, Found>,
    Pick<IndexedLookup<K, V, Found>, "by"> {}

/** What decides whether an indexed table may be written. */
export interface Guard {
  /** Throws where writing makes no sense. */
  check(): void;
  readonly isOpen: boolean;
}

/** The reading half of a table with indexes. */
export function makeIndexedLookup<K, V, Found>(
  table: PartitionTable,
  codec: TendedCodec<K, V, Found>,
): IndexedLookup<K, V, Found> {
  const found = new FoundRows(table, codec, () => undefined);
  const rows = makeLookup(table, storedCodec(codec));
  return Object.assign(rows, {
    by: (field: string, value: never) => found.by(field, value),
  });
}

/** A table whose indexes follow its rows. */
export function makeIndexedTable<K, V, Found>(
  table: PartitionTable,
  codec: TendedCodec<K, V, Found>,
  guard: Guard,
): IndexedTable<K, V, Found> {
  return new IndexedRows(table, codec, guard);
}

/** Looks rows up by entries, which may say too much. */
class FoundRows<K, V, Found> {
  readonly #table: PartitionTable;
  readonly #bytes: RowBytes<K, V, Found>;
  readonly #entries: Entries<V>;
  readonly #idle: (entry: Buffer) => void;

  /** `idle` is told of entries that find nothing. */
  constructor(
    table: PartitionTable,
    codec: TendedCodec<K, V, Found>,
    idle: (entry: Buffer) => void,
  ) {
    this.#table = table;
    this.#bytes = new RowBytes(storedCodec(codec));
    this.#entries = new Entries(codec.name, codec.indexes ?? {});
    this.#idle = idle;
  }

  by(field: string, value: never): IterableIterator<[K, V]> {
    const entries = this.#table.rows(this.#entries.withValue(field, value));
    return this.#found(entries);
  }

  *#found(entries: Iterable<readonly [Buffer, Buffer]>): IterableIterator<[K, V]> {
    for (const [entry] of entries) {
      const key = rowOfEntry(entry);
      const at = this.#table.locate(key);
      const row = at === undefined ? undefined : { value: this.#bytes.readValue(at) };
      if (row !== undefined && this.#entries.isOf(entry, key, row.value)) {
        yield [this.#bytes.readKey(key), row.value];
      } else this.#idle(entry);
    }
  }
}

const noBytes = Buffer.alloc(0);

class IndexedRows<K, V, Found> implements IndexedTable<K, V, Found> {
  readonly #table: PartitionTable;
  readonly #rows: TableHandle<K, V, Found>;
  readonly #found: FoundRows<K, V, Found>;
  readonly #bytes: RowBytes<K, V, Found>;
  readonly #entries: Entries<V>;
  readonly #guard: Guard;

  constructor(table: PartitionTable, codec: TendedCodec<K, V, Found>, guard: Guard) {
    const stored = storedCodec(codec);
    this.#table = table;
    this.#guard = guard;
    this.#bytes = new RowBytes(stored);
    this.#entries = new Entries(codec.name, codec.indexes ?? {});
    this.#rows = makeTable(table, stored, () => guard.check());
    this.#found = new FoundRows(table, codec, (entry) => {
      if (guard.isOpen) table.write(entry, null);
    });
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

  by(field: string, value: never): IterableIterator<[K, V]> {
    return this.#found.by(field, value);
  }

  set(key: K, value: V): void {
    this.#guard.check();
    const row = this.#row(key);
    const before = this.#entriesAt(row);
    const after = this.#entriesOf(row, value);
    this.#rows.set(key, value);
    this.#replace(before, after);
  }

  delete(key: K): void {
    this.#guard.check();
    const before = this.#entriesAt(this.#row(key));
    this.#rows.delete(key);
    this.#replace(before, []);
  }

  update(key: K, change: (value: V | Found) => V): V {
    this.#guard.check();
    const row = this.#row(key);
    const before = this.#entriesAt(row);
    let after: readonly Buffer[] = [];
    const value = this.#rows.update(key, (found) => {
      const changed = change(found);
      after = this.#entriesOf(row, changed);
      return changed;
    });
    this.#replace(before, after);
    return value;
  }

  take(key: K): V | Found {
    this.#guard.check();
    const before = this.#entriesAt(this.#row(key));
    const found = this.#rows.take(key);
    this.#replace(before, []);
    return found;
  }

  clear(): void {
    this.#guard.check();
    for (const key of this.#rows.keys()) this.delete(key);
  }

  /** A copy, as `change` may use the table. */
  #row(key: K): Buffer {
    return Buffer.from(this.#bytes.key(key));
  }

  #entriesAt(row: Buffer): readonly Buffer[] {
    const at = this.#table.locate(row);
    return at === undefined ? [] : this.#entries.of(row, this.#bytes.readValue(at));
  }

  /** The entries of what is about to be written. */
  #entriesOf(row: Buffer, value: V): readonly Buffer[] {
    try {
      return this.#entries.of(row, value);
    } catch (error) {
      // A value that cannot be written is told of as in any table.
      this.#bytes.value(value);
      throw error;
    }
  }

  #replace(before: readonly Buffer[], after: readonly Buffer[]): void {
    for (const entry of before) {
      if (!after.some((each) => each.equals(entry))) this.#table.write(entry, null);
    }
    for (const entry of after) {
      if (!before.some((each) => each.equals(entry))) this.#table.write(entry, noBytes);
    }
  }
}
