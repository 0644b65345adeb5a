import type { PartitionTable } from "./partition-table.ts";
import { SetBytes, type SetCodec } from "./set-bytes.ts";

/** Reads the sets of one partition. */
export interface SetLookupHandle<K, E> {
  has(key: K, element: E): boolean;
  /** In the order of the elements' bytes. Elements may be added and deleted meanwhile. */
  elements(key: K): IterableIterator<E>;
  /** Counted by a walk through the elements. */
  size(key: K): number;
}

export interface SetHandle<K, E> extends SetLookupHandle<K, E> {
  /** Gives whether the element is new. */
  add(key: K, element: E): boolean;
  /** Gives whether the element was there. */
  delete(key: K, element: E): boolean;
  clear(key: K): void;
}

/** The reading half of a set table. */
export function makeSetLookup<K, E>(
  table: PartitionTable,
  codec: SetCodec<K, E>,
): SetLookupHandle<K, E> {
  return new Sets(table, codec, new SetBytes(codec));
}

/** A set table whose writes first ask `guard`, which throws where writing makes no sense. */
export function makeSet<K, E>(
  table: PartitionTable,
  codec: SetCodec<K, E>,
  guard: () => void,
): SetHandle<K, E> {
  return new WritableSets(table, codec, guard);
}

const present = Buffer.alloc(0);

class Sets<K, E> implements SetLookupHandle<K, E> {
  readonly #table: PartitionTable;
  readonly #codec: SetCodec<K, E>;
  readonly #bytes: SetBytes<K, E>;

  constructor(table: PartitionTable, codec: SetCodec<K, E>, bytes: SetBytes<K, E>) {
    this.#table = table;
    this.#codec = codec;
    this.#bytes = bytes;
  }

  has(key: K, element: E): boolean {
    return this.#table.locate(this.#bytes.row(key, element)) !== undefined;
  }

  elements(key: K): IterableIterator<E> {
    const rows = this.#table.rows(this.#bytes.rows(key));
    return this.#elementsOf(rows);
  }

  size(key: K): number {
    let count = 0;
    for (const _ of this.#table.rows(this.#bytes.rows(key))) count += 1;
    return count;
  }

  /** Shown by `console.log`, which would otherwise show nothing. */
  get [Symbol.toStringTag](): string {
    return `SetTable ${this.#codec.name}`;
  }

  *#elementsOf(rows: Iterable<readonly [Buffer, Buffer]>): IterableIterator<E> {
    for (const [row] of rows) yield this.#bytes.element(row);
  }
}

class WritableSets<K, E> implements SetHandle<K, E> {
  readonly #table: PartitionTable;
  readonly #bytes: SetBytes<K, E>;
  readonly #sets: Sets<K, E>;
  readonly #guard: () => void;

  constructor(table: PartitionTable, codec: SetCodec<K, E>, guard: () => void) {
    this.#table = table;
    this.#bytes = new SetBytes(codec);
    this.#sets = new Sets(table, codec, this.#bytes);
    this.#guard = guard;
  }

  has(key: K, element: E): boolean {
    return this.#sets.has(key, element);
  }

  elements(key: K): IterableIterator<E> {
    return this.#sets.elements(key);
  }

  size(key: K): number {
    return this.#sets.size(key);
  }

  add(key: K, element: E): boolean {
    this.#guard();
    const row = this.#bytes.row(key, element);
    // What is there already would only make another record in the changelog.
    if (this.#table.locate(row) !== undefined) return false;
    this.#table.write(row, present);
    return true;
  }

  delete(key: K, element: E): boolean {
    this.#guard();
    const row = this.#bytes.row(key, element);
    if (this.#table.locate(row) === undefined) return false;
    this.#table.write(row, null);
    return true;
  }

  clear(key: K): void {
    this.#guard();
    for (const [row] of this.#table.rows(this.#bytes.rows(key))) this.#table.write(row, null);
  }
}
