import { BatchCursor } from "../batch-cursor.ts";
import { batchField } from "../batch-header.ts";
import { logCode, logError } from "../codes.ts";
import type { OffsetRange, TopicPartition, TopicSettings } from "../log.ts";
import { compactBatches } from "./compaction.ts";
import { Sequences } from "./sequences.ts";
import {
  endMarker,
  findBatches,
  type ProducerIdentity,
  type StoredBatch,
  storeBatch,
} from "./stored-batch.ts";

/** What a partition's readers are given: visible batches, copied into one buffer. */
export interface Slice {
  readonly bytes: Buffer;
  readonly starts: readonly number[];
  /** Behind the batches, and the markers, aborts and gaps that follow them. */
  readonly nextOffset: number;
  readonly endOffset: number;
}

/** Settings that a topic's owner may change while it is used. */
export interface TopicState {
  settings: TopicSettings;
}

const noBytes = Buffer.alloc(0);

/** One partition: batches in the order of offsets, and which transactions are open in it. */
export class PartitionLog implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  readonly #state: TopicState;
  readonly #sequences = new Sequences();
  #batches: StoredBatch[] = [];
  #start = 0;
  #end = 0;
  /** The first offset of each open transaction, by producer. */
  readonly #openById = new Map<number, number>();
  #compactedTo = 0;
  readonly #compactMinRecords: number;

  /** `compactMinRecords`: so many new records make a compaction worth its walk. */
  constructor(state: TopicState, partition: number, compactMinRecords: number) {
    this.#state = state;
    this.#compactMinRecords = compactMinRecords;
    this.topic = state.settings.name;
    this.partition = partition;
  }

  get range(): OffsetRange {
    const { topic, partition } = this;
    return { topic, partition, start: this.#start, end: this.#end, stableEnd: this.#stableEnd };
  }

  /** Every batch that is still there, markers and aborted ones included. */
  get batches(): readonly StoredBatch[] {
    return this.#batches;
  }

  get #stableEnd(): number {
    return Math.max(this.#start, Math.min(this.#end, ...this.#openById.values()));
  }

  get #isCompacted(): boolean {
    return this.#state.settings.cleanup !== "delete";
  }

  /**
   * Appends the batches in `source`, all or none, and gives the first record's offset. A repeated
   * sequence appends nothing and gives the offset from before.
   */
  append(source: Buffer, producer: ProducerIdentity, sequence: number, now: number): number {
    const repeated = this.#sequences.repeated(producer, sequence);
    if (repeated !== undefined) return repeated;
    const starts = findBatches(source);
    for (const start of starts) this.#checkSize(source, start);
    if (this.#isCompacted) this.#checkKeys(source, starts);
    const baseOffset = this.#end;
    for (const start of starts) {
      const placement = { baseOffset: this.#end, producer, baseSequence: sequence, now };
      this.#add(storeBatch(source, start, placement));
    }
    if (producer.isTransactional && !this.#openById.has(producer.producerId)) {
      this.#openById.set(producer.producerId, baseOffset);
    }
    this.#sequences.add(producer, { sequence, baseOffset, count: this.#end - baseOffset });
    this.#trimExpired(now);
    this.#compactIfDirty(now);
    return baseOffset;
  }

  /** Ends a producer's transaction here; does nothing where it has none. */
  endTransaction(producer: ProducerIdentity, isCommit: boolean, now: number): void {
    const first = this.#openById.get(producer.producerId);
    if (first === undefined) return;
    for (const batch of this.#batches.slice(this.#find(first))) {
      const isOurs = batch.isTransactional && batch.producerId === producer.producerId;
      if (isOurs && !isCommit) batch.isAborted = true;
    }
    this.#openById.delete(producer.producerId);
    this.#add(endMarker(isCommit, { baseOffset: this.#end, producer, baseSequence: -1, now }));
    this.#compactIfDirty(now);
  }

  /** The first visible offset whose record is not older than a time; the stable end where none is. */
  offsetAt(timeMs: number, now: number): number {
    const { bytes, starts } = this.read(this.#start, Number.POSITIVE_INFINITY, now);
    const cursor = new BatchCursor(bytes, starts, this.#start);
    while (cursor.next()) if (cursor.timestamp >= timeMs) return cursor.offset;
    return this.#stableEnd;
  }

  /** What is visible at read-committed from `from` on, up to about `maxBytes` but at least a batch. */
  read(from: number, maxBytes: number, now: number): Slice {
    this.#trimExpired(now);
    this.checkOffset(from);
    const endOffset = this.#stableEnd;
    const parts: Buffer[] = [];
    const starts: number[] = [];
    let size = 0;
    let index = this.#find(from);
    for (; index < this.#batches.length; index++) {
      const batch = this.#batches[index];
      if (batch === undefined || batch.baseOffset >= endOffset) break;
      if (batch.isControl || batch.isAborted) continue;
      if (size > 0 && size + batch.bytes.length > maxBytes) break;
      parts.push(batch.bytes);
      starts.push(size);
      size += batch.bytes.length;
    }
    const unread = this.#batches[index]?.baseOffset ?? endOffset;
    return {
      bytes: parts.length === 0 ? noBytes : Buffer.concat(parts, size),
      starts,
      nextOffset: Math.max(from, Math.min(unread, endOffset)),
      endOffset,
    };
  }

  /** Throws SG6002 for an offset that this partition does not hold, and is not its end either. */
  checkOffset(offset: number): void {
    if (offset >= this.#start && offset <= this.#end) return;
    const { topic, partition } = this;
    throw logError(
      logCode.outOfRange,
      `offset ${offset} of ${topic}/${partition} is outside what it holds, ` +
        `${this.#start} to ${this.#end}`,
      { topic, partition, offset },
    );
  }

  /** Deletes what stands before `offset`; nothing where that is gone already. */
  deleteBefore(offset: number): void {
    if (offset < this.#start) return;
    this.checkOffset(offset);
    this.#start = Math.max(this.#start, offset);
    this.#batches = this.#batches.filter((batch) => batch.nextOffset > this.#start);
  }

  /** Keeps the last record of each key among those that every reader can see. */
  compact(now: number): void {
    this.#batches = compactBatches(this.#batches, {
      end: this.#stableEnd,
      settings: this.#state.settings,
      now,
    });
    this.#compactedTo = this.#stableEnd;
  }

  /** Compacts when half of what there is came after the last compaction, and it is worth the walk. */
  #compactIfDirty(now: number): void {
    const dirty = this.#end - this.#compactedTo;
    const isDue = dirty >= this.#compactMinRecords && dirty * 2 >= this.#end - this.#start;
    if (this.#isCompacted && isDue) this.compact(now);
  }

  #add(batch: StoredBatch): void {
    this.#batches.push(batch);
    this.#end = batch.nextOffset;
  }

  /** The index of the first batch that ends behind `offset`. */
  #find(offset: number): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#batches[middle]?.nextOffset ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * Drops what is older than the topic's retention. Age counts from the append, not from the record's
   * own timestamp: data of long ago, put in today, is not gone before it was read.
   */
  #trimExpired(now: number): void {
    const { cleanup, retentionMs } = this.#state.settings;
    if (cleanup === "compact" || retentionMs < 0) return;
    const stableEnd = this.#stableEnd;
    let dropped = 0;
    for (const batch of this.#batches) {
      if (batch.appendedAt > now - retentionMs || batch.nextOffset > stableEnd) break;
      this.#start = batch.nextOffset;
      dropped++;
    }
    if (dropped > 0) this.#batches.splice(0, dropped);
  }

  #checkSize(source: Buffer, start: number): void {
    const { topic, partition } = this;
    const max = Number(this.#state.settings.config["max.message.bytes"] ?? 1_048_588);
    const size = source.readInt32BE(start + batchField.length) + batchField.leaderEpoch;
    if (size <= max) return;
    const message = `a batch of ${size} bytes is more than "max.message.bytes" of ${topic}, ${max}`;
    throw logError(logCode.tooLarge, message, { topic, partition });
  }

  #checkKeys(source: Buffer, starts: readonly number[]): void {
    const { topic, partition } = this;
    const cursor = new BatchCursor(source, starts);
    while (cursor.next()) {
      if (cursor.keyStart >= 0) continue;
      const message = `a record without a key cannot be kept in ${topic}, which is compacted by key`;
      throw logError(logCode.refused, message, { topic, partition });
    }
  }
}
