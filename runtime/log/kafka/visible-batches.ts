import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { BatchCursor } from "../batch-cursor.ts";
import { batchBit, batchField, batchHeadBytes, readInt64 } from "../batch-header.ts";
import { logCode, logError } from "../codes.ts";
import type { AbortedTransaction, FetchedPartition } from "./fetch-answer.ts";
import { codecs, crc32c } from "./kafkajs.ts";

/** What read-committed readers see of a fetched partition. */
export interface VisibleBatches {
  readonly bytes: Buffer;
  /** Where the batches begin. */
  readonly starts: readonly number[];
  /** The offset after the last batch, seen or not. */
  readonly nextOffset: number;
}

/** No batch may be larger when decompressed. */
const decompressedMax = 268_435_456;
const abortMarker = 0;

/**
 * Leaves out transaction markers, batches of aborted transactions and those before `from`, checks each
 * checksum and decompresses. As in Kafka's own consumer, batches are gone through in order: a producer
 * counts as aborted from its transaction's first offset to its marker.
 */
export async function visibleBatches(
  partition: FetchedPartition,
  from: number,
): Promise<VisibleBatches> {
  const { records } = partition;
  const filter = new AbortedFilter(partition.aborted);
  const kept: Buffer[] = [];
  let isInPlace = true;
  let nextOffset = from;
  for (const batch of wholeBatches(records)) {
    const lastOffset =
      readInt64(batch, batchField.baseOffset) + batch.readInt32BE(batchField.lastOffsetDelta);
    const isVisible = filter.isVisible(batch, lastOffset);
    if (lastOffset < from) continue;
    checkSum(batch, partition);
    nextOffset = lastOffset + 1;
    if (isVisible && batch.readInt32BE(batchField.recordCount) > 0) {
      const plain = await decompress(batch, partition);
      isInPlace &&= plain === batch;
      kept.push(plain);
    }
  }
  return { ...(isInPlace ? inPlace(kept, records) : joined(kept)), nextOffset };
}

/** The last batch may be cut off where the broker's limit of bytes was. */
function wholeBatches(records: Buffer): readonly Buffer[] {
  const batches: Buffer[] = [];
  for (let start = 0; records.length - start >= batchHeadBytes; ) {
    const length = records.readInt32BE(start + batchField.length);
    const end = start + batchField.leaderEpoch + length;
    if (
      length < batchHeadBytes - batchField.leaderEpoch ||
      records[start + batchField.magic] !== 2
    ) {
      throw logError(logCode.malformed, "a fetched batch is malformed, or of an old version");
    }
    if (end > records.length) break;
    batches.push(records.subarray(start, end));
    start = end;
  }
  return batches;
}

type Batches = Pick<VisibleBatches, "bytes" | "starts">;

/** Views into the answer stay where they are. */
function inPlace(kept: readonly Buffer[], records: Buffer): Batches {
  return { bytes: records, starts: kept.map((batch) => batch.byteOffset - records.byteOffset) };
}

function joined(kept: readonly Buffer[]): Batches {
  const starts: number[] = [];
  let position = 0;
  for (const batch of kept) {
    starts.push(position);
    position += batch.length;
  }
  return { bytes: Buffer.concat(kept), starts };
}

/** Which batches belong to transactions that were aborted. */
class AbortedFilter {
  /** In the order of their first offsets. */
  readonly #upcoming: AbortedTransaction[];
  readonly #producers = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#upcoming = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Asked for each batch in order. */
  isVisible(batch: Buffer, lastOffset: number): boolean {
    const attributes = batch.readInt16BE(batchField.attributes);
    const producer = readInt64(batch, batchField.producerId);
    while ((this.#upcoming[0]?.firstOffset ?? Number.POSITIVE_INFINITY) <= lastOffset) {
      const next = this.#upcoming.shift();
      if (next !== undefined) this.#producers.add(next.producerId);
    }
    if ((attributes & batchBit.control) !== 0) {
      if (markerKind(batch) === abortMarker) this.#producers.delete(producer);
      return false;
    }
    return (attributes & batchBit.transactional) === 0 || !this.#producers.has(producer);
  }
}

/** A marker's batch has one record, whose key is `version int16, kind int16`. */
function markerKind(batch: Buffer): number {
  const marker = new BatchCursor(batch, [0]);
  if (!marker.next() || marker.keyEnd - marker.keyStart < 4) return -1;
  return batch.readInt16BE(marker.keyStart + 2);
}

function checkSum(batch: Buffer, { topic, partition }: FetchedPartition): void {
  const expected = batch.readUInt32BE(batchField.crc);
  if (crc32c(batch.subarray(batchField.attributes)) === expected) return;
  const offset = readInt64(batch, batchField.baseOffset);
  const message = "a fetched batch is damaged: its checksum is wrong";
  throw logError(logCode.malformed, message, { topic, partition, offset });
}

/** The same batch without compression, or itself. */
async function decompress(batch: Buffer, { topic, partition }: FetchedPartition): Promise<Buffer> {
  const attributes = batch.readInt16BE(batchField.attributes);
  const codec = attributes & batchBit.compression;
  if (codec === 0) return batch;
  const place = { topic, partition, offset: readInt64(batch, batchField.baseOffset) };
  const records = await inflate(codec, batch.subarray(batchField.records)).catch((error) => {
    const name = codecNames[codec] ?? `codec ${codec}`;
    const advice = "have its producers use gzip, or none";
    const message = `a batch compressed by ${name} cannot be read: ${advice}`;
    throw logError(logCode.unsupported, message, place, error);
  });
  const plain = Buffer.concat([batch.subarray(0, batchField.records), records]);
  plain.writeInt16BE(attributes & ~batchBit.compression, batchField.attributes);
  plain.writeInt32BE(plain.length - batchField.leaderEpoch, batchField.length);
  return plain;
}

const unzip = promisify(gunzip);

/** Beside gzip this reads what the user has given to kafkajs' `CompressionCodecs`. */
async function inflate(codec: number, bytes: Buffer): Promise<Buffer> {
  if (codec === 1) return unzip(bytes, { maxOutputLength: decompressedMax });
  const made = codecs[codec]?.();
  if (made === undefined) throw new Error(`compression ${codec} is not known`);
  return made.decompress(bytes);
}

const codecNames: readonly string[] = ["none", "gzip", "snappy", "lz4", "zstd"];
