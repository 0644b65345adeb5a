import type { CacheBudget } from "./budget.ts";
import type { Chunks } from "./chunks.ts";

/** The words of a slot: the address of the committed row, of each generation's, and flags. */
export const wordsPerSlot = 4;
export const committedWord = 0;
export const flagsWord = 3;

/** Flags. Above them a byte counts the flushes that the slot's row is in. */
export const referencedFlag = 1;
export const unflushedFlag = 2;
/** Listed by a generation: shifted by that generation's word. */
export const listedFlag = 4;
export const flightShift = 8;

const smallest = 64;

/**
 * Finds the slot of a key by open addressing with linear probing, at most five eighths full. A slot is
 * a number above 0 that stays the same while anything is known of its key.
 */
export class Slots {
  /** Four words for each slot. Replaced when it grows. */
  words: Int32Array = new Int32Array(smallest * wordsPerSlot);
  readonly #chunks: Chunks;
  readonly #budget: CacheBudget;
  /** Pairs of hash and slot. */
  #index: Int32Array = new Int32Array(smallest * 2);
  #mask = smallest - 1;
  #count = 0;
  #nextSlot = 1;
  /** The slots that are free, each with the next one in its flags. */
  #free = 0;

  constructor(chunks: Chunks, budget: CacheBudget) {
    this.#chunks = chunks;
    this.#budget = budget;
    budget.charge(this.#bytes);
  }

  get count(): number {
    return this.#count;
  }

  /** The slot of a key; 0: there is none. */
  find(key: Uint8Array, hash: number): number {
    const index = this.#index;
    const mask = this.#mask;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = index[at * 2 + 1] ?? 0;
      if (slot === 0) return 0;
      if (index[at * 2] === hash && this.#chunks.isKey(this.anyAddress(slot), key)) return slot;
    }
  }

  /** A slot for a key that has none. Its key is found once one of its words has an address. */
  add(hash: number): number {
    const places = this.#mask + 1;
    if ((this.#count + 1) * 8 > places * 5) this.#resize(places * 2);
    const slot = this.#takeSlot();
    this.#place(hash, slot);
    this.#count += 1;
    return slot;
  }

  /** The address of some chunk with the slot's key; 0: there is none yet. */
  anyAddress(slot: number): number {
    const { words } = this;
    const at = slot * wordsPerSlot;
    return (words[at] ?? 0) || (words[at + 1] ?? 0) || (words[at + 2] ?? 0);
  }

  /** Forgets a slot, whose key's hash the caller still knows. */
  remove(slot: number, hash: number): void {
    const index = this.#index;
    const mask = this.#mask;
    let hole = hash & mask;
    while (index[hole * 2 + 1] !== slot) hole = (hole + 1) & mask;
    // Slots behind the hole move up unless that would put them before their own first place.
    for (let at = (hole + 1) & mask; index[at * 2 + 1] !== 0; at = (at + 1) & mask) {
      const home = (index[at * 2] ?? 0) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      index[hole * 2] = index[at * 2] ?? 0;
      index[hole * 2 + 1] = index[at * 2 + 1] ?? 0;
      hole = at;
    }
    index[hole * 2 + 1] = 0;
    this.#count -= 1;
    const at = slot * wordsPerSlot;
    this.words.fill(0, at, at + flagsWord);
    this.words[at + flagsWord] = this.#free;
    this.#free = slot;
  }

  /** For each key whose row may differ from the store's, the address of some chunk of it. */
  *changed(): Generator<number> {
    const { words } = this;
    for (let at = wordsPerSlot; at < this.#nextSlot * wordsPerSlot; at += wordsPerSlot) {
      const committed = words[at] ?? 0;
      const staged = (words[at + 1] ?? 0) || (words[at + 2] ?? 0);
      const isUnflushed = committed !== 0 && ((words[at + flagsWord] ?? 0) & ~referencedFlag) !== 0;
      if (staged !== 0 || isUnflushed) yield committed || staged;
    }
  }

  /** Forgets every slot, and gives the memory back. */
  clear(): void {
    this.#budget.charge(-this.#bytes);
    this.words = new Int32Array(smallest * wordsPerSlot);
    this.#index = new Int32Array(smallest * 2);
    this.#mask = smallest - 1;
    this.#count = 0;
    this.#nextSlot = 1;
    this.#free = 0;
    this.#budget.charge(this.#bytes);
  }

  /** Gives the memory back for good. */
  close(): void {
    this.#budget.charge(-this.#bytes);
  }

  get #bytes(): number {
    return this.words.byteLength + this.#index.byteLength;
  }

  #takeSlot(): number {
    const { words } = this;
    if (this.#free !== 0) {
      const slot = this.#free;
      const at = slot * wordsPerSlot + flagsWord;
      this.#free = words[at] ?? 0;
      words[at] = 0;
      return slot;
    }
    const slot = this.#nextSlot;
    this.#nextSlot += 1;
    if (this.#nextSlot * wordsPerSlot > words.length) {
      this.words = new Int32Array(words.length * 2);
      this.words.set(words);
      this.#budget.charge(words.byteLength);
    }
    return slot;
  }

  #resize(places: number): void {
    const old = this.#index;
    this.#index = new Int32Array(places * 2);
    this.#mask = places - 1;
    this.#budget.charge(this.#index.byteLength - old.byteLength);
    for (let at = 0; at < old.length; at += 2) {
      const slot = old[at + 1] ?? 0;
      if (slot !== 0) this.#place(old[at] ?? 0, slot);
    }
  }

  #place(hash: number, slot: number): void {
    const index = this.#index;
    const mask = this.#mask;
    let at = hash & mask;
    while (index[at * 2 + 1] !== 0) at = (at + 1) & mask;
    index[at * 2] = hash;
    index[at * 2 + 1] = slot;
  }
}
