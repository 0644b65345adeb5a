import { type AssignedMember, assignPartitions } from "../assignor.ts";
import type { TopicPartition } from "../log.ts";
import { partitionKey } from "../partition-key.ts";
import type { Subscription } from "./subscription.ts";

/**
 * What each member gets in this generation (KIP-429): of what it is to have, that which no other
 * member holds yet. The holder sees that it is not to have it any more, lets go and joins again; the
 * generation after that gives it away.
 */
export function planGroup(
  subscriptions: ReadonlyMap<string, Subscription>,
  partitionsByTopic: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const ownerByKey = owners(subscriptions);
  const members: AssignedMember[] = [...subscriptions].map(([id, subscription]) => ({
    id,
    topics: subscription.topics,
    copartitioned: subscription.copartitioned,
    owned: subscription.owned.filter((partition) => ownerByKey.get(partitionKey(partition)) === id),
  }));
  const targets = assignPartitions(members, partitionsByTopic);
  return new Map(
    [...targets].map(([id, target]) => [
      id,
      target.filter((partition) => (ownerByKey.get(partitionKey(partition)) ?? id) === id),
    ]),
  );
}

/** Who holds each partition: of several that claim it, the one of the latest generation. */
function owners(subscriptions: ReadonlyMap<string, Subscription>): ReadonlyMap<string, string> {
  const claims = new Map<string, { readonly id: string; readonly generation: number }>();
  for (const [id, { owned, generation }] of subscriptions) {
    for (const partition of owned) {
      const key = partitionKey(partition);
      const other = claims.get(key);
      if (other === undefined || other.generation < generation) claims.set(key, { id, generation });
    }
  }
  return new Map([...claims].map(([key, { id }]) => [key, id]));
}
