import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { BatchWriter } from "../../log/batch-writer.ts";
import type { TopicPartition } from "../../log/log.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import { appendCopy } from "../outputs/copy-record.ts";
import type { OutTopic } from "../outputs/outbox.ts";
import type { TopicDeclaration } from "../spec.ts";
import type { WorkerCore } from "../worker-core.ts";
import { isReasonHeader, type Reason, reasonHeaders } from "./dead-letter-headers.ts";

/** Headers that say where an answer goes: a record that is put aside is answered by nobody. */
const replyHeaders: ReadonlySet<string> = new Set([
  "sg-reply-to",
  "sg-correlation-id",
  "Faust-Ag-ReplyTo",
  "Faust-Ag-CorrelationId",
]);

/**
 * Puts records of one partition into a dead-letter topic, as the bytes they came in: key, value and
 * headers, with headers that give the reason. What it sends joins the work of the record that is being
 * handled, and so the commit of its offset.
 *
 * The record's timestamp is now: it is kept for as long as the topic keeps records, however old it is.
 */
export class DeadLetters {
  /** The topic's declared name. */
  readonly topic: string;
  readonly #core: WorkerCore;
  readonly #source: TopicPartition;
  readonly #out: OutTopic;
  readonly #recordMaxBytes: number;

  /** `source` is where the records are, by the topic's name in the log. */
  constructor(core: WorkerCore, topic: TopicDeclaration, source: TopicPartition) {
    const { topics } = core.services;
    this.topic = topic.name;
    this.#core = core;
    this.#source = source;
    this.#recordMaxBytes = topics.recordMaxBytesOf(topic.name);
    this.#out = core.outbox.topic(topics.nameOf(topic.name), {
      partitions: topics.partitionsOf(topic.name),
      recordMaxBytes: this.#recordMaxBytes,
    });
  }

  /** Sends the record that `cursor` stands on. Throws SG8201 where the topic cannot take it. */
  send(cursor: BatchCursor, reason: Reason): void {
    this.#core.moment.check(this.topic);
    const { bytes, keyStart, keyEnd } = cursor;
    const batch = this.#out.batch(
      keyStart < 0
        ? this.#out.stickyPartition
        : partitionOfKey(bytes, this.#out.partitions, keyStart, keyEnd),
    );
    const mark = batch.mark();
    this.#append(batch, cursor, reason);
    const sizeBytes = batch.sizeBytes - mark;
    if (sizeBytes <= this.#recordMaxBytes) return;
    batch.rewind(mark);
    throw new StreamgenError(
      "SG8201",
      `the record's dead letter has ${sizeBytes} bytes, and topic "${this.topic}" takes ` +
        `${this.#recordMaxBytes}: set its max.message.bytes; it would hold "${reason.message}"`,
    );
  }

  #append(batch: BatchWriter, cursor: BatchCursor, reason: Reason): void {
    const now = this.#core.services.clock.now();
    appendCopy(batch, cursor, now, (name) => replyHeaders.has(name) || isReasonHeader(name));
    const { offset, timestamp } = cursor;
    for (const [name, text] of reasonHeaders({ ...this.#source, offset, timestamp }, reason)) {
      batch.header(Buffer.from(name), Buffer.from(text));
    }
    batch.end();
  }
}
