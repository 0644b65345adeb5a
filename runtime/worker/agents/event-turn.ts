import { Reader } from "../../codec/reader.ts";
import { StreamgenError } from "../../errors.ts";
import { type Event, type EventHandling, makeEvent } from "../../stream/event.ts";
import { Postponement } from "../failures/postponement.ts";
import { forwardTarget } from "../outputs/sink.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import { readHeaders } from "../sources/record-headers.ts";
import type { TopicSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";

/** Makes events of loaded records, and does what is asked of the current one. */
export class EventTurn<K, V, Topic extends string, Gone> implements EventHandling {
  readonly #topic: TopicSpec<K, V>;
  readonly #record: LoadedRecord<V>;
  readonly #task: TaskCore;
  readonly #reader = new Reader();
  #rejection: string | undefined;
  #delayMs: number | undefined;

  constructor(topic: TopicSpec<K, V>, record: LoadedRecord<V>, task: TaskCore) {
    this.#topic = topic;
    this.#record = record;
    this.#task = task;
  }

  event(): Event<K, V, Topic, Gone> {
    this.#rejection = undefined;
    this.#delayMs = undefined;
    const { cursor, partition, timestamp, value } = this.#record;
    return makeEvent<K, V, Topic, Gone>(
      {
        // The compiler that wrote the agent's type vouches for the topic's name, and for `null` only
        // where the topic has tombstones; types cannot see either from here.
        topic: (this.#topic.repartitionOf ?? this.#topic.name) as Topic,
        value: value as V | Gone,
        key: this.#key(),
        timestamp,
        partition,
        offset: cursor.offset,
        headers: readHeaders(cursor),
      },
      this,
    );
  }

  /**
   * Passes a handler's result on; throws, or rejects, where the event was rejected or given back
   * meanwhile.
   */
  judge(result: unknown): unknown {
    if (result instanceof Promise) return result.then(() => this.#throwVerdict());
    this.#throwVerdict();
    return result;
  }

  reject(offset: number, reason: string): void {
    this.#check(offset);
    this.#rejection = reason;
  }

  nack(offset: number, delayMs: number): void {
    this.#check(offset);
    this.#delayMs = delayMs;
  }

  forward(offset: number, to: object): void {
    this.#check(offset);
    forwardTarget(to).forward(this.#record.cursor, this.#record.timestamp);
  }

  #throwVerdict(): void {
    if (this.#rejection !== undefined) {
      throw new StreamgenError("SG8023", `the record was rejected: ${this.#rejection}`);
    }
    if (this.#delayMs !== undefined) throw new Postponement(this.#delayMs);
  }

  #check(offset: number): void {
    if (this.#task.core.moment.isOpen && this.#record.cursor.offset === offset) return;
    throw new StreamgenError(
      "SG8024",
      "reject, nack and forward work only while the event is handled",
    );
  }

  #key(): K {
    const { bytes, keyStart, keyEnd } = this.#record.cursor;
    if (keyStart < 0 && !this.#topic.key.isNull) {
      throw new StreamgenError("SG8025", "the record has no key");
    }
    this.#reader.reset(bytes, Math.max(0, keyStart), Math.max(0, keyEnd));
    return this.#topic.key.read(this.#reader);
  }
}
