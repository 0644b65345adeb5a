import { randomInt } from "node:crypto";

/** What a `ByteMap` holds: its key, which must not change, and that key's hash. */
export interface HashedKey {
  readonly key: Buffer;
  readonly hash: number;
}

/**
 * Drawn for each process: keys come from outside, and whoever knew which of them collide could make
 * every lookup a long one. Nothing that lasts, and no order of anything, depends on hashes.
 */
const seed = randomInt(2 ** 32) | 0;
/** Odd, and no number whose powers repeat soon. */
const factor = (randomInt(2 ** 32) & ~7) | 5;

/** A hash of 32 bits, well mixed in its low bits. It differs from process to process. */
export function hashBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let hash = (end - start) ^ seed;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] ?? 0), factor);
  }
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) | 0;
}

export function equalBytes(a: Buffer, b: Buffer): boolean {
  const length = a.length;
  if (length !== b.length) return false;
  for (let index = 0; index < length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Negative, zero or positive: the order of unsigned bytes, a prefix before what it begins. */
export function compareBytes(a: Buffer, b: Buffer): number {
  return Buffer.compare(a, b);
}

const smallest = 16;

/**
 * Finds entries by the bytes of their keys, without making a string of them. Open addressing with
 * linear probing; at most half full, so that probes stay short.
 */
export class ByteMap<Entry extends HashedKey> {
  #slots: (Entry | undefined)[] = new Array<Entry | undefined>(smallest).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** `key` is only read: it may be a scratch buffer. */
  get(key: Buffer, hash: number): Entry | undefined {
    const mask = this.#slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = this.#slots[at];
      if (entry === undefined) return undefined;
      if (entry.hash === hash && equalBytes(entry.key, key)) return entry;
    }
  }

  /** The caller has made sure that the key is not there yet. */
  add(entry: Entry): void {
    if ((this.#size + 1) * 2 > this.#slots.length) this.#resize(this.#slots.length * 2);
    place(this.#slots, entry);
    this.#size += 1;
  }

  /** Removes an entry that is there. */
  remove(entry: Entry): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = entry.hash & mask;
    while (slots[hole] !== entry) {
      if (slots[hole] === undefined) return;
      hole = (hole + 1) & mask;
    }
    // Entries behind the hole move up unless that would put them before their own first place.
    for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
      const next = slots[at];
      if (next === undefined) break;
      const home = next.hash & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = next;
        hole = at;
      }
    }
    slots[hole] = undefined;
    this.#size -= 1;
  }

  clear(): void {
    this.#slots = new Array<Entry | undefined>(smallest).fill(undefined);
    this.#size = 0;
  }

  /** In the order of their keys. */
  entries(): readonly Entry[] {
    const entries = this.#slots.filter((entry) => entry !== undefined);
    return entries.sort((a, b) => compareBytes(a.key, b.key));
  }

  #resize(length: number): void {
    const slots = new Array<Entry | undefined>(length).fill(undefined);
    for (const entry of this.#slots) if (entry !== undefined) place(slots, entry);
    this.#slots = slots;
  }
}

function place<Entry extends HashedKey>(slots: (Entry | undefined)[], entry: Entry): void {
  const mask = slots.length - 1;
  let at = entry.hash & mask;
  while (slots[at] !== undefined) at = (at + 1) & mask;
  slots[at] = entry;
}
