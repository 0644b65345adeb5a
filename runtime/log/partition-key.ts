import type { TopicPartition } from "./log.ts";

/** A partition as one text, for maps. Topic names have no slash. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
