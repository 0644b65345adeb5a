import { StreamgenError } from "../errors.ts";
import { ByteMap, compareBytes, equalBytes, type HashedKey, hashBytes } from "./byte-map.ts";
import { ownCopy } from "./own-copy.ts";
import type { Checkpoint, Store, WriteBatch } from "./store.ts";
import type { UndoLog, UndoStep } from "./undo.ts";

/** A value, `null` where the key is deleted, `undefined` where the layer says nothing of it. */
type Layer = Buffer | null | undefined;

/**
 * The place of one key that is not, or not only, in the store. Values are replaced, never changed.
 *
 *      write ──▶ open ──seal──▶ committing ──acknowledged──▶ unflushed ──flush──▶ store
 *                 │                 │
 *                 └── drop ◀────────┘
 */
export interface Slot extends HashedKey {
  open: Layer;
  committing: Layer;
  unflushed: Layer;
  isOpenListed: boolean;
  isUnflushedListed: boolean;
}

type Sight = (slot: Slot) => Layer;

const everything: Sight = (slot) => {
  if (slot.open !== undefined) return slot.open;
  return slot.committing !== undefined ? slot.committing : slot.unflushed;
};
const committed: Sight = (slot) => slot.unflushed;

/**
 * The rows of one table in one task, as bytes: two generations of staged writes, what is committed
 * but not yet flushed, and the store below them.
 */
export class PartitionTable {
  readonly #store: Store;
  readonly #undo: UndoLog;
  readonly #slots = new ByteMap<Slot>();
  #open: Slot[] = [];
  #committing: Slot[] = [];
  #unflushed: Slot[] = [];
  #openBytes = 0;
  #unflushedBytes = 0;
  /** Rows visible to agents; unknown until somebody asks, and again after work was taken back. */
  #count: number | undefined;

  /** Shared by all steps: what was taken back may have changed the number of rows. */
  readonly #recount: () => void;

