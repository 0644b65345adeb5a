import { BatchWriter } from "../../log/batch-writer.ts";
import type { TopicPartition } from "../../log/log.ts";
import { StickyPartitioner } from "../../log/partitioner.ts";
import type { UndoLog, UndoStep } from "../../state/undo.ts";

/** Staged records for one partition. */
export interface OutBatch extends TopicPartition {
  readonly batch: BatchWriter;
}

/** The records that a task, or the worker itself, has staged, by topic. */
export class Outbox {
  readonly #undo: UndoLog;
  readonly #topics = new Map<string, OutTopic>();
  readonly #stickyStart: number;

  /** `stickyStart` is where records without a key go first. */
  constructor(undo: UndoLog, stickyStart: number) {
    this.#undo = undo;
    this.#stickyStart = stickyStart;
  }

  /** `name` is the topic's name in the log. */
  topic(name: string, bounds: OutBounds): OutTopic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const topic = new OutTopic(name, bounds, this.#undo, this.#stickyStart);
    this.#topics.set(name, topic);
    return topic;
  }

  get openBytes(): number {
    let bytes = 0;
    for (const topic of this.#topics.values()) bytes += topic.openBytes;
    return bytes;
  }

  /** Takes what is staged. The batches come back by `recycle` when the log has them. */
  seal(): readonly OutBatch[] {
    return [...this.#topics.values()].flatMap((topic) => topic.seal());
  }

  recycle(batches: readonly OutBatch[]): void {
    for (const { topic, batch } of batches) this.#topics.get(topic)?.recycle(batch);
  }

  /** Stages the same records in another outbox, and forgets them here. */
  moveTo(other: Outbox): void {
    for (const topic of this.#topics.values()) topic.moveTo(other.topic(topic.name, topic.bounds));
  }

  /** Forgets what is staged. */
  drop(): void {
    this.recycle(this.seal());
  }
}

/** What a topic takes. */
export interface OutBounds {
  readonly partitions: number;
  readonly recordMaxBytes: number;
}

/** Larger batches save nothing any more. */
const batchMaxBytes = 1_048_576;

/** The staged records of one topic. */
export class OutTopic {
  readonly name: string;
  readonly bounds: OutBounds;
  readonly #batchMaxBytes: number;
  readonly #undo: UndoLog;
  readonly #sticky: StickyPartitioner;
  #open: (BatchWriter | undefined)[] = [];
  readonly #spare: BatchWriter[] = [];

  constructor(name: string, bounds: OutBounds, undo: UndoLog, stickyStart: number) {
    this.name = name;
    this.bounds = bounds;
    this.#batchMaxBytes = Math.min(bounds.recordMaxBytes, batchMaxBytes);
    this.#undo = undo;
    this.#sticky = new StickyPartitioner(stickyStart);
  }

  get partitions(): number {
    return this.bounds.partitions;
  }

  /** Where a record without a key goes: one partition until the next commit. */
  get stickyPartition(): number {
    return this.#sticky.choose(this.partitions);
  }

  /** The batch that takes the next record of a partition. What it takes is undone with the record. */
  batch(partition: number): BatchWriter {
    let batch = this.#open[partition];
    if (batch === undefined) {
      batch = this.#spare.pop() ?? new BatchWriter(this.#batchMaxBytes);
      this.#open[partition] = batch;
    }
    const last = this.#undo.last;
    if (!(last instanceof SendStep && last.batch === batch)) {
      this.#undo.push(new SendStep(this, partition, batch));
    }
    return batch;
  }

  get openBytes(): number {
    let bytes = 0;
    for (const batch of this.#open) bytes += batch?.sizeBytes ?? 0;
    return bytes;
  }

  seal(): readonly OutBatch[] {
    const sealed: OutBatch[] = [];
    this.#open.forEach((batch, partition) => {
      if (batch !== undefined && batch.count > 0) {
        sealed.push({ topic: this.name, partition, batch });
      }
    });
    this.#open = [];
    this.#sticky.turn();
    return sealed;
  }

  moveTo(other: OutTopic): void {
    this.#open.forEach((batch, partition) => {
      if (batch === undefined || batch.count === 0) return;
      const to = other.batch(partition);
      const cursor = batch.cursor();
      while (cursor.next()) to.forward(cursor);
      batch.clear();
    });
  }

  recycle(batch: BatchWriter): void {
    batch.clear();
    this.#spare.push(batch);
  }
}

/** Takes back the records that were added to a batch since. */
class SendStep implements UndoStep {
  readonly batch: BatchWriter;
  readonly #topic: OutTopic;
  readonly #partition: number;
  readonly #mark: number;

  constructor(topic: OutTopic, partition: number, batch: BatchWriter) {
    this.#topic = topic;
    this.#partition = partition;
    this.batch = batch;
    this.#mark = batch.mark();
  }

  undo(): void {
    this.batch.rewind(this.#mark);
  }

  copy(): () => void {
    const records = new BatchWriter();
    const cursor = this.batch.cursor();
    while (cursor.next()) if (cursor.recordStart >= this.#mark) records.forward(cursor);
    return () => {
      const copied = records.cursor();
      while (copied.next()) this.#topic.batch(this.#partition).forward(copied);
    };
  }
}
