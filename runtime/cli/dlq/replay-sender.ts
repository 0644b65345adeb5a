import { BatchWriter } from "../../log/batch-writer.ts";
import type { Producer, TopicPartition, TopicSettings } from "../../log/log.ts";
import { partitionKey } from "../../log/partition-key.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import { isReasonHeader } from "../../worker/failures/dead-letter-headers.ts";
import { appendCopy } from "../../worker/outputs/copy-record.ts";
import { recordMaxBytes, recordMaxBytesDefault } from "../../worker/topics/topic-needs.ts";
import type { DlqJob } from "./job.ts";
import type { Letter } from "./letters.ts";
import { appendReplayed } from "./replayed.ts";
import type { Targets } from "./targets.ts";

/** Dead letters of one transaction. */
const lettersMax = 500;

interface Out extends TopicPartition {
  readonly batch: BatchWriter;
}

/**
 * Sends dead letters on, in transactions that also say which they were:
 *
 *     begin ─▶ records to their topics ─▶ "replayed: 17,18,…" to the dead-letter topic ─▶ commit
 */
export class ReplaySender {
  /** Dead letters that have arrived. */
  sent = 0;
  readonly #job: DlqJob;
  readonly #targets: Targets;
  readonly #producer: Producer;
  readonly #out = new Map<string, Out>();
  /** Offsets by the partition of the dead-letter topic. */
  readonly #replayed = new Map<number, number[]>();
  #open = 0;

  /** Whoever replays the same topic at the same time is fenced, and fails. */
  static async open(job: DlqJob, targets: Targets): Promise<ReplaySender> {
    const transactionalId = `${job.settings.app}-dlq-${job.topic.name}`;
    return new ReplaySender(job, targets, await job.cluster.log.producer({ transactionalId }));
  }

  constructor(job: DlqJob, targets: Targets, producer: Producer) {
    this.#job = job;
    this.#targets = targets;
    this.#producer = producer;
  }

  async add(letter: Letter): Promise<void> {
    const { at, cursor, timestamp } = letter;
    const target = this.#targets.of(letter);
    const { batch } = this.#batchOf(target, this.#partition(letter, target.partitions));
    const time = timestamp < 0 ? this.#job.around.now() : timestamp;
    appendCopy(batch, cursor, time, isReasonHeader);
    batch.end();
    const offsets = this.#replayed.get(at.partition) ?? [];
    offsets.push(at.offset);
    this.#replayed.set(at.partition, offsets);
    this.#open += 1;
    if (this.#open >= lettersMax) await this.commit();
  }

  async commit(): Promise<void> {
    if (this.#open === 0) return;
    const { around, topic } = this.#job;
    for (const [partition, offsets] of this.#replayed) {
      appendReplayed(this.#batchOf(topic.settings, partition).batch, offsets, around.now());
    }
    this.#producer.begin();
    try {
      for (const out of this.#out.values()) await this.#producer.send(out, out.batch);
      await this.#producer.commit();
    } catch (error) {
      await this.#producer.abort().catch(() => undefined);
      throw error;
    }
    this.sent += this.#open;
    this.#open = 0;
    this.#replayed.clear();
    for (const { batch } of this.#out.values()) batch.clear();
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  /** In its own topic a record goes back to its partition, where its key is; elsewhere its key says. */
  #partition({ cursor, partition }: Letter, partitions: number): number {
    if (this.#targets.isSource && partition < partitions) return partition;
    const { bytes, keyStart, keyEnd } = cursor;
    return keyStart < 0
      ? partition % partitions
      : partitionOfKey(bytes, partitions, keyStart, keyEnd);
  }

  #batchOf({ name: topic, config }: TopicSettings, partition: number): Out {
    const place = { topic, partition };
    const known = this.#out.get(partitionKey(place));
    if (known !== undefined) return known;
    const limit = Number(config[recordMaxBytes] ?? recordMaxBytesDefault);
    const out = { ...place, batch: new BatchWriter(Math.min(limit, recordMaxBytesDefault)) };
    this.#out.set(partitionKey(place), out);
    return out;
  }
}
