import { isLogError, logCode } from "../codes.ts";
import type { TopicPartition } from "../log.ts";
import { byTopic } from "./by-topic.ts";
import { WireInput, WireOutput } from "./wire.ts";

/** The assignor's name: every member of a group has to have it. */
export const protocolName = "streamgen";

/** What a member tells the one that divides the partitions. */
export interface Subscription {
  readonly topics: readonly string[];
  readonly copartitioned: readonly (readonly string[])[];
  readonly owned: readonly TopicPartition[];
  /** When it got what it owns: of two that claim one partition, the later is right. */
  readonly generation: number;
}

/** Of our own part of the bytes. Members with another one count as owning nothing. */
const format = 1;
const nothing = { copartitioned: [], owned: [], generation: -1 } as const;

/**
 * ```
 * subscription => version int16, topic string*, userData bytes      (Kafka's consumer protocol, 0)
 * userData     => format int8, generation int32, assigned*, family*
 * family       => topic string*
 * assigned     => topic string, partition int32*
 * ```
 */
export function encodeSubscription(subscription: Subscription): Buffer {
  const { topics, copartitioned, owned, generation } = subscription;
  const own = new WireOutput().int8(format).int32(generation);
  writePartitions(own, owned);
  own.list(copartitioned, (family) => own.list(family, (topic) => own.text(topic)));
  const out = new WireOutput().int16(0);
  return out
    .list(topics, (topic) => out.text(topic))
    .bytes(own.finish())
    .finish();
}

/** Reads what another process wrote: bytes that make no sense subscribe to nothing, or own nothing. */
export function decodeSubscription(bytes: Buffer): Subscription {
  return orElse({ topics: [], ...nothing }, () => {
    const input = new WireInput(bytes, "a member's subscription");
    input.int16();
    const topics = input.list(2, () => input.text());
    const own = input.bytes();
    return { topics, ...orElse(nothing, () => decodeOwn(own)) };
  });
}

function decodeOwn(bytes: Buffer): Omit<Subscription, "topics"> {
  const input = new WireInput(bytes, "a member's user data");
  if (input.int8() !== format) return nothing;
  const generation = input.int32();
  const owned = readPartitions(input);
  const copartitioned = input.list(4, () => input.list(2, () => input.text()));
  return { generation, owned, copartitioned };
}

/** What a member gets. */
export interface Assignment {
  readonly assigned: readonly TopicPartition[];
  /** It held more, and others wait until it has let go of that. */
  readonly letsGo: boolean;
}

/**
 * ```
 * assignment => version int16, assigned*, userData bytes             (Kafka's consumer protocol, 0)
 * userData   => format int8, letsGo int8
 * ```
 */
export function encodeAssignment({ assigned, letsGo }: Assignment): Buffer {
  const out = new WireOutput().int16(0);
  writePartitions(out, assigned);
  const own = new WireOutput().int8(format).int8(letsGo ? 1 : 0);
  return out.bytes(own.finish()).finish();
}

/** No bytes assign nothing. Throws SG6001 for bytes that are no assignment. */
export function decodeAssignment(bytes: Buffer): Assignment {
  if (bytes.length === 0) return { assigned: [], letsGo: false };
  const input = new WireInput(bytes, "a member's assignment");
  input.int16();
  const assigned = readPartitions(input);
  const own = input.bytes();
  return { assigned, letsGo: own[0] === format && own[1] === 1 };
}

function writePartitions(out: WireOutput, partitions: readonly TopicPartition[]): void {
  out.list(
    byTopic(partitions, ({ partition }) => partition),
    ({ topic, partitions: indexes }) => {
      out.text(topic).list(indexes, (index) => out.int32(index));
    },
  );
}

function readPartitions(input: WireInput): readonly TopicPartition[] {
  return input
    .list(6, () => {
      const topic = input.text();
      return input.list(4, () => ({ topic, partition: input.int32() }));
    })
    .flat();
}

function orElse<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isLogError(error, logCode.malformed)) return fallback;
    throw error;
  }
}
