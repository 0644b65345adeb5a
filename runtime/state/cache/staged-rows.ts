import type { UndoLog } from "../undo.ts";
import { Arena } from "./arena.ts";
import type { CacheBudget } from "./budget.ts";
import { type ByteRange, type Chunks, MovingRange, unsaid } from "./chunks.ts";
import { PutJournal, type TakenBack } from "./put-journal.ts";
import { SlotList } from "./slot-list.ts";
import { flagsWord, listedFlag, type Slots, wordsPerSlot } from "./slots.ts";

/** What both generations of a table share. */
export interface StagedPlace {
  readonly chunks: Chunks;
  readonly slots: Slots;
  readonly budget: CacheBudget;
  readonly undo: UndoLog;
  readonly writes: TakenBack;
}

/** Room that a new value gets beyond what it is expected to need, as numbers grow. */
const growBytes = 8;

/**
 * What one generation writes, each key once, in slabs of its own: they go as a whole when it is
 * committed or dropped. A value that fits is replaced in place.
 */
export class StagedRows {
  readonly #chunks: Chunks;
  readonly #slots: Slots;
  readonly #budget: CacheBudget;
  readonly #arena: Arena;
  readonly #undo: UndoLog;
  readonly #journal: PutJournal;
  readonly #list = new SlotList();
  readonly #key = new MovingRange();
  /** Which of a slot's words is this generation's: 1 or 2. */
  readonly #word: number;
  readonly #flag: number;
  #writtenBytes = 0;

  constructor(word: 1 | 2, { chunks, slots, budget, undo, writes }: StagedPlace) {
    this.#word = word;
    this.#flag = listedFlag << word;
    this.#chunks = chunks;
    this.#slots = slots;
    this.#budget = budget;
    this.#arena = new Arena(chunks, budget);
    this.#undo = undo;
    this.#journal = new PutJournal(chunks, slots, word, undo, writes);
  }

  /** The slots that were touched, in the order of their first touch. */
  get slots(): SlotList {
    return this.#list;
  }

  /** Bytes of the keys and values that are written, or of the memory they take; 0: nothing is. */
  get openBytes(): number {
    if (this.#writtenBytes === 0) return 0;
    return Math.max(this.#writtenBytes, this.#arena.bytes - this.#budget.slabBytes);
  }

  /** The chunk of a slot that was touched; 0: it was not. */
  address(slot: number): number {
    return this.#slots.words[slot * wordsPerSlot + this.#word] ?? 0;
  }

  /** Makes a place for a key, with about so much room for its value. It says nothing until `put`. */
  touch(slot: number, key: ByteRange, valueBytes: number): void {
    if (this.address(slot) !== 0) return;
    const at = slot * wordsPerSlot;
    const { words } = this.#slots;
    // Listed first: memory may have to be found for the chunk, and the slot must outlive that.
    words[at + flagsWord] = (words[at + flagsWord] ?? 0) | this.#flag;
    this.#list.push(slot);
    words[at + this.#word] = this.#arena.append(slot, key, unsaid, valueBytes + growBytes);
  }

  /** Writes the value of a slot that was touched; a length of `deleted` deletes the row. */
  put(slot: number, value: Uint8Array, start: number, length: number, countsAs: number): void {
    const chunks = this.#chunks;
    const address = this.address(slot);
    const before = chunks.valueLength(address);
    this.#journal.push(slot, address, countsAs);
    this.#undo.push(this.#journal);
    this.#writtenBytes += Math.max(0, length) - Math.max(0, before);
    if (before === unsaid) this.#writtenBytes += chunks.keyLength(address);
    if (chunks.setValue(address, value, start, length)) return;
    const key = chunks.keyRange(address, this.#key);
    // What has outgrown its place may well do so again.
    const room = length + Math.max(growBytes, length >>> 2);
    const larger = this.#arena.append(slot, key, length, room);
    chunks.setValue(larger, value, start, length);
    this.#slots.words[slot * wordsPerSlot + this.#word] = larger;
  }

  /** Forgets a slot's chunk; whoever walks the list calls `clear` at its end. */
  leave(slot: number): void {
    const { words } = this.#slots;
    const at = slot * wordsPerSlot;
    words[at + this.#word] = 0;
    words[at + flagsWord] = (words[at + flagsWord] ?? 0) & ~this.#flag;
  }

  /** Leaves the slots that were touched and, in the end, not written. `left` is told of each. */
  prune(left: (slot: number, hash: number) => void): void {
    this.#list.filter((slot) => {
      const address = this.address(slot);
      if (this.#chunks.valueLength(address) !== unsaid) return true;
      const hash = this.#chunks.hash(address);
      this.leave(slot);
      left(slot, hash);
      return false;
    });
  }

  /** Forgets everything. `left` is told of each slot. */
  drop(left: (slot: number, hash: number) => void): void {
    for (const slot of this.#list.view()) {
      const hash = this.#chunks.hash(this.address(slot));
      this.leave(slot);
      left(slot, hash);
    }
    this.clear();
  }

  /** Gives its memory back: it is empty. */
  clear(): void {
    this.#list.clear();
    this.#arena.clear();
    this.#writtenBytes = 0;
  }
}
