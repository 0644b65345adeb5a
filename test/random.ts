/** A generator that gives the same numbers for the same seed, for tests that print their seed. */
export interface Random {
  /** A whole number from 0 to `n` - 1. */
  int(n: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** A copy in another order. */
  shuffle<T>(list: readonly T[]): T[];
  bytes(length: number): Buffer;
}

/** Mulberry32. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (n: number): number => Math.floor(next() * n);
  return {
    int,
    pick(list) {
      const index = int(list.length);
      if (list.length === 0) throw new Error("nothing to pick from");
      return list[index] as (typeof list)[number];
    },
    chance: (p) => next() < p,
    shuffle(list) {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[number], copy[i] as (typeof copy)[number]];
      }
      return copy;
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(256))),
  };
}
