import type { Chunks } from "./chunks.ts";

/** Rows whose index fits beside a word of four key bytes into a number's 53 bits. */
const wideMax = 2 ** 21;
/** Fewer are sorted by comparing whole keys. */
const fewMax = 12;

/**
 * The addresses in the order of their keys. Each round sorts by the next four bytes of the keys, as
 * numbers with the index below them, which needs no comparing function; equal ones go on to the next.
 */
export function sortByKey(chunks: Chunks, addresses: readonly number[] | Int32Array): Int32Array {
  const sorter = new KeySorter(chunks, Int32Array.from(addresses));
  sorter.sort(0, addresses.length, 0);
  return sorter.sorted;
}

class KeySorter {
  readonly sorted: Int32Array;
  readonly #chunks: Chunks;
  readonly #copy: Int32Array;
  readonly #numbers: Float64Array;

  constructor(chunks: Chunks, addresses: Int32Array) {
    this.#chunks = chunks;
    this.sorted = addresses;
    this.#copy = new Int32Array(addresses.length);
    this.#numbers = new Float64Array(addresses.length);
  }

  /** Sorts a range whose keys agree in their first `depth` bytes. */
  sort(from: number, to: number, depth: number): void {
    const start = to - from <= fewMax ? -1 : this.#agreement(from, to, depth);
    if (start < 0) {
      this.sorted.subarray(from, to).sort((a, b) => this.#compare(a, b, depth));
      return;
    }
    const width = to - from <= wideMax ? 4 : 3;
    const scale = 2 ** (53 - 8 * width);
    this.#sortByWord(from, to, start, width, scale);
    const wordAt = (index: number) => Math.floor((this.#numbers[index] ?? 0) / scale);
    for (let first = from; first < to; ) {
      const word = wordAt(first);
      let next = first + 1;
      while (next < to && wordAt(next) === word) next += 1;
      // Rounds below overwrite only the numbers of their own range, which is done with here.
      if (next - first > 1) this.sort(first, next, start + width);
      first = next;
    }
  }

  #sortByWord(from: number, to: number, start: number, width: number, scale: number): void {
    const numbers = this.#numbers.subarray(from, to);
    const before = this.#copy.subarray(from, to);
    before.set(this.sorted.subarray(from, to));
    for (let index = 0; index < numbers.length; index += 1) {
      numbers[index] = this.#word(before[index] ?? 0, start, width) * scale + index;
    }
    numbers.sort();
    for (let index = 0; index < numbers.length; index += 1) {
      this.sorted[from + index] = before[(numbers[index] ?? 0) % scale] ?? 0;
    }
  }

  /** How many bytes all keys of a range share, at least `depth`; -1: all of them have ended there. */
  #agreement(from: number, to: number, depth: number): number {
    const chunks = this.#chunks;
    const first = this.sorted[from] ?? 0;
    const bytes = chunks.bytesOf(first);
    const start = chunks.keyStart(first);
    let agreed = chunks.keyLength(first);
    let longest = agreed;
    for (let index = from + 1; index < to && (agreed > depth || longest <= depth); index += 1) {
      const other = this.sorted[index] ?? 0;
      const otherBytes = chunks.bytesOf(other);
      const otherStart = chunks.keyStart(other);
      const length = chunks.keyLength(other);
      longest = Math.max(longest, length);
      agreed = Math.min(agreed, length);
      for (let at = depth; at < agreed; at += 1) {
        if (bytes[start + at] !== otherBytes[otherStart + at]) agreed = at;
      }
    }
    return longest <= depth ? -1 : Math.max(depth, agreed);
  }

  /** Some bytes of a key as a number; zeros behind its end. */
  #word(address: number, depth: number, width: number): number {
    const chunks = this.#chunks;
    const bytes = chunks.bytesOf(address);
    const start = chunks.keyStart(address) + depth;
    const left = chunks.keyLength(address) - depth;
    let word = 0;
    for (let index = 0; index < width; index += 1) {
      word = word * 256 + (index < left ? (bytes[start + index] ?? 0) : 0);
    }
    return word;
  }

  #compare(a: number, b: number, depth: number): number {
    const chunks = this.#chunks;
    const aStart = chunks.keyStart(a);
    const bStart = chunks.keyStart(b);
    const aLength = chunks.keyLength(a);
    const bLength = chunks.keyLength(b);
    const aBytes = chunks.bytesOf(a);
    const bBytes = chunks.bytesOf(b);
    const length = Math.min(aLength, bLength);
    for (let at = depth; at < length; at += 1) {
      const difference = (aBytes[aStart + at] ?? 0) - (bBytes[bStart + at] ?? 0);
      if (difference !== 0) return difference;
    }
    return aLength - bLength;
  }
}
