import type { TopicPartition } from "../log.ts";
import { WireInput } from "./wire.ts";

/** A transaction that was aborted: its records begin at `firstOffset`. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** One partition's part of a fetch. */
export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number;
  readonly lastStableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Batches as they are stored; the last one may be cut off. A view into the answer. */
  readonly records: Buffer;
}

export interface FetchAnswer {
  /** How long the broker asks not to be bothered. */
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

/**
 * Reads the answer to a fetch in place. kafkajs would make objects of the records, and lose the order
 * of headers and the places of batches that compaction left empty.
 *
 * ```
 * Fetch v11 answer => throttleMs int32, errorCode int16, sessionId int32, topic*
 * topic     => name string, partition*
 * partition => index int32, errorCode int16, highWatermark int64, lastStableOffset int64,
 *              logStart int64, aborted*, preferredReplica int32, records bytes
 * aborted   => producerId int64, firstOffset int64
 * ```
 *
 * Throws SG6001 where a length or count points outside the bytes.
 */
export function decodeFetch(bytes: Buffer): FetchAnswer {
  const input = new WireInput(bytes, "a broker's answer to a fetch");
  const clientSideThrottleTime = input.int32();
  const errorCode = input.int16();
  input.int32();
  const topics = input.list(6, () => {
    const topic = input.text();
    return input.list(42, () => readPartition(input, topic));
  });
  return { clientSideThrottleTime, errorCode, partitions: topics.flat() };
}

function readPartition(input: WireInput, topic: string): FetchedPartition {
  const partition = input.int32();
  const errorCode = input.int16();
  input.int64();
  const lastStableOffset = input.int64();
  input.int64();
  const aborted = input.list(16, () => ({
    producerId: input.int64(),
    firstOffset: input.int64(),
  }));
  input.int32();
  const records = input.bytes();
  return { topic, partition, errorCode, lastStableOffset, aborted, records };
}
