import { ByteMap, compareBytes, type HashedKey, hashBytes } from "./byte-map.ts";
import { ownCopy } from "./own-copy.ts";
import type { Checkpoint, Store, StoreEngine } from "./store.ts";
import type { WriteBatch } from "./write-batch.ts";

interface Row extends HashedKey {
  /** `undefined` once it is deleted. */
  value: Buffer | undefined;
}

/** Stores that end with their worker. */
export function memoryStores(): StoreEngine {
  return {
    open: async () => new MemoryStore(),
    wipe: async () => undefined,
    close: async () => undefined,
  };
}

/**
 * Rows in memory. Found by hash; the sorted index that scans need is brought up to date when a scan
 * begins, so that writing costs the same for every key.
 */
export class MemoryStore implements Store {
  readonly isInMemory: boolean = true;
  readonly #rows = new ByteMap<Row>();
  /** Sorted by key, deleted rows among them. Replaced, never changed: a running scan keeps its own. */
  #index: readonly Row[] = [];
  #added: Row[] = [];
  #deleted = 0;
  #checkpoint: Checkpoint | undefined;

  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
  }

  async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]> {
    return keys.map((key) => {
      const value = this.get(key);
      return value === undefined ? undefined : Buffer.from(value);
    });
  }

  get(key: Buffer): Buffer | undefined {
    return this.#rows.get(key, hashBytes(key))?.value;
  }

  async write(batch: WriteBatch, checkpoint: Checkpoint): Promise<void> {
    const cursor = batch.cursor();
    while (cursor.next()) {
      const value = cursor.value();
      if (value === null) this.#delete(cursor.key());
      else this.#set(cursor.key(), ownCopy(value, value.length));
    }
    this.#checkpoint = checkpoint;
  }

  *scan(from?: Buffer, to?: Buffer): IterableIterator<readonly [key: Buffer, value: Buffer]> {
    const index = this.#sorted();
    let at = from === undefined ? 0 : firstAtOrAfter(index, from);
    for (; ; at += 1) {
      const row = index[at];
      if (row === undefined || (to !== undefined && compareBytes(row.key, to) >= 0)) return;
      if (row.value !== undefined) yield [row.key, row.value];
    }
  }

  async discard(from: Buffer, to: Buffer): Promise<void> {
    const index = this.#sorted();
    for (let at = firstAtOrAfter(index, from); ; at += 1) {
      const row = index[at];
      if (row === undefined || compareBytes(row.key, to) >= 0) return;
      if (row.value !== undefined) this.#delete(row.key);
    }
  }

  async flush(): Promise<void> {}

  async wipe(): Promise<void> {
    this.#rows.clear();
    this.#index = [];
    this.#added = [];
    this.#deleted = 0;
    this.#checkpoint = undefined;
  }

  async close(): Promise<void> {}

  #set(key: Buffer, value: Buffer): void {
    const hash = hashBytes(key);
    const known = this.#rows.get(key, hash);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const row: Row = { key: ownCopy(key, key.length), hash, value };
    this.#rows.add(row);
    this.#added.push(row);
  }

  #delete(key: Buffer): void {
    const row = this.#rows.get(key, hashBytes(key));
    if (row === undefined) return;
    this.#rows.remove(row);
    row.value = undefined;
    this.#deleted += 1;
  }

  #sorted(): readonly Row[] {
    if (this.#added.length === 0 && this.#deleted * 2 <= this.#index.length) return this.#index;
    this.#index = merge(
      this.#index,
      this.#added.sort((a, b) => compareBytes(a.key, b.key)),
    );
    this.#added = [];
    this.#deleted = 0;
    return this.#index;
  }
}

/** Two sorted lists as one, without what is deleted. A key deleted and set again is in both. */
function merge(left: readonly Row[], right: readonly Row[]): readonly Row[] {
  const merged: Row[] = [];
  let at = 0;
  const take = (row: Row) => {
    if (row.value !== undefined) merged.push(row);
  };
  for (const row of right) {
    for (let next = left[at]; next !== undefined && compareBytes(next.key, row.key) < 0; ) {
      take(next);
      at += 1;
      next = left[at];
    }
    take(row);
  }
  for (let next = left[at]; next !== undefined; next = left[at]) {
    take(next);
    at += 1;
  }
  return merged;
}

function firstAtOrAfter(index: readonly Row[], key: Buffer): number {
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = index[middle];
    if (row !== undefined && compareBytes(row.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
