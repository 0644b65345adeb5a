import type { TopicPartition } from "./log.ts";

/** A partition as one text, for maps. Topic names have no slash. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** Those of `partitions` that are not in `removed`. */
export function without(
  partitions: readonly TopicPartition[],
  removed: readonly TopicPartition[],
): readonly TopicPartition[] {
  const keys = new Set(removed.map(partitionKey));
  return partitions.filter((partition) => !keys.has(partitionKey(partition)));
}
