import { batchBit, batchEnd, batchField, writeInt64 } from "../batch-header.ts";
import type { TopicPartition } from "../log.ts";
import type { Apis } from "./apis.ts";
import { crc32c, type Encoder, EncoderClass, type Protocol } from "./kafkajs.ts";
import type { Link } from "./link.ts";

const produceTimeoutMs = 10_000;

/** A producer as brokers tell it from others. */
export interface ProducerIdentity {
  readonly id: number;
  readonly epoch: number;
}

/** Splits batches that stand one after the other: a request takes one of a partition. */
export function splitBatches(bytes: Buffer): readonly Buffer[] {
  const batches: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = batchEnd(bytes, start);
    batches.push(bytes.subarray(start, end));
    start = end;
  }
  return batches;
}

/** Writes into a batch's head who sends it, and the checksum, which covers that. */
export function stampBatch(
  batch: Buffer,
  identity: ProducerIdentity,
  sequence: number,
  isTransactional: boolean,
): void {
  batch.writeInt16BE(isTransactional ? batchBit.transactional : 0, batchField.attributes);
  writeInt64(batch, batchField.producerId, identity.id);
  batch.writeInt16BE(identity.epoch, batchField.producerEpoch);
  batch.writeInt32BE(sequence, batchField.baseSequence);
  batch.writeUInt32BE(crc32c(batch.subarray(batchField.attributes)), batchField.crc);
}

/**
 * A request to append one stamped batch, with the batch as it is: kafkajs would take records apart and
 * lose the order of their headers.
 *
 * ```
 * Produce v3-v7 => transactionalId nullable string, acks int16, timeoutMs int32, topic*
 * topic         => name string, partition*
 * partition     => index int32, batch bytes
 * ```
 */
export async function produceProtocol(
  link: Link,
  { topic, partition }: TopicPartition,
  batch: Buffer,
  transactionalId: string | null,
): Promise<Protocol<Apis["Produce"]["answer"]>> {
  const known = await link.protocol("Produce", {
    acks: -1,
    timeout: produceTimeoutMs,
    topicData: [],
  });
  const encode = async (): Promise<Encoder> => {
    const out = new EncoderClass()
      .writeString(transactionalId)
      .writeInt16(-1)
      .writeInt32(produceTimeoutMs)
      .writeInt32(1)
      .writeString(topic)
      .writeInt32(1)
      .writeInt32(partition)
      .writeInt32(batch.length);
    out.writeBufferInternal(batch);
    return out;
  };
  return { ...known, request: { ...known.request, encode } };
}
