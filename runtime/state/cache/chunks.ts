import { copyBytes } from "../../log/copy.ts";
import { hashBytes } from "../byte-map.ts";
import { Slab } from "./budget.ts";

/** A range of bytes that are only to be read, valid until the next call of who gave it. */
export interface ByteRange {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A range that is used again and again. */
export class MovingRange implements ByteRange {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;

  move(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    return this;
  }
}

/** In place of a value's length: the row is deleted, or was never there. */
export const deleted = -1;
/** In place of a value's length: nothing is said of the row. */
export const unsaid = -2;

const headBytes = 12;
/** Chunks begin at multiples of this, so that an address of 31 bits reaches 16 GiB. */
const unitBytes = 8;
const unitShift = 3;
const keyBits = 24;
const keyMask = (1 << keyBits) - 1;
const slackUnitsMax = 255;
/** Room that a chunk may have beyond its value. */
export const slackBytesMax: number = slackUnitsMax * unitBytes;
const noSlab = new Slab(16);

/**
 * The rows of one table in memory, each a chunk of a slab:
 *
 *     chunk ::= slot:i32 (slackUnits << 24 | keyLength):u32 valueLength:i32 key value padding
 *
 * An address is the number of a slab and, in units of 8 bytes, the chunk's place in it; 0 is nowhere.
 * Whoever holds an address knows that it is one, so that lookups of absent slabs cannot happen.
 */
export class Chunks {
  readonly #slabs: Slab[] = [noSlab];
  readonly #freeIds: number[] = [];
  readonly #placeBits: number;
  readonly #placeMask: number;

  /** `slabBytes` is the size of the largest slab that holds more than one chunk. */
  constructor(slabBytes: number) {
    this.#placeBits = Math.log2(slabBytes / unitBytes);
    this.#placeMask = (1 << this.#placeBits) - 1;
  }

  /** The bytes that a chunk takes. */
  static sizeOf(keyLength: number, valueLength: number): number {
    return ((headBytes + keyLength + valueLength + unitBytes - 1) >>> unitShift) << unitShift;
  }

  /** Adds a slab and gives its number. */
  add(slab: Slab): number {
    const id = this.#freeIds.pop() ?? this.#slabs.length;
    this.#slabs[id] = slab;
    return id;
  }

  remove(id: number): Slab {
    const slab = this.#slabs[id] ?? noSlab;
    this.#slabs[id] = noSlab;
    this.#freeIds.push(id);
    return slab;
  }

  /**
   * Appends a chunk of `sizeBytes` to a slab that has room for it. `valueLength` may be `deleted` or
   * `unsaid`; otherwise the caller copies so many bytes to `valueStart`.
   */
  append(
    id: number,
    slot: number,
    { bytes, start, end }: ByteRange,
    valueLength: number,
    sizeBytes: number,
  ): number {
    const slab = this.#slabs[id] ?? noSlab;
    const at = slab.usedBytes;
    const { words } = slab;
    const word = at >>> 2;
    const keyLength = end - start;
    const slackBytes = sizeBytes - Chunks.sizeOf(keyLength, Math.max(0, valueLength));
    slab.usedBytes = at + sizeBytes;
    words[word] = slot;
    words[word + 1] = ((slackBytes >>> unitShift) << keyBits) | keyLength;
    words[word + 2] = valueLength;
    copyBytes(bytes, start, end, slab.bytes, at + headBytes);
    return (id << this.#placeBits) | (at >>> unitShift);
  }

  bytesOf(address: number): Buffer {
    return this.#slab(address).bytes;
  }

  keyStart(address: number): number {
    return this.#offset(address) + headBytes;
  }

  keyLength(address: number): number {
    return (this.#slab(address).words[this.#word(address) + 1] ?? 0) & keyMask;
  }

  slotOf(address: number): number {
    return this.#slab(address).words[this.#word(address)] ?? 0;
  }

  /** `deleted`, `unsaid`, or the value's length. */
  valueLength(address: number): number {
    return this.#slab(address).words[this.#word(address) + 2] ?? 0;
  }

  valueStart(address: number): number {
    return this.keyStart(address) + this.keyLength(address);
  }

  /** A view of the key, valid until its slab goes. */
  key(address: number): Buffer {
    const start = this.keyStart(address);
    return this.bytesOf(address).subarray(start, start + this.keyLength(address));
  }

  /** Moves a range to the key. */
  keyRange(address: number, range: MovingRange): MovingRange {
    const start = this.keyStart(address);
    return range.move(this.bytesOf(address), start, start + this.keyLength(address));
  }

  /** The hash of the key. */
  hash(address: number): number {
    const start = this.keyStart(address);
    return hashBytes(this.bytesOf(address), start, start + this.keyLength(address));
  }

  isKey(address: number, key: Uint8Array): boolean {
    if (this.keyLength(address) !== key.length) return false;
    const { bytes } = this.#slab(address);
    const start = this.keyStart(address);
    for (let index = 0; index < key.length; index += 1) {
      if (bytes[start + index] !== key[index]) return false;
    }
    return true;
  }

  /**
   * Sets the value, or says `deleted` or `unsaid` by a length below 0. Gives false where the chunk is
   * too small, or so much too large that its head cannot say so: then nothing has changed.
   */
  setValue(address: number, value: Uint8Array, start: number, length: number): boolean {
    const { bytes, words } = this.#slab(address);
    const word = this.#word(address);
    const keyLength = (words[word + 1] ?? 0) & keyMask;
    const slack = (words[word + 1] ?? 0) >>> keyBits;
    const before = Math.max(0, words[word + 2] ?? 0);
    const size = Chunks.sizeOf(keyLength, before) + (slack << unitShift);
    const wanted = Chunks.sizeOf(keyLength, Math.max(0, length));
    if (wanted > size || size - wanted > slackBytesMax) return false;
    words[word + 1] = (((size - wanted) >>> unitShift) << keyBits) | keyLength;
    words[word + 2] = length;
    if (length > 0) {
      const to = this.#offset(address) + headBytes + keyLength;
      copyBytes(value, start, start + length, bytes, to);
    }
    return true;
  }

  /** The address of a slab's first chunk; 0: it has none. */
  first(id: number): number {
    return (this.#slabs[id] ?? noSlab).usedBytes === 0 ? 0 : id << this.#placeBits;
  }

  /** The address of the chunk behind one in the same slab; 0: it is the last. */
  next(address: number): number {
    const { usedBytes, words } = this.#slab(address);
    const word = this.#word(address);
    const head = words[word + 1] ?? 0;
    const size =
      Chunks.sizeOf(head & keyMask, Math.max(0, words[word + 2] ?? 0)) +
      ((head >>> keyBits) << unitShift);
    return this.#offset(address) + size < usedBytes ? address + (size >>> unitShift) : 0;
  }

  #slab(address: number): Slab {
    return this.#slabs[address >>> this.#placeBits] ?? noSlab;
  }

  #offset(address: number): number {
    return (address & this.#placeMask) << unitShift;
  }

  #word(address: number): number {
    return (address & this.#placeMask) << (unitShift - 2);
  }
}