  constructor(store: Store, undo: UndoLog) {
    this.#store = store;
    this.#undo = undo;
    this.#recount = () => {
      this.#count = undefined;
    };
  }

  /** Bytes of keys and values written since the last `seal`, each write counted. */
  get openBytes(): number {
    return this.#openBytes;
  }

  /** Bytes of keys and values that a flush would write, each commit's counted. */
  get unflushedBytes(): number {
    return this.#unflushedBytes;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#store.checkpoint;
  }

  /** The value as agents see it, whatever is staged included. Only to be read. */
  read(key: Buffer): Buffer | undefined {
    return this.#find(key, hashBytes(key), everything);
  }

  /** The value as of the last commit. Only to be read. */
  readCommitted(key: Buffer): Buffer | undefined {
    return this.#find(key, hashBytes(key), committed);
  }

  /** Stages a value, or a deletion. `key` is copied where it is kept; `value` belongs to the table. */
  write(key: Buffer, value: Buffer | null): void {
    this.put(this.touch(key), value);
  }

  /** The place of a key that is about to be written, valid until control returns to the event loop. */
  touch(key: Buffer): Slot {
    const hash = hashBytes(key);
    const known = this.#slots.get(key, hash);
    const slot: Slot = known ?? {
      key: ownCopy(key, key.length),
      hash,
      open: undefined,
      committing: undefined,
      unflushed: undefined,
      isOpenListed: false,
      isUnflushedListed: false,
    };
    if (known === undefined) this.#slots.add(slot);
    if (!slot.isOpenListed) {
      slot.isOpenListed = true;
      this.#open.push(slot);
    }
    return slot;
  }

  /** The same as `read`, for a place that `touch` gave. */
  at(slot: Slot): Buffer | undefined {
    const value = everything(slot);
    return value === undefined ? this.#store.get(slot.key) : (value ?? undefined);
  }

  put(slot: Slot, value: Buffer | null): void {
    if (this.#count !== undefined) {
      this.#count += (value === null ? 0 : 1) - (this.at(slot) === undefined ? 0 : 1);
    }
    this.#undo.push(new PutStep(slot, this.#recount));
    slot.open = value;
    this.#openBytes += slot.key.length + (value?.length ?? 0);
  }

  /** The number of rows that agents see. Counted by a scan at first, then kept up to date. */
  get size(): number {
    if (this.#count === undefined) {
      let count = 0;
      for (const _ of this.#merge(everything)) count += 1;
      this.#count = count;
    }
    return this.#count;
  }

  /**
   * Rows as agents see them, in the order of their key bytes. Rows may be written meanwhile: a new
   * value is seen if its turn has not come; a new key may or may not be.
   */
  rows(): IterableIterator<readonly [key: Buffer, value: Buffer]> {
    return this.#merge(everything);
  }

  /** Rows as of the last commit, in the order of their key bytes. */
  committedRows(): IterableIterator<readonly [key: Buffer, value: Buffer]> {
    return this.#merge(committed);
  }

  /** Closes the open generation: from here on it is *committing*. Gives its writes, once per key. */
  seal(): readonly (readonly [key: Buffer, value: Buffer | null])[] {
    if (this.#committing.length > 0) {
      throw new StreamgenError("SG9701", "a generation was sealed before the last one was known");
    }
    const writes: (readonly [Buffer, Buffer | null])[] = [];
    for (const slot of this.#open) {
      slot.isOpenListed = false;
      if (slot.open === undefined) this.#forget(slot);
      else {
        slot.committing = slot.open;
        slot.open = undefined;
        this.#committing.push(slot);
        writes.push([slot.key, slot.committing]);
      }
    }
    this.#open = [];
    this.#openBytes = 0;
    return writes;
  }

  /** The commit of the sealed generation is acknowledged: it is committed, and may be flushed. */
  acknowledge(): void {
    for (const slot of this.#committing) {
      slot.unflushed = slot.committing;
      slot.committing = undefined;
      this.#listUnflushed(slot);
    }
    this.#committing = [];
  }

  /**
   * Forgets both generations: rows are again what they were at the last commit. Gives the keys of
   * the sealed one, whose writes may have reached the changelog.
   */
  drop(): readonly Buffer[] {
    const sealed = this.#committing.map((slot) => slot.key);
    for (const slot of [...this.#open, ...this.#committing]) {
      slot.open = undefined;
      slot.committing = undefined;
      slot.isOpenListed = false;
    }
    for (const slot of [...this.#open, ...this.#committing]) this.#forget(slot);
    this.#open = [];
    this.#committing = [];
    this.#openBytes = 0;
    this.#count = undefined;
    return sealed;
  }

  /** Writes rows as they are again: the changelog has something else behind them. */
  rewrite(keys: readonly Buffer[]): void {
    for (const key of keys) this.write(key, this.readCommitted(key) ?? null);
  }

  /** Writes what is committed to the store, as one batch. Commits may go on meanwhile. */
  async flush(checkpoint: Checkpoint): Promise<void> {
    const slots = this.#unflushed.sort((a, b) => compareBytes(a.key, b.key));
    this.#unflushed = [];
    this.#unflushedBytes = 0;
    const batch = slots.map((slot): WriteBatch[number] => [slot.key, slot.unflushed ?? null]);
    for (const slot of slots) slot.isUnflushedListed = false;
    try {
      await this.#store.write(batch, checkpoint);
    } catch (error) {
      for (const slot of slots) this.#listUnflushed(slot);
      throw error;
    }
    slots.forEach((slot, index) => {
      // A later commit's value stays until its own flush.
      if (slot.unflushed === batch[index]?.[1]) slot.unflushed = undefined;
      this.#forget(slot);
    });
  }

  /** Writes restored rows to the store, before anything is staged. */
  async restore(batch: WriteBatch, checkpoint: Checkpoint): Promise<void> {
    await this.#store.write(batch, checkpoint);
  }

  async wipe(): Promise<void> {
    await this.#store.wipe();
  }

  /** Makes what is flushed survive a crash, and closes the store. */
  async close(): Promise<void> {
    await this.#store.flush();
    await this.#store.close();
  }

  #find(key: Buffer, hash: number, sight: Sight): Buffer | undefined {
    const slot = this.#slots.get(key, hash);
    const value = slot === undefined ? undefined : sight(slot);
    return value === undefined ? this.#store.get(key) : (value ?? undefined);
  }

  #listUnflushed(slot: Slot): void {
    this.#unflushedBytes += slot.key.length + (slot.unflushed?.length ?? 0);
    if (slot.isUnflushedListed) return;
    slot.isUnflushedListed = true;
    this.#unflushed.push(slot);
  }

  #forget(slot: Slot): void {
    const isEmpty = everything(slot) === undefined && !slot.isOpenListed && !slot.isUnflushedListed;
    if (isEmpty) this.#slots.remove(slot);
  }

  *#merge(sight: Sight): Generator<readonly [Buffer, Buffer]> {
    const staged = [...this.#slots.entries()]
      .filter((slot) => sight(slot) !== undefined)
      .sort((a, b) => compareBytes(a.key, b.key));
    let next = 0;
    for (const [key] of this.#store.scan()) {
      for (let slot = staged[next]; slot !== undefined; slot = staged[next]) {
        if (compareBytes(slot.key, key) > 0) break;
        next += 1;
        // The store has this key too: it is given below, from whichever layer is on top by then.
        if (!equalBytes(slot.key, key)) yield* this.#row(slot.key, slot.hash, sight);
      }
      yield* this.#row(key, hashBytes(key), sight);
    }
    for (const slot of staged.slice(next)) yield* this.#row(slot.key, slot.hash, sight);
  }

  *#row(key: Buffer, hash: number, sight: Sight): Generator<readonly [Buffer, Buffer]> {
    const value = this.#find(key, hash, sight);
    if (value !== undefined) yield [key, value];
  }
}

/** Takes back one write. */
class PutStep implements UndoStep {
  readonly #slot: Slot;
  readonly #previous: Layer;
  readonly #undone: () => void;

  constructor(slot: Slot, undone: () => void) {
    this.#slot = slot;
    this.#previous = slot.open;
    this.#undone = undone;
  }

  undo(): void {
    this.#slot.open = this.#previous;
    this.#undone();
  }
}
