import { StreamgenError } from "../../errors.ts";
import { compareBytes, hashBytes } from "../byte-map.ts";
import type { KeyRange } from "../key-range.ts";
import type { UndoLog } from "../undo.ts";
import { type WriteBatch, WriteBatchBuilder } from "../write-batch.ts";
import type { CacheBudget } from "./budget.ts";
import { Chunks, deleted, MovingRange, unsaid } from "./chunks.ts";
import { CommittedRows, type Flight } from "./committed-rows.ts";
import { sortByKey } from "./key-order.ts";
import type { TakenBack } from "./put-journal.ts";
import { flagsWord, referencedFlag, Slots, wordsPerSlot } from "./slots.ts";
import { StagedCursor } from "./staged-cursor.ts";
import { StagedRows } from "./staged-rows.ts";

/**
 * What is in memory of one table partition: rows that the store has, rows that are committed and on
 * their way there, and two generations of staged writes. A key has one slot, and a slot three places:
 *
 *     write ──▶ open ──seal──▶ committing ──acknowledge──▶ committed ──flush──▶ store
 *                │                 │
 *                └── drop ◀────────┘
 */
export class TableCache {
  readonly chunks: Chunks;
  readonly committed: CommittedRows;
  readonly #slots: Slots;
  readonly #key = new MovingRange();
  #open: StagedRows;
  #committing: StagedRows;

  constructor(budget: CacheBudget, undo: UndoLog, writes: TakenBack) {
    this.chunks = new Chunks(budget.slabBytes);
    this.#slots = new Slots(this.chunks, budget);
    this.committed = new CommittedRows(this.chunks, this.#slots, budget);
    const shared = { chunks: this.chunks, slots: this.#slots, budget, undo, writes };
    this.#open = new StagedRows(1, shared);
    this.#committing = new StagedRows(2, shared);
  }

  get openBytes(): number {
    return this.#open.openBytes;
  }

  /** The slot of a key; 0: nothing is known of it. */
  find(key: Buffer): number {
    return this.#slots.find(key, hashBytes(key));
  }

  /** The slot of a key. A new one must get a row before any other call. */
  claim(key: Buffer): number {
    const hash = hashBytes(key);
    return this.#slots.find(key, hash) || this.#slots.add(hash);
  }

  /** Takes a row as the store has it, unless it is known already. Gives its committed address. */
  add(key: Buffer, value: Buffer | undefined): number {
    const slot = this.claim(key);
    this.refer(slot);
    const known = this.committed.address(slot);
    return known !== 0
      ? known
      : this.committed.insert(slot, this.#key.move(key, 0, key.length), value);
  }

  /** Takes a committed value of somebody else's, or `deleted` in place of its length. */
  accept(key: Buffer, value: Uint8Array, start: number, length: number): void {
    this.committed.accept(
      this.claim(key),
      this.#key.move(key, 0, key.length),
      value,
      start,
      length,
    );
  }

  /** The place of a key that is about to be written. It is kept until the generation's end. */
  touch(key: Buffer): number {
    const slot = this.claim(key);
    this.refer(slot);
    const address = this.committed.address(slot);
    const valueBytes = address === 0 ? 0 : Math.max(0, this.chunks.valueLength(address));
    this.#open.touch(slot, this.#key.move(key, 0, key.length), valueBytes);
    return slot;
  }

  /** Says that a row is used: the next walk of the clock lets it stay. */
  refer(slot: number): void {
    const { words } = this.#slots;
    const at = slot * wordsPerSlot + flagsWord;
    words[at] = (words[at] ?? 0) | referencedFlag;
  }

  /** Where the row is as agents see it; 0: the cache does not know it. */
  visible(slot: number): number {
    const open = this.#open.address(slot);
    if (open !== 0 && this.chunks.valueLength(open) !== unsaid) return open;
    return this.#committing.address(slot) || this.committed.address(slot);
  }

  /** Writes the value of a slot that was touched in this generation, or deletes its row. */
  put(slot: number, value: Uint8Array, start: number, length: number, countsAs: number): void {
    this.#open.put(slot, value, start, length, countsAs);
  }

  /** A view of the key of a slot that was touched. */
  touchedKey(slot: number): Buffer {
    return this.chunks.key(this.#open.address(slot));
  }

  /** Closes the open generation, and gives what it has written. */
  seal(): StagedCursor {
    if (this.#committing.slots.length > 0) {
      throw new StreamgenError("SG9701", "a generation was sealed before the last one was known");
    }
    [this.#open, this.#committing] = [this.#committing, this.#open];
    this.#committing.prune((slot, hash) => this.#forgetIfEmpty(slot, hash));
    return new StagedCursor(this.chunks, this.#committing);
  }

  /** The sealed generation is committed. */
  acknowledge(): void {
    const { slots } = this.#committing;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots.at(index);
      this.committed.store(slot, this.#committing.address(slot));
      this.#committing.leave(slot);
    }
    this.#committing.clear();
  }

  /** Forgets both generations. Gives the keys of the sealed one. */
  drop(): readonly Buffer[] {
    const keys: Buffer[] = [];
    const sealed = new StagedCursor(this.chunks, this.#committing);
    while (sealed.next()) keys.push(Buffer.from(sealed.key()));
    for (const generation of [this.#open, this.#committing]) {
      generation.drop((slot, hash) => this.#forgetIfEmpty(slot, hash));
    }
    return keys;
  }

  /** Packs what the store has not got yet, sorted by key. Its rows stay until they have landed. */
  takeOff(): { readonly flight: Flight; readonly batch: WriteBatch } {
    const { chunks, committed } = this;
    const flight = committed.takeOff();
    const addresses = sortByKey(
      chunks,
      flight.slots.map((slot) => committed.address(slot)),
    );
    const builder = new WriteBatchBuilder(flight.bytes);
    for (const address of addresses) {
      const bytes = chunks.bytesOf(address);
      const keyStart = chunks.keyStart(address);
      const keyEnd = keyStart + chunks.keyLength(address);
      const valueLength = chunks.valueLength(address);
      if (valueLength === deleted) builder.delete(bytes, keyStart, keyEnd);
      else builder.put(bytes, keyStart, keyEnd, bytes, keyEnd, keyEnd + valueLength);
    }
    return { flight, batch: builder.finish() };
  }

  /** Copies of the keys between two whose rows may differ from the store's, sorted. */
  changedKeys({ from, to }: KeyRange): readonly Buffer[] {
    const keys: Buffer[] = [];
    for (const address of this.#slots.changed()) {
      const key = this.chunks.key(address);
      if (from !== undefined && compareBytes(key, from) < 0) continue;
      if (to !== undefined && compareBytes(key, to) >= 0) continue;
      keys.push(Buffer.from(key));
    }
    return keys.sort(compareBytes);
  }

  clear(): void {
    this.#open.clear();
    this.#committing.clear();
    this.committed.clear();
    this.#slots.clear();
  }

  /** Gives the memory back for good. */
  close(): void {
    this.clear();
    this.committed.close();
    this.#slots.close();
  }

  #forgetIfEmpty(slot: number, hash: number): void {
    if (this.#slots.anyAddress(slot) === 0) this.#slots.remove(slot, hash);
  }
}
