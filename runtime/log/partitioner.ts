/**
 * The partition of a key, exactly as Kafka's Java clients choose it:
 * `toPositive(murmur2(key)) % partitions`. The key is `bytes[start, end)`.
 */
export function partitionOfKey(
  bytes: Uint8Array,
  partitions: number,
  start = 0,
  end: number = bytes.length,
): number {
  return (murmur2(bytes, start, end) & 0x7fff_ffff) % partitions;
}

/** Murmur2 with Kafka's seed, as a signed 32-bit number. */
export function murmur2(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const length = end - start;
  const m = 0x5bd1e995;
  let hash = 0x9747b28c ^ length;
  let position = start;
  for (const last = end - 3; position < last; position += 4) {
    let word =
      (bytes[position] ?? 0) |
      ((bytes[position + 1] ?? 0) << 8) |
      ((bytes[position + 2] ?? 0) << 16) |
      ((bytes[position + 3] ?? 0) << 24);
    word = Math.imul(word, m);
    word = Math.imul(word ^ (word >>> 24), m);
    hash = Math.imul(hash, m) ^ word;
  }
  const left = end - position;
  if (left > 0) {
    if (left > 2) hash ^= (bytes[position + 2] ?? 0) << 16;
    if (left > 1) hash ^= (bytes[position + 1] ?? 0) << 8;
    hash = Math.imul(hash ^ (bytes[position] ?? 0), m);
  }
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return hash ^ (hash >>> 15);
}

/**
 * Chooses partitions for records without a key: one and the same until `turn`, so that a batch fills
 * before the next partition is begun. Where it begins is the caller's, and nothing is left to chance.
 */
export class StickyPartitioner {
  #place: number;

  constructor(start = 0) {
    this.#place = start;
  }

  choose(partitions: number): number {
    return this.#place % partitions;
  }

  /** Goes on to the next partition; called when a batch has been sent. */
  turn(): void {
    this.#place = (this.#place + 1) % 0x7fff_ffff;
  }
}
