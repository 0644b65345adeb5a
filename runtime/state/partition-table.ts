import { CacheBudget } from "./cache/budget.ts";
import { type ByteRange, deleted, MovingRange } from "./cache/chunks.ts";
import { mergedRows } from "./cache/merged-rows.ts";
import type { StagedCursor } from "./cache/staged-cursor.ts";
import { TableCache } from "./cache/table-cache.ts";
import { allKeys, type KeyRange } from "./key-range.ts";
import { copyOf } from "./range-copy.ts";
import type { Checkpoint, Store } from "./store.ts";
import type { UndoLog } from "./undo.ts";

/** The memory for rows of one worker process, unless it is told otherwise. */
export const cacheBytesDefault: number = 128 * 1024 * 1024;
/** A write whose effect on the number of rows is not known, as nobody had asked for that. */
const uncounted = 2;

export interface TableOptions {
  readonly budget?: CacheBudget;
  /** Called for each row that had to be read from a store on disk while an agent waited. */
  readonly missed?: () => void;
}

/**
 * The rows of one table in one task, as bytes: two generations of staged writes, the rows that are in
 * memory, and the store below them. Ranges and views that it gives are valid until its next call.
 */
export class PartitionTable {
  readonly #store: Store;
  readonly #cache: TableCache;
  readonly #budget: CacheBudget;
  readonly #missed: () => void;
  readonly #range = new MovingRange();
  /** Rows visible to agents; unknown until somebody asks, and again after work was taken back. */
  #count: number | undefined;
  /** Whether the store was empty: as long as no row has left the memory, it has nothing to tell. */
  #wasEmpty: boolean;
  /** Batches for the store are numbered: the last one that was made, and the last one that arrived. */
  #takenOff = 0;
  #landed = 0;
  /** The last batch that is on its way. */
  #flying: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(store: Store, undo: UndoLog, options: TableOptions = {}) {
    this.#store = store;
    this.#wasEmpty = store.checkpoint === undefined;
    this.#budget = options.budget ?? new CacheBudget(cacheBytesDefault);
    this.#missed = options.missed ?? (() => undefined);
    this.#cache = new TableCache(this.#budget, undo, {
      undone: (counted) => {
        if (this.#count === undefined) return;
        this.#count = counted === uncounted ? undefined : this.#count - counted;
      },
      redo: (key, value) => this.write(key, value),
    });
  }

  /** Bytes that were written since the last `seal`, or the memory they take; 0: nothing was. */
  get openBytes(): number {
    return this.#cache.openBytes;
  }

  /** About how many bytes a flush would write; 0: nothing. */
  get unflushedBytes(): number {
    return this.#cache.committed.unflushedBytes;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#store.checkpoint;
  }

  /** Whether its store is on disk, so that rows are worth reading ahead. */
  get isOnDisk(): boolean {
    return !this.#store.isInMemory;
  }

  /** Where the value is as agents see it, whatever is staged included. */
  locate(key: Buffer): ByteRange | undefined {
    const cache = this.#cache;
    const slot = cache.find(key);
    if (slot === 0) return this.#load(key);
    cache.refer(slot);
    const address = cache.visible(slot);
    return address === 0 ? this.#load(key) : this.#valueAt(address);
  }

  /** The same as a copy. */
  read(key: Buffer): Buffer | undefined {
    return copyOf(this.locate(key));
  }

  /** A copy of the value as of the last commit. */
  readCommitted(key: Buffer): Buffer | undefined {
    const address = this.#committedAt(key);
    if (address !== 0) return copyOf(this.#valueAt(address));
    if (this.#isWhole) return undefined;
    const stored = this.#store.get(key);
    return stored === undefined ? undefined : Buffer.from(stored);
  }

  /** The same without making anybody wait. */
  async fetchCommitted(key: Buffer): Promise<Buffer | undefined> {
    const address = this.#committedAt(key);
    const isHere = address !== 0 || this.#isWhole || this.#store.isInMemory;
    if (isHere) return this.readCommitted(key);
    const [stored] = await this.#store.getMany([Buffer.from(key)]);
    return stored;
  }

  /** Stages a value, or a deletion. Key and value are copied. */
  write(key: Buffer, value: Buffer | null): void {
    const slot = this.touch(key);
    if (value === null) this.delete(slot);
    else this.put(slot, value, 0, value.length);
  }

  /** The place of a key that is about to be written, valid until control returns to the event loop. */
  touch(key: Buffer): number {
    return this.#cache.touch(key);
  }

  /** The same as `locate`, for a place that `touch` gave. */
  at(slot: number): ByteRange | undefined {
    const address = this.#cache.visible(slot);
    return address === 0 ? this.#load(this.#cache.touchedKey(slot)) : this.#valueAt(address);
  }

  /** Stages a value at a place that `touch` gave: `bytes[start, end)` is copied. */
  put(slot: number, bytes: Uint8Array, start: number, end: number): void {
    this.#put(slot, bytes, start, end - start);
  }

  delete(slot: number): void {
    this.#put(slot, this.#range.bytes, 0, deleted);
  }

  /** The number of rows that agents see. Counted by a scan at first, then kept up to date. */
  get size(): number {
    if (this.#count === undefined) {
      let count = 0;
      for (const _ of this.rows()) count += 1;
      this.#count = count;
    }
    return this.#count;
  }

  /**
   * Rows as agents see them, in the order of their key bytes. Rows may be written meanwhile: a new
   * value is seen if its turn has not come; a new key may or may not be.
   */
  rows(range: KeyRange = allKeys): IterableIterator<readonly [key: Buffer, value: Buffer]> {
    return this.#merge(range, (slot) => this.#cache.visible(slot));
  }

  /** Rows as of the last commit, in the order of their key bytes. */
  committedRows(
    range: KeyRange = allKeys,
  ): IterableIterator<readonly [key: Buffer, value: Buffer]> {
    return this.#merge(range, (slot) => this.#cache.committed.address(slot));
  }

  /** Closes the open generation: from here on it is *committing*. Gives its writes, once per key. */
  seal(): StagedCursor {
    return this.#cache.seal();
  }

  /** The commit of the sealed generation is acknowledged: it is committed, and may be flushed. */
  acknowledge(): void {
    this.#cache.acknowledge();
  }

  /**
   * Forgets both generations: rows are again what they were at the last commit. Gives the keys of
   * the sealed one, whose writes may have reached the changelog.
   */
  drop(): readonly Buffer[] {
    this.#count = undefined;
    return this.#cache.drop();
  }

  /** Writes rows as they are again: the changelog has something else behind them. */
  rewrite(keys: readonly Buffer[]): void {
    for (const key of keys) this.write(key, this.readCommitted(key) ?? null);
  }

  /**
   * Writes what is committed by now to the store, as one batch. Commits may go on meanwhile. What is
   * not written is written with the next flush; those that have begun meanwhile fail, too.
   */
  async flush(checkpoint: Checkpoint): Promise<void> {
    const { flight, batch } = this.#cache.takeOff();
    this.#takenOff += 1;
    const number = this.#takenOff;
    // Behind a batch that failed, the checkpoint would cover rows that the store has not got.
    const flying = this.#flying.then(() => this.#store.write(batch, checkpoint));
    this.#flying = flying;
    let isInStore = false;
    try {
      await flying;
      isInStore = true;
    } finally {
      if (this.#flying === flying) this.#flying = Promise.resolve();
      this.#landed = Math.max(this.#landed, number);
      if (!this.#isClosed) this.#cache.committed.land(flight, isInStore);
    }
  }

  /** Whether a key's row would have to be read from the store. */
  isMissing(key: Buffer): boolean {
    if (this.#isWhole) return false;
    const slot = this.#cache.find(key);
    return slot === 0 || this.#cache.visible(slot) === 0;
  }

  /** Reads rows that are about to be used into memory. */
  async readAhead(keys: readonly Buffer[]): Promise<void> {
    const before = this.#takenOff;
    const values = await this.#store.getMany(keys);
    // What was written and flushed since may have left the memory again: these values may be older.
    if (this.#isClosed || this.#landed > before) return;
    for (const [index, key] of keys.entries()) this.#cache.add(key, values[index]);
  }

  /**
   * Takes a record of the changelog, before anything is staged: what stood there before is replaced by
   * `bytes[start, end)`, or deleted where `start` is below 0. The next flush writes it.
   */
  restore(key: Buffer, bytes: Uint8Array, start: number, end: number): void {
    this.#count = undefined;
    this.#cache.accept(key, bytes, start, start < 0 ? deleted : end - start);
  }

  /**
   * Removes rows from the store that nobody looks for any more, from `from` (inclusive) to `to`
   * (exclusive). Those in memory leave it in time; a crash may bring rows back.
   */
  async discard(from: Buffer, to: Buffer): Promise<void> {
    if (!this.#isClosed) await this.#store.discard(from, to);
  }

  async wipe(): Promise<void> {
    this.#cache.clear();
    this.#count = undefined;
    await this.#store.wipe();
    this.#wasEmpty = true;
  }

  /** Makes what is flushed survive a crash, and closes the store. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.#cache.close();
    this.#isClosed = true;
    await this.#store.flush();
    await this.#store.close();
  }

  #committedAt(key: Buffer): number {
    const slot = this.#cache.find(key);
    return slot === 0 ? 0 : this.#cache.committed.address(slot);
  }

  #valueAt(address: number): ByteRange | undefined {
    const { chunks } = this.#cache;
    const length = chunks.valueLength(address);
    if (length === deleted) return undefined;
    const start = chunks.valueStart(address);
    return this.#range.move(chunks.bytesOf(address), start, start + length);
  }

  get #isWhole(): boolean {
    return this.#wasEmpty && !this.#cache.committed.hasForgotten;
  }

  #load(key: Buffer): ByteRange | undefined {
    if (this.#isWhole) return undefined;
    if (!this.#store.isInMemory) this.#missed();
    return this.#valueAt(this.#cache.add(key, this.#store.get(key)));
  }

  #merge(
    range: KeyRange,
    sight: (slot: number) => number,
  ): IterableIterator<readonly [Buffer, Buffer]> {
    const stored = this.#store.scan(range.from, range.to);
    return mergedRows(stored, this.#cache.changedKeys(range), (key, stored) => {
      const slot = this.#cache.find(key);
      const address = slot === 0 ? 0 : sight(slot);
      return address === 0 ? (stored ?? this.#store.get(key)) : copyOf(this.#valueAt(address));
    });
  }

  #put(slot: number, bytes: Uint8Array, start: number, length: number): void {
    let counted = uncounted;
    if (this.#count !== undefined) {
      counted = (length === deleted ? 0 : 1) - (this.at(slot) === undefined ? 0 : 1);
      this.#count += counted;
    }
    this.#cache.put(slot, bytes, start, length, counted);
  }
}
