import type { Context, Each, Every, Get, Int, Lookup, Table, To, Topic, View } from "streamgen";

export interface Word {
  word: string;
}

export type Posts = Topic<"posts", { value: string; format: "string"; external: true }>;
/** Keyed by the word, so that each word has a partition of its own. */
export type Words = Topic<"words", { value: Word; keyBy: "word"; partitions: 4 }>;
export type WordCounts = Table<"word-counts", { key: string; value: Int; default: 0 }>;

/** Splits a post into its words, and sends each to where it is counted. */
export function* splitPost(post: Each<Posts>): Generator<To<Words>> {
  for (const word of post.toLowerCase().match(/\p{L}+/gu) ?? []) yield { word };
}

export function countWord({ word }: Each<Words>, counts: WordCounts): void {
  counts.update(word, (n) => n + 1);
}

/** Logs the table every ten seconds, each partition for itself. */
export function dumpWords(_tick: Every<"10s">, counts: Lookup<WordCounts>, ctx: Context): void {
  for (const [word, count] of counts.entries()) ctx.log.info("words", { word, count });
}

/** GET /count/table -> {"word":"table","count":3} */
export async function getCount(
  { params: { word } }: Get<"/count/:word">,
  counts: View<WordCounts>,
): Promise<{ word: string; count: number }> {
  return { word, count: await counts.get(word) };
}
