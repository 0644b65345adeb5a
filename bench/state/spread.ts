import type { Random } from "../../test/random.ts";

/** Every key as often as any other. */
export const uniform =
  (numbers: Random, keys: number): (() => number) =>
  () =>
    numbers.int(keys);

/** The key of rank n comes 1/n times as often as the first. Ranks are scattered over the keys. */
export function zipf(numbers: Random, keys: number): () => number {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank += 1) {
    sum += 1 / (rank + 1);
    sums[rank] = sum;
  }
  return () => {
    const wanted = (numbers.int(2 ** 30) / 2 ** 30) * sum;
    let low = 0;
    let high = keys - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return (low * 7919) % keys;
  };
}
