import type { OfTopic } from "./apis.ts";

/** Gathers what concerns partitions by topic, as requests have it. */
export function byTopic<Item extends { readonly topic: string }, Partition>(
  items: readonly Item[],
  partitionOf: (item: Item) => Partition,
): readonly OfTopic<Partition>[] {
  const partitionsByTopic = new Map<string, Partition[]>();
  for (const item of items) {
    const partitions = partitionsByTopic.get(item.topic) ?? [];
    partitions.push(partitionOf(item));
    partitionsByTopic.set(item.topic, partitions);
  }
  return [...partitionsByTopic].map(([topic, partitions]) => ({ topic, partitions }));
}
