import type { Ask, Client, Int, Post } from "streamgen";

export interface Pair {
  x: Int;
  y: Int;
}

/** Answers questions: the parameter is the question, what it returns the answer. */
export function add({ x, y }: Ask<Pair>): Int {
  return x + y;
}

/** Asks another function, wherever it runs: Faust's `await add.ask(…)`. */
export async function multiply({ x, y }: Ask<Pair>, adder: Client<typeof add>): Promise<Int> {
  if (y < 0) throw new RangeError("y is less than nothing");
  let product = 0;
  for (let n = 0; n < y; n += 1) product = await adder.ask({ x: product, y: x });
  return product;
}

/** POST /sums asks many at once, and has the answers in their order: Faust's `map` and `join`. */
export async function sums(
  { body }: Post<"/sums", Pair[]>,
  adder: Client<typeof add>,
): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const sum of adder.map(body)) found.push(sum);
  return found;
}
