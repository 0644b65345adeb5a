import { logCode, logError } from "./codes.ts";

/**
 * The head of Kafka's record batch, version 2. Both logs hold and hand out this one format.
 *
 * ```
 * batch => baseOffset           int64    0
 *          batchLength          int32    8   bytes that follow this field
 *          partitionLeaderEpoch int32   12
 *          magic                int8    16   2
 *          crc                  uint32  17   CRC-32C of everything after this field
 *          attributes           int16   21   bits 0-2 compression, 3 timestamp type,
 *                                            4 transactional, 5 control
 *          lastOffsetDelta      int32   23
 *          baseTimestamp        int64   27
 *          maxTimestamp         int64   35
 *          producerId           int64   43   -1: not idempotent
 *          producerEpoch        int16   51
 *          baseSequence         int32   53
 *          recordCount          int32   57
 *          record*                      61
 * ```
 */
export const batchField = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** Bytes before a batch's first record. */
export const batchHeadBytes: number = batchField.records;

/** Bits of a batch's attributes. */
export const batchBit = { compression: 7, appendTime: 8, transactional: 16, control: 32 } as const;

/** Reads an int64 as a number: exact to 2^53. */
export function readInt64(bytes: Buffer, position: number): number {
  return bytes.readInt32BE(position) * 4_294_967_296 + bytes.readUInt32BE(position + 4);
}

/** Writes a whole number within ±2^53 as an int64. */
export function writeInt64(bytes: Buffer, position: number, value: number): void {
  const high = Math.floor(value / 4_294_967_296);
  bytes.writeInt32BE(high, position);
  bytes.writeUInt32BE(value - high * 4_294_967_296, position + 4);
}

/** What `sealBatch` fills in; the rest of the head is the log's to fill. */
export interface BatchSeal {
  readonly end: number;
  readonly count: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
}

/**
 * Fills the head of a batch whose records stand from `start + 61` to `seal.end`. Its base offset is 0
 * and it has no producer; the checksum is left to the log that needs one.
 */
export function sealBatch(bytes: Buffer, start: number, seal: BatchSeal): void {
  writeInt64(bytes, start + batchField.baseOffset, 0);
  bytes.writeInt32BE(seal.end - start - batchField.leaderEpoch, start + batchField.length);
  bytes.writeInt32BE(-1, start + batchField.leaderEpoch);
  bytes.writeInt8(2, start + batchField.magic);
  bytes.writeUInt32BE(0, start + batchField.crc);
  bytes.writeInt16BE(0, start + batchField.attributes);
  bytes.writeInt32BE(seal.count - 1, start + batchField.lastOffsetDelta);
  writeInt64(bytes, start + batchField.baseTimestamp, seal.baseTimestamp);
  writeInt64(bytes, start + batchField.maxTimestamp, seal.maxTimestamp);
  writeInt64(bytes, start + batchField.producerId, -1);
  bytes.writeInt16BE(-1, start + batchField.producerEpoch);
  bytes.writeInt32BE(-1, start + batchField.baseSequence);
  bytes.writeInt32BE(seal.count, start + batchField.recordCount);
}

/**
 * The position after the batch that begins at `start`. Throws SG6001 where the head is cut off, is of
 * another version or points outside `bytes`, so that a walk over batches always ends.
 */
export function batchEnd(bytes: Buffer, start: number): number {
  if (start < 0 || bytes.length - start < batchField.records) {
    throw logError(logCode.malformed, `a record batch is cut off at byte ${start}`);
  }
  const magic = bytes[start + batchField.magic];
  if (magic !== 2) {
    throw logError(logCode.malformed, `a record batch is of version ${magic}, not 2`);
  }
  const length = bytes.readInt32BE(start + batchField.length);
  const end = start + batchField.leaderEpoch + length;
  if (end < start + batchField.records || end > bytes.length) {
    throw logError(
      logCode.malformed,
      `a record batch claims ${length} bytes, but ${bytes.length - start} are left`,
    );
  }
  return end;
}
