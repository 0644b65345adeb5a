import type { Batch, Int, Stream, To, Topic } from "streamgen";

export interface Click {
  page: string;
  user: string;
}

export interface Hundred {
  clicks: Int;
  pages: Int;
}

export type Clicks = Topic<"clicks", { value: Click; keyBy: "user"; external: true }>;
export type Hundreds = Topic<"hundreds", { value: Hundred }>;
export type Recents = Topic<"recents", { value: Hundred }>;
export type Inserts = Topic<"inserts", { value: string; format: "string" }>;

/** `stream.take(100)`: exactly so many, however long it takes. */
export async function* hundreds(clicks: Stream<Clicks>): AsyncGenerator<To<Hundreds>> {
  for await (const some of clicks.take(100)) yield sum(some);
}

/** `stream.take(100, within=10)`: so many, or those of ten seconds. */
export async function* recents(clicks: Stream<Clicks>): AsyncGenerator<To<Recents>> {
  for await (const some of clicks.take(100, "10s")) yield sum(some);
}

/** The same without a loop: one call is one unit, and a record it fails for is found. */
export function insert(clicks: Batch<Clicks, { max: 100; within: "10s" }>): To<Inserts> {
  return clicks.map(({ user, page }) => `('${user}', '${page}')`).join(", ");
}

function sum(clicks: readonly Click[]): Hundred {
  return { clicks: clicks.length, pages: new Set(clicks.map(({ page }) => page)).size };
}
