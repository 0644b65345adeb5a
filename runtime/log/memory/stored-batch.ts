import { BatchCursor } from "../batch-cursor.ts";
import { batchBit, batchEnd, batchField, writeInt64 } from "../batch-header.ts";
import { BatchWriter } from "../batch-writer.ts";

/** A producer as the log knows it. A higher epoch of the same id fences the lower ones. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly epoch: number;
  readonly isTransactional: boolean;
}

/** One record batch in a partition. Its bytes are never changed once it is there. */
export interface StoredBatch {
  readonly bytes: Buffer;
  readonly baseOffset: number;
  /** The offset after its last one, whether or not that record is still there. */
  readonly nextOffset: number;
  readonly producerId: number;
  readonly isTransactional: boolean;
  /** A transaction marker: it takes an offset and is never shown. */
  readonly isControl: boolean;
  readonly appendedAt: number;
  /** When a compaction first looked at it. */
  readonly compactedAt?: number;
  /** Set when its transaction is aborted: from then on it is never shown. */
  isAborted: boolean;
}

/** Where a batch comes to stand, and whose it is. */
export interface Placement {
  readonly baseOffset: number;
  readonly producer: ProducerIdentity;
  readonly baseSequence: number;
  readonly now: number;
}

/** Where each of the batches in the bytes begins. Throws SG6001 for bytes that are no batches. */
export function findBatches(bytes: Buffer): readonly number[] {
  const starts: number[] = [];
  for (let start = 0; start < bytes.length; start = batchEnd(bytes, start)) starts.push(start);
  return starts;
}

/** Copies the batch at `start` and fills what the log fills in its head. */
export function storeBatch(source: Buffer, start: number, placement: Placement): StoredBatch {
  const { producer, baseOffset, baseSequence, now } = placement;
  const bytes = Buffer.from(source.subarray(start, batchEnd(source, start)));
  const attributes =
    bytes.readInt16BE(batchField.attributes) |
    (producer.isTransactional ? batchBit.transactional : 0);
  writeInt64(bytes, batchField.baseOffset, baseOffset);
  bytes.writeInt32BE(0, batchField.leaderEpoch);
  bytes.writeInt16BE(attributes, batchField.attributes);
  writeInt64(bytes, batchField.producerId, producer.producerId);
  bytes.writeInt16BE(producer.epoch, batchField.producerEpoch);
  bytes.writeInt32BE(baseSequence, batchField.baseSequence);
  return {
    bytes,
    baseOffset,
    nextOffset: baseOffset + bytes.readInt32BE(batchField.lastOffsetDelta) + 1,
    producerId: producer.producerId,
    isTransactional: producer.isTransactional,
    isControl: (attributes & batchBit.control) !== 0,
    appendedAt: now,
    isAborted: false,
  };
}

/**
 * The marker that ends a producer's transaction in a partition.
 *
 * ```
 * key   => version int16 (0), type int16 (0 abort, 1 commit)
 * value => version int16 (0), coordinatorEpoch int32
 * ```
 */
export function endMarker(isCommit: boolean, placement: Placement): StoredBatch {
  const batch = new BatchWriter();
  const key = Buffer.from([0, 0, 0, isCommit ? 1 : 0]);
  batch.begin(placement.now, key).append(Buffer.alloc(6));
  batch.end();
  const bytes = Buffer.from(batch.finish());
  bytes.writeInt16BE(batchBit.control, batchField.attributes);
  return storeBatch(bytes, 0, placement);
}

/**
 * The batch with only the records whose offsets are in `kept`; the others leave gaps. `undefined`
 * where none is left. The records keep their bytes, since these are relative to the batch's head.
 */
export function keepRecords(
  batch: StoredBatch,
  kept: (cursor: BatchCursor) => boolean,
): StoredBatch | undefined {
  const cursor = new BatchCursor(batch.bytes, [0]);
  const parts: Buffer[] = [batch.bytes.subarray(0, batchField.records)];
  let total = 0;
  while (cursor.next()) {
    total++;
    if (kept(cursor)) parts.push(batch.bytes.subarray(cursor.recordStart, cursor.recordEnd));
  }
  const count = parts.length - 1;
  if (count === total) return batch;
  if (count === 0) return undefined;
  const bytes = Buffer.concat(parts);
  bytes.writeInt32BE(bytes.length - batchField.leaderEpoch, batchField.length);
  bytes.writeInt32BE(count, batchField.recordCount);
  return { ...batch, bytes };
}
