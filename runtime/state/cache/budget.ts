/** A piece of memory for rows. It belongs to one table at a time. */
export class Slab {
  readonly bytes: Buffer;
  /** The same bytes, for the chunks' heads. */
  readonly words: Int32Array;
  usedBytes = 0;

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
    this.words = new Int32Array(this.bytes.buffer, this.bytes.byteOffset, sizeBytes >>> 2);
  }
}

/** Whoever can give memory back: the cache of one table. */
export interface SlabOwner {
  /** About how many bytes `releaseOldest` could free by and by. */
  readonly spareBytes: number;
  /** Makes the oldest slab free: what is still wanted of it moves elsewhere. */
  releaseOldest(): void;
}

const slabBytesMax = 64 * 1024;
/** Slabs released for one that is asked for: what they keep has moved, so it cannot go on for ever. */
const releasesMax = 8;

/**
 * The memory for rows of all tables in one worker process. Slabs are handed out until the limit is
 * reached, give or take one; then the table with the most rows that can be read again gives some back.
 * Rows that only the cache has are never given up: while there are too many, the limit is passed.
 */
export class CacheBudget {
  readonly limitBytes: number;
  /** The size of a slab; a table's first ones are smaller. */
  readonly slabBytes: number;
  readonly #owners = new Set<SlabOwner>();
  readonly #free: Slab[] = [];
  #usedBytes = 0;
  #freeBytes = 0;
  /** Bytes of rows that are committed and not in their stores yet, over all tables. */
  unflushedBytes = 0;

  /** `slabBytes` is a power of two of at most 64 KiB. */
  constructor(limitBytes: number, slabBytes: number = slabBytesMax) {
    this.limitBytes = limitBytes;
    this.slabBytes = slabBytes;
  }

  /** What the tables hold. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether so many bytes more are to be had without taking them from a table. */
  hasRoomFor(bytes: number): boolean {
    return this.#usedBytes + bytes <= this.limitBytes;
  }

  join(owner: SlabOwner): void {
    this.#owners.add(owner);
  }

  /** The owner has given everything back. */
  leave(owner: SlabOwner): void {
    this.#owners.delete(owner);
  }

  /** A slab of at least `sizeBytes`. Rows of any table may be given up meanwhile, except staged ones. */
  take(sizeBytes: number): Slab {
    for (let count = 0; count < releasesMax && !this.hasRoomFor(sizeBytes); count += 1) {
      const owner = this.#richest();
      if (owner === undefined) break;
      owner.releaseOldest();
    }
    return this.takeAnyway(sizeBytes);
  }

  /** The same while a table releases memory: it takes from nobody. */
  takeAnyway(sizeBytes: number): Slab {
    this.#usedBytes += sizeBytes;
    const index = this.#free.findIndex(({ bytes }) => bytes.length === sizeBytes);
    const [slab] = index < 0 ? [] : this.#free.splice(index, 1);
    if (slab === undefined) return new Slab(sizeBytes);
    this.#freeBytes -= sizeBytes;
    slab.usedBytes = 0;
    return slab;
  }

  give(slab: Slab): void {
    const { length } = slab.bytes;
    this.#usedBytes -= length;
    const isWorthKeeping = length <= this.slabBytes && this.hasRoomFor(this.#freeBytes + length);
    if (!isWorthKeeping) return;
    this.#free.push(slab);
    this.#freeBytes += length;
  }

  /** Counts memory that a table has beside its slabs; a negative number gives it back. */
  charge(bytes: number): void {
    this.#usedBytes += bytes;
  }

  #richest(): SlabOwner | undefined {
    let richest: SlabOwner | undefined;
    let most = 0;
    for (const owner of this.#owners) {
      const { spareBytes } = owner;
      if (spareBytes > most) {
        most = spareBytes;
        richest = owner;
      }
    }
    return richest;
  }
}
