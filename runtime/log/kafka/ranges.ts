import type { DeletedOffset, OffsetRange, TopicPartition } from "../log.ts";
import { partitionKey } from "../partition-key.ts";
import { refuse } from "./broker-errors.ts";
import { byTopic } from "./by-topic.ts";
import type { Cluster } from "./cluster.ts";

const earliest = -2;
const latest = -1;
const deleteTimeoutMs = 10_000;

/** `Log.offsets`. */
export async function listRanges(
  cluster: Cluster,
  places: readonly TopicPartition[],
): Promise<readonly OffsetRange[]> {
  const ask = (timestamp: -1 | -2, isolation: 0 | 1): Promise<ReadonlyMap<string, number>> =>
    cluster.persist("asking for offsets", () => list(cluster, places, timestamp, isolation));
  const start = await ask(earliest, 0);
  // The stable end is asked for first, so that it is never behind the end.
  const stableEnd = await ask(latest, 1);
  const end = await ask(latest, 0);
  return places.map(({ topic, partition }) => {
    const key = partitionKey({ topic, partition });
    return {
      topic,
      partition,
      start: start.get(key) ?? 0,
      end: end.get(key) ?? 0,
      stableEnd: stableEnd.get(key) ?? 0,
    };
  });
}

/** `Log.offsetsAt`. */
export async function listOffsetsAt(
  cluster: Cluster,
  places: readonly TopicPartition[],
  timeMs: number,
): Promise<readonly number[]> {
  const ask = (timestamp: number): Promise<ReadonlyMap<string, number>> =>
    cluster.persist("asking for offsets by time", () => list(cluster, places, timestamp, 1));
  // Negative times have meanings of their own; records are not that old.
  const found = await ask(Math.max(0, timeMs));
  const offsets = places.map((place) => found.get(partitionKey(place)) ?? -1);
  if (offsets.every((offset) => offset >= 0)) return offsets;
  const ends = await ask(latest);
  return places.map((place, index) => {
    const offset = offsets[index] ?? -1;
    return offset >= 0 ? offset : (ends.get(partitionKey(place)) ?? 0);
  });
}

async function list(
  cluster: Cluster,
  places: readonly TopicPartition[],
  timestamp: number,
  isolationLevel: 0 | 1,
): Promise<ReadonlyMap<string, number>> {
  const offsets = new Map<string, number>();
  for (const [node, own] of await byLeader(cluster, places)) {
    const { responses } = await cluster.call(node, "ListOffsets", {
      replicaId: -1,
      isolationLevel,
      topics: byTopic(own, ({ partition }) => ({ partition, timestamp })),
    });
    for (const { topic, partitions } of responses) {
      for (const { partition, errorCode, offset } of partitions) {
        refuse(errorCode, { topic, partition });
        offsets.set(partitionKey({ topic, partition }), Number(offset));
      }
    }
  }
  return offsets;
}

/** `Log.deleteRecords`. */
export async function deleteRecords(
  cluster: Cluster,
  before: readonly DeletedOffset[],
): Promise<void> {
  await cluster.persist("deleting records", async () => {
    for (const [node, own] of await byLeader(cluster, before)) {
      const { topics } = await cluster.call(node, "DeleteRecords", {
        topics: byTopic(own, ({ partition, offset }) => ({ partition, offset: String(offset) })),
        timeout: deleteTimeoutMs,
      });
      for (const { topic, partitions } of topics) {
        for (const { partition, errorCode } of partitions) refuse(errorCode, { topic, partition });
      }
    }
  });
}

async function byLeader<Place extends TopicPartition>(
  cluster: Cluster,
  places: readonly Place[],
): Promise<ReadonlyMap<number, readonly Place[]>> {
  const placesByNode = new Map<number, Place[]>();
  for (const place of places) {
    const leader = await cluster.leader(place);
    placesByNode.set(leader, [...(placesByNode.get(leader) ?? []), place]);
  }
  return placesByNode;
}
