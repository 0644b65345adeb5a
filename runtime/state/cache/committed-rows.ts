import { packedHeadBytes } from "../write-batch.ts";
import { Arena } from "./arena.ts";
import type { CacheBudget, SlabOwner } from "./budget.ts";
import { type ByteRange, type Chunks, deleted, MovingRange } from "./chunks.ts";
import { SlotList } from "./slot-list.ts";
import {
  committedWord,
  flagsWord,
  flightShift,
  referencedFlag,
  type Slots,
  unflushedFlag,
  wordsPerSlot,
} from "./slots.ts";

/** Rows on their way to the store. */
export interface Flight {
  readonly slots: Int32Array;
  readonly bytes: number;
}

/**
 * The committed rows that are in memory, those which are not in the store yet among them; a key that
 * the store has not is remembered, too.
 *
 * When memory is wanted back, the oldest slab is walked: rows that were used since its last turn, and
 * those that only the cache has, move to the newest slab; the rest is forgotten. This is the clock
 * algorithm, and at the same time what closes the gaps that changed rows leave.
 */
export class CommittedRows implements SlabOwner {
  readonly #chunks: Chunks;
  readonly #slots: Slots;
  readonly #budget: CacheBudget;
  readonly #arena: Arena;
  readonly #unflushed = new SlotList();
  /** Two of them: while a row is stored, others may move. */
  readonly #storedKey = new MovingRange();
  readonly #movedKey = new MovingRange();
  #unflushedBytes = 0;
  #flyingBytes = 0;
  #hasForgotten = false;

  constructor(chunks: Chunks, slots: Slots, budget: CacheBudget) {
    this.#chunks = chunks;
    this.#slots = slots;
    this.#budget = budget;
    this.#arena = new Arena(chunks, budget);
    budget.join(this);
  }

  /** About how many bytes the next flush writes; 0: nothing. */
  get unflushedBytes(): number {
    return this.#unflushedBytes;
  }

  /** Whether any row has left the memory since the last `clear`. */
  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  get spareBytes(): number {
    if (this.#arena.spareSlabs === 0) return 0;
    return Math.max(1, this.#arena.bytes - 2 * (this.#unflushedBytes + this.#flyingBytes));
  }

  /** Where a row is; 0: the cache knows nothing of it. */
  address(slot: number): number {
    return this.#slots.words[slot * wordsPerSlot + committedWord] ?? 0;
  }

  /** Takes a row as the store has it; `undefined`: it has none. Gives its address. */
  insert(slot: number, key: ByteRange, value: Uint8Array | undefined): number {
    const length = value?.length ?? deleted;
    const address = this.#arena.append(slot, key, length, length);
    if (value !== undefined) this.#chunks.setValue(address, value, 0, length);
    this.#slots.words[slot * wordsPerSlot + committedWord] = address;
    return address;
  }

  /** Takes the value of a staged chunk, which the next flush writes. */
  store(slot: number, staged: number): void {
    const chunks = this.#chunks;
    const key = chunks.keyRange(staged, this.#storedKey);
    const start = chunks.valueStart(staged);
    this.accept(slot, key, chunks.bytesOf(staged), start, chunks.valueLength(staged));
  }

  /** Takes a value, or `deleted` in place of its length, which the next flush writes. */
  accept(slot: number, key: ByteRange, value: Uint8Array, start: number, length: number): void {
    // Listed first: memory may have to be found for it, and the slot must outlive that.
    this.#list(slot, packedHeadBytes + key.end - key.start + Math.max(0, length));
    const known = this.address(slot);
    if (known !== 0 && this.#chunks.setValue(known, value, start, length)) return;
    const address = this.#arena.append(slot, key, length, length);
    this.#chunks.setValue(address, value, start, length);
    this.#slots.words[slot * wordsPerSlot + committedWord] = address;
  }

  /** The rows to flush, in no order: they are in flight until `land` is called. */
  takeOff(): Flight {
    const slots = this.#unflushed.take();
    const bytes = this.#unflushedBytes;
    const { words } = this.#slots;
    for (const slot of slots) {
      const at = slot * wordsPerSlot + flagsWord;
      words[at] = ((words[at] ?? 0) & ~unflushedFlag) + (1 << flightShift);
    }
    this.#count(-bytes);
    this.#flyingBytes += bytes;
    return { slots, bytes };
  }

  /** The store has these rows, or, where it has not, they are to be flushed again. */
  land({ slots, bytes }: Flight, isInStore: boolean): void {
    const chunks = this.#chunks;
    const { words } = this.#slots;
    this.#flyingBytes -= bytes;
    for (const slot of slots) {
      const at = slot * wordsPerSlot + flagsWord;
      words[at] = (words[at] ?? 0) - (1 << flightShift);
      if (isInStore) continue;
      const address = this.address(slot);
      const rowBytes = chunks.keyLength(address) + Math.max(0, chunks.valueLength(address));
      this.#list(slot, packedHeadBytes + rowBytes);
    }
  }

  releaseOldest(): void {
    const id = this.#arena.takeOldest();
    if (id === 0) return;
    const chunks = this.#chunks;
    for (let at = chunks.first(id); at !== 0; at = chunks.next(at)) {
      const slot = chunks.slotOf(at);
      if (this.address(slot) !== at) continue;
      if (this.#isForgettable(slot)) {
        this.#hasForgotten = true;
        this.#slots.remove(slot, chunks.hash(at));
      } else this.#move(slot, at);
    }
    this.#arena.release(id);
  }

  /** Gives the memory back; the slots still have their addresses. */
  clear(): void {
    this.#arena.clear();
    this.#hasForgotten = false;
    this.#unflushed.clear();
    this.#count(-this.#unflushedBytes);
  }

  /** Gives the memory back for good. */
  close(): void {
    this.clear();
    this.#budget.leave(this);
  }

  #count(bytes: number): void {
    this.#unflushedBytes += bytes;
    this.#budget.unflushedBytes += bytes;
  }

  #list(slot: number, bytes: number): void {
    const { words } = this.#slots;
    const at = slot * wordsPerSlot + flagsWord;
    const flags = words[at] ?? 0;
    if ((flags & unflushedFlag) !== 0) return;
    words[at] = flags | unflushedFlag;
    this.#unflushed.push(slot);
    this.#count(bytes);
  }

  #isForgettable(slot: number): boolean {
    const { words } = this.#slots;
    const at = slot * wordsPerSlot;
    return words[at + 1] === 0 && words[at + 2] === 0 && words[at + flagsWord] === 0;
  }

  #move(slot: number, from: number): void {
    const chunks = this.#chunks;
    const length = chunks.valueLength(from);
    const to = this.#arena.append(
      slot,
      chunks.keyRange(from, this.#movedKey),
      length,
      length,
      true,
    );
    chunks.setValue(to, chunks.bytesOf(from), chunks.valueStart(from), length);
    const { words } = this.#slots;
    const at = slot * wordsPerSlot;
    words[at] = to;
    words[at + flagsWord] = (words[at + flagsWord] ?? 0) & ~referencedFlag;
  }
}
