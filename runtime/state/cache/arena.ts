import type { CacheBudget } from "./budget.ts";
import { type ByteRange, Chunks, slackBytesMax } from "./chunks.ts";

const firstSlabBytes = 4096;
/** A chunk of more than this part of a slab gets one of its own. */
const largePart = 4;

/** Slabs that are filled one after the other, oldest first. */
export class Arena {
  readonly #chunks: Chunks;
  readonly #budget: CacheBudget;
  #ids: number[] = [];
  #head = 0;
  #headLeft = 0;
  #nextSlabBytes: number;
  #bytes = 0;

  constructor(chunks: Chunks, budget: CacheBudget) {
    this.#chunks = chunks;
    this.#budget = budget;
    this.#nextSlabBytes = Math.min(firstSlabBytes, budget.slabBytes);
  }

  /** The bytes of all its slabs. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many slabs `takeOldest` could give. */
  get spareSlabs(): number {
    return Math.max(0, this.#ids.length - 1);
  }

  /**
   * Appends a chunk with room for a value of `roomBytes`, which its slack bounds. With `isMoving` the
   * memory comes from nobody else's rows.
   */
  append(
    slot: number,
    key: ByteRange,
    valueLength: number,
    roomBytes: number,
    isMoving = false,
  ): number {
    const keyLength = key.end - key.start;
    const least = Math.max(0, valueLength);
    const room = Math.min(Math.max(least, roomBytes), least + slackBytesMax - 8);
    const size = Chunks.sizeOf(keyLength, room);
    if (size * largePart > this.#budget.slabBytes) {
      return this.#chunks.append(this.#addSlab(size, isMoving), slot, key, valueLength, size);
    }
    if (size > this.#headLeft) this.#openSlab(size, isMoving);
    this.#headLeft -= size;
    return this.#chunks.append(this.#head, slot, key, valueLength, size);
  }

  /** Takes the oldest slab that is not being filled; 0: there is none. The caller releases it. */
  takeOldest(): number {
    const index = this.#ids[0] === this.#head ? 1 : 0;
    const [id = 0] = this.#ids.splice(index, 1);
    return id;
  }

  /** Gives back a slab that was taken. */
  release(id: number): void {
    const slab = this.#chunks.remove(id);
    this.#bytes -= slab.bytes.length;
    this.#budget.give(slab);
  }

  /** Gives everything back. */
  clear(): void {
    for (const id of this.#ids) this.release(id);
    this.#ids = [];
    this.#head = 0;
    this.#headLeft = 0;
    this.#nextSlabBytes = Math.min(firstSlabBytes, this.#budget.slabBytes);
  }

  #openSlab(leastBytes: number, isMoving: boolean): void {
    while (this.#nextSlabBytes < leastBytes) this.#nextSlabBytes *= 2;
    const size = this.#nextSlabBytes;
    const id = this.#addSlab(size, isMoving);
    this.#head = id;
    this.#headLeft = size;
    this.#nextSlabBytes = Math.min(size * 2, this.#budget.slabBytes);
  }

  #addSlab(sizeBytes: number, isMoving: boolean): number {
    const budget = this.#budget;
    const slab = isMoving ? budget.takeAnyway(sizeBytes) : budget.take(sizeBytes);
    const id = this.#chunks.add(slab);
    this.#ids.push(id);
    this.#bytes += slab.bytes.length;
    return id;
  }
}
