import { Writer } from "../codec/writer.ts";
import { StreamgenError } from "../errors.ts";
import { partitionOfKey } from "../log/partitioner.ts";
import type { TableHandle } from "../state/table-handle.ts";
import type { Moment } from "./moment.ts";
import type { TableSpec } from "./spec.ts";

/** Where a task's rows are. */
export interface RowsPlace {
  readonly partition: number;
  readonly partitions: number;
  /** What the task is at: the record's own key is always right. */
  readonly moment: Moment;
}

/**
 * A table that is used by keys which the compiler could not prove to be the stream's: each is checked
 * to belong to this partition. Otherwise its row might have a namesake in another task, which would
 * count for itself.
 */
export class CheckedTable<K, V, Found> implements TableHandle<K, V, Found> {
  readonly #table: TableHandle<K, V, Found>;
  readonly #spec: TableSpec<K, V, Found>;
  readonly #place: RowsPlace;
  readonly #writer = new Writer(64);

  constructor(table: TableHandle<K, V, Found>, spec: TableSpec<K, V, Found>, place: RowsPlace) {
    this.#table = table;
    this.#spec = spec;
    this.#place = place;
  }

  get size(): number {
    return this.#table.size;
  }

  get(key: K): V | Found {
    this.#check(key);
    return this.#table.get(key);
  }

  getOr(key: K, otherwise: V): V {
    this.#check(key);
    return this.#table.getOr(key, otherwise);
  }

  has(key: K): boolean {
    this.#check(key);
    return this.#table.has(key);
  }

  set(key: K, value: V): void {
    this.#check(key);
    this.#table.set(key, value);
  }

  delete(key: K): void {
    this.#check(key);
    this.#table.delete(key);
  }

  update(key: K, change: (value: V | Found) => V): V {
    this.#check(key);
    return this.#table.update(key, change);
  }

  take(key: K): V | Found {
    this.#check(key);
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

  #check(key: K): void {
    const writer = this.#writer;
    writer.truncate(0);
    this.#spec.key.write(writer, key);
    const { partition, partitions, moment } = this.#place;
    const { cursor } = moment;
    const isRecordsOwn =
      cursor !== undefined &&
      cursor.keyStart >= 0 &&
      cursor.bytes.compare(writer.bytes, 0, writer.position, cursor.keyStart, cursor.keyEnd) === 0;
    if (isRecordsOwn) return;
    const owner = partitionOfKey(writer.written(), partitions);
    if (owner === partition) return;
    const { name } = this.#spec;
    const shown = JSON.stringify(this.#spec.key.jsonForm.toJson(key));
    throw new StreamgenError(
      "SG8026",
      `table "${name}" is used by the key ${shown}, whose rows are in partition ${owner}, not in ` +
        `this task's partition ${partition}: read the topic by that key, with groupBy`,
      { table: name },
    );
  }
}
