import type { BoundFormat } from "../../codec/format.ts";
import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { BatchWriter } from "../../log/batch-writer.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import type { SendOptions } from "../scope.ts";
import type { TopicSpec } from "../spec.ts";
import type { Moment } from "../tasks/moment.ts";
import { carryHeaders } from "./carried-headers.ts";
import type { OutTopic } from "./outbox.ts";
import type { TimeLimits } from "./time-limits.ts";

/** What a sender needs of its scope. */
export interface SendPort {
  readonly moment: Moment;
  readonly out: OutTopic;
  /** The largest record that the topic takes. */
  readonly recordMaxBytes: number;
  /** The times that the topic takes. */
  readonly times: TimeLimits;
  /** Called after each record. */
  sent(): void;
}

/** Where a key stands; `undefined`: the record has none. */
interface KeyRange {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const noHeaders: Readonly<Record<string, string | Uint8Array>> = {};

/** Encodes records of one topic straight into staged batches. */
export class RecordSender<K, V> {
  readonly #topic: TopicSpec<K, V>;
  readonly #format: BoundFormat<V>;
  readonly #port: SendPort;
  readonly #key = new Writer(64);

  constructor(topic: TopicSpec<K, V>, format: BoundFormat<V>, port: SendPort) {
    this.#topic = topic;
    this.#format = format;
    this.#port = port;
  }

  /** Sends a value under the key that it carries, or else under the input's. */
  send(value: V | null, options?: SendOptions): void {
    const topic = this.#topic;
    const key =
      topic.keyOf === undefined || value === null
        ? this.#inputKey()
        : this.#keyRange(topic.keyOf(value));
    this.#append(key, value, options);
  }

  /** Sends a value, or a tombstone, under this key. */
  sendKeyed(key: K, value: V | null, options?: SendOptions): void {
    this.#append(this.#keyRange(key), value, options);
  }

  /** Sends the record that `cursor` stands on as bytes, at another time. */
  forward(cursor: BatchCursor, timestamp: number): void {
    this.#port.moment.check(this.#topic.name);
    this.#port.times.check(timestamp);
    const batch = this.#port.out.batch(this.#partition(this.#inputKey()));
    const mark = batch.mark();
    batch.forward(cursor, timestamp);
    this.#finish(batch, mark);
  }

  /** Sends the bytes of the value that `cursor` stands on under the key that `value` carries. */
  repartition(cursor: BatchCursor, value: V, timestamp: number): void {
    const topic = this.#topic;
    if (topic.keyOf === undefined) {
      throw new StreamgenError("SG8011", `repartition topic "${topic.name}" does not say its key`);
    }
    this.#port.moment.check(topic.name);
    this.#port.times.check(timestamp);
    const key = this.#keyRange(topic.keyOf(value));
    const batch = this.#port.out.batch(this.#partition(key));
    const mark = batch.mark();
    const out = begin(batch, timestamp, key);
    out.append(cursor.bytes.subarray(cursor.valueStart, cursor.valueEnd));
    if (cursor.headerCount > 0) batch.headersFrom(cursor);
    batch.end();
    this.#finish(batch, mark);
  }

  #append(key: KeyRange | undefined, value: V | null, options: SendOptions | undefined): void {
    const { moment, out, times } = this.#port;
    moment.check(this.#topic.name);
    const timestamp = millis(options?.timestamp) ?? moment.timestamp;
    times.check(timestamp);
    const batch = out.batch(this.#chosen(options?.partition) ?? this.#partition(key));
    const mark = batch.mark();
    const writer = begin(batch, timestamp, key);
    if (value === null) batch.tombstone();
    else this.#format.write(writer, value);
    this.#headers(batch, options?.headers ?? noHeaders);
    batch.end();
    this.#finish(batch, mark);
  }

  /** The input's headers are carried over, except where a new one has the same name. */
  #headers(batch: BatchWriter, own: Readonly<Record<string, string | Uint8Array>>): void {
    const { moment } = this.#port;
    const { cursor, marks } = moment;
    if (own === noHeaders && marks === undefined) {
      if (cursor !== undefined && cursor.headerCount > 0) batch.headersFrom(cursor);
      return;
    }
    carryHeaders(batch, moment, (name) => Object.hasOwn(own, name));
    for (const [name, value] of Object.entries(own)) {
      batch.header(Buffer.from(name), typeof value === "string" ? Buffer.from(value) : value);
    }
  }

  #finish(batch: BatchWriter, mark: number): void {
    checkSize(batch, mark, { topic: this.#topic.name, recordMaxBytes: this.#port.recordMaxBytes });
    this.#port.sent();
  }

  #chosen(partition: number | undefined): number | undefined {
    const { partitions } = this.#port.out;
    if (partition === undefined) return undefined;
    if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
    throw new StreamgenError(
      "SG8013",
      `topic "${this.#topic.name}" has no partition ${partition}: use 0 to ${partitions - 1}`,
    );
  }

  #partition(key: KeyRange | undefined): number {
    const { out } = this.#port;
    return key === undefined
      ? out.stickyPartition
      : partitionOfKey(key.bytes, out.partitions, key.start, key.end);
  }

  #keyRange(key: K): KeyRange | undefined {
    if (this.#topic.key.isNull) return undefined;
    const writer = this.#key;
    writer.truncate(0);
    this.#topic.key.write(writer, key);
    return { bytes: writer.bytes, start: 0, end: writer.position };
  }

  #inputKey(): KeyRange | undefined {
    const { cursor } = this.#port.moment;
    if (cursor === undefined || cursor.keyStart < 0) return undefined;
    return { bytes: cursor.bytes, start: cursor.keyStart, end: cursor.keyEnd };
  }
}

/** Takes the record behind `mark` back, and throws SG8012, where it is larger than its topic takes. */
export function checkSize(
  batch: BatchWriter,
  mark: number,
  { topic, recordMaxBytes }: { readonly topic: string; readonly recordMaxBytes: number },
): void {
  const sizeBytes = batch.sizeBytes - mark;
  if (sizeBytes <= recordMaxBytes) return;
  batch.rewind(mark);
  throw new StreamgenError(
    "SG8012",
    `a record of ${sizeBytes} bytes is larger than topic "${topic}" takes: ${recordMaxBytes}; ` +
      "send less, or set its max.message.bytes",
  );
}

function begin(batch: BatchWriter, timestamp: number, key: KeyRange | undefined): Writer {
  return key === undefined
    ? batch.begin(timestamp, null)
    : batch.begin(timestamp, key.bytes, key.start, key.end);
}

function millis(time: Date | number | undefined): number | undefined {
  return time instanceof Date ? time.getTime() : time;
}
