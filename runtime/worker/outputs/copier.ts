import type { BatchCursor } from "../../log/batch-cursor.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import type { TopicDeclaration } from "../spec.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { OutTopic } from "./outbox.ts";
import { checkSize } from "./record-sender.ts";
import { TimeLimits } from "./time-limits.ts";

/** Sends records to a topic as they are: key, value and headers are those of the record, its bytes. */
export class Copier {
  readonly #topic: TopicDeclaration;
  readonly #core: WorkerCore;
  readonly #out: OutTopic;
  readonly #recordMaxBytes: number;
  readonly #times: TimeLimits;

  constructor(core: WorkerCore, topic: TopicDeclaration) {
    const { clock, topics } = core.services;
    const { name } = topic;
    this.#topic = topic;
    this.#core = core;
    this.#recordMaxBytes = topics.recordMaxBytesOf(name);
    this.#times = new TimeLimits(name, topics.recordTimesOf(name), clock.now);
    this.#out = core.outbox.topic(topics.nameOf(name), {
      partitions: topics.partitionsOf(name),
      recordMaxBytes: this.#recordMaxBytes,
    });
  }

  /** A tombstone goes to compacted topics only: elsewhere it is no record. */
  copy(cursor: BatchCursor, timestamp: number): void {
    const { cleanup, name } = this.#topic;
    if (cursor.valueStart < 0 && cleanup?.startsWith("compact") !== true) return;
    this.#core.moment.check(name);
    this.#times.check(timestamp);
    const { bytes, keyStart, keyEnd } = cursor;
    const partition =
      keyStart < 0
        ? this.#out.stickyPartition
        : partitionOfKey(bytes, this.#out.partitions, keyStart, keyEnd);
    const batch = this.#out.batch(partition);
    const mark = batch.mark();
    batch.forward(cursor, timestamp);
    checkSize(batch, mark, { topic: name, recordMaxBytes: this.#recordMaxBytes });
  }
}
