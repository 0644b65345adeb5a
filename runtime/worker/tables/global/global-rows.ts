import { Writer } from "../../../codec/writer.ts";
import { partitionOfKey } from "../../../log/partitioner.ts";
import type { PartitionTable } from "../../../state/partition-table.ts";
import { RowBytes } from "../../../state/row-bytes.ts";
import { type LookupHandle, makeLookup } from "../../../state/table-handle.ts";
import { type IndexedLookup, makeIndexedLookup } from "../../../state/tended/indexed-table.ts";
import { storedCodec } from "../../../state/tended/tended-codec.ts";
import type { TableSpec } from "../../spec.ts";
import type { IndexedTableSpec } from "../indexed-table.ts";
import { merged } from "./merged.ts";

type Row<K, V> = [K, V];

/**
 * A table that is whole on this worker: the rows of all partitions as one. A key's row is in the partition
 * that its bytes give, unless the topic's senders have it otherwise: then it is looked for in all.
 */
export class GlobalRows<K, V, Found> implements LookupHandle<K, V, Found> {
  readonly #spec: TableSpec<K, V, Found>;
  readonly #parts: readonly LookupHandle<K, V, Found>[];
  readonly #bytes: RowBytes<K, V, Found>;
  readonly #key = new Writer(64);

  constructor(
    spec: TableSpec<K, V, Found>,
    partitions: readonly PartitionTable[],
    make: (rows: PartitionTable) => LookupHandle<K, V, Found> = (rows) =>
      makeLookup(rows, storedCodec(spec)),
  ) {
    this.#spec = spec;
    this.#parts = partitions.map(make);
    this.#bytes = new RowBytes(spec);
  }

  get size(): number {
    return this.#parts.reduce((sum, { size }) => sum + size, 0);
  }

  get(key: K): V | Found {
    return this.#holder(key)?.get(key) ?? this.#spec.missing();
  }

  getOr(key: K, otherwise: V): V {
    return this.#holder(key)?.getOr(key, otherwise) ?? otherwise;
  }

  has(key: K): boolean {
    return this.#holder(key) !== undefined;
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  entries(): IterableIterator<Row<K, V>> {
    return this.inOrder(this.#parts.map((rows) => rows.entries()));
  }

  range(from: K, to: K): IterableIterator<Row<K, V>> {
    return this.inOrder(this.#parts.map((rows) => rows.range(from, to)));
  }

  prefix(text: string): IterableIterator<Row<K, V>> {
    return this.inOrder(this.#parts.map((rows) => rows.prefix(text)));
  }

  /** Rows of all partitions in the order of their keys. */
  protected inOrder(rows: readonly IterableIterator<Row<K, V>>[]): IterableIterator<Row<K, V>> {
    return merged(rows, ([key]) => Buffer.from(this.#bytes.key(key)));
  }

  /** The partition that has a key's row. */
  #holder(key: K): LookupHandle<K, V, Found> | undefined {
    const home = this.#home(key);
    if (home?.has(key) === true) return home;
    return this.#parts.find((rows) => rows !== home && rows.has(key));
  }

  #home(key: K): LookupHandle<K, V, Found> | undefined {
    const writer = this.#key;
    writer.truncate(0);
    this.#spec.key.write(writer, key);
    return this.#parts[partitionOfKey(writer.bytes, this.#parts.length, 0, writer.position)];
  }
}

/** The same for a table with indexes. */
export class GlobalIndexedRows<K, V, Found>
  extends GlobalRows<K, V, Found>
  implements IndexedLookup<K, V, Found>
{
  readonly #found: readonly IndexedLookup<K, V, Found>[];

  constructor(spec: IndexedTableSpec<K, V, Found>, partitions: readonly PartitionTable[]) {
    const found = partitions.map((rows) => makeIndexedLookup(rows, spec));
    super(
      spec,
      partitions,
      (rows) => found[partitions.indexOf(rows)] ?? makeIndexedLookup(rows, spec),
    );
    this.#found = found;
  }

  by(field: string, value: never): IterableIterator<Row<K, V>> {
    return this.inOrder(this.#found.map((rows) => rows.by(field, value)));
  }
}
