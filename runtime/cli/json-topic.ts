import type { BoundFormat } from "../codec/format.ts";
import { type Json, JsonValue } from "../codec/json.ts";
import { dateFromJson } from "../codec/json-scalars.ts";
import { Reader } from "../codec/reader.ts";
import { subjectOf } from "../codec/registry/subject.ts";
import type { SchemaRegistry } from "../codec/registry.ts";
import { Writer } from "../codec/writer.ts";
import type { BatchCursor } from "../log/batch-cursor.ts";
import type { BatchWriter } from "../log/batch-writer.ts";
import { partitionOfKey } from "../log/partitioner.ts";
import type { TopicSpec } from "../worker/spec.ts";
import { exitCode } from "./exit-code.ts";
import { readHeaders, writeHeaders } from "./headers.ts";
import { Refusal } from "./refusal.ts";

/** Where a topic is, and how its lines look. */
export interface JsonTopicOptions {
  /** Its name in the log. */
  readonly name: string;
  readonly partitions: number;
  readonly registry: SchemaRegistry;
  /** Nothing is written: the topic's schema is not registered. */
  readonly isReadOnly?: boolean;
  /** Lines are `{ key, value, timestamp, headers }` instead of values. */
  readonly hasEnvelope: boolean;
}

/** Where and when a line's record is. */
export interface Appended {
  readonly partition: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

const envelopeNames: readonly string[] = [
  "key",
  "value",
  "timestamp",
  "headers",
  // What `tail` prints may be sent again: where a record stood does not count.
  "partition",
  "offset",
];

/** Whether a line that is JSON has a `value`, something beside it, and nothing but what envelopes have. */
export function looksLikeEnvelope(line: string): boolean {
  const document = new JsonValue(JSON.parse(line)).value;
  if (typeof document !== "object" || document === null) return false;
  const names = Object.keys(document);
  return (
    names.length > 1 &&
    names.includes("value") &&
    names.every((name) => envelopeNames.includes(name))
  );
}

/** One topic's records as JSON, both ways, by the topic's own codecs. */
export class JsonTopic {
  readonly name: string;
  readonly partitions: number;
  readonly #spec: TopicSpec<unknown, unknown>;
  readonly #format: BoundFormat<unknown>;
  readonly hasEnvelope: boolean;
  readonly #key: Writer = new Writer();
  readonly #reader: Reader = new Reader();
  /** Records without a key go to the partitions in turn. */
  #turn = 0;

  private constructor(
    spec: TopicSpec<unknown, unknown>,
    format: BoundFormat<unknown>,
    { name, partitions, hasEnvelope }: JsonTopicOptions,
  ) {
    this.name = name;
    this.partitions = partitions;
    this.#spec = spec;
    this.#format = format;
    this.hasEnvelope = hasEnvelope;
  }

  /** Registers the topic's schema, where its format has one and values are to be written. */
  static async open(
    spec: TopicSpec<unknown, unknown>,
    options: JsonTopicOptions,
  ): Promise<JsonTopic> {
    const { name, registry, isReadOnly = false } = options;
    const subject = subjectOf(registry.strategy, name, spec.value.schemaText);
    const format = await spec.value.bind({ subject, registry, isReadOnly });
    return new JsonTopic(spec, format, options);
  }

  /**
   * Appends the record that a line holds to its partition's batch. `now` is its timestamp where
   * neither the line nor the value says one. Throws SG5xxx with the path inside the line, `SyntaxError` for a line that is no JSON, and a `Refusal` without its place where the key is
   * missing; nothing is appended then.
   */
  append(line: string, batches: readonly BatchWriter[], now: number): Appended {
    const document = new JsonValue(JSON.parse(line));
    const envelope = this.hasEnvelope ? document.record(envelopeNames) : undefined;
    const body = envelope === undefined ? document : envelope.field("value");
    const isTombstone = body.isNull() && this.#spec.cleanup?.includes("compact") === true;
    const value = isTombstone ? undefined : this.#spec.value.jsonForm.fromJson(body);
    const key = this.#keyBytes(envelope?.field("key"), value);
    const partition = this.#partitionOf(key);
    const batch = batches[partition];
    if (batch === undefined) throw new RangeError("a partition without a batch");
    const timestamp = this.#timestamp(envelope, value, now);
    const writer = batch.begin(timestamp, key);
    if (isTombstone) batch.tombstone();
    else this.#format.write(writer, value);
    if (envelope !== undefined) writeHeaders(batch, envelope.field("headers"));
    batch.end();
    return { partition, timestamp };
  }

  /** The line of the record that the cursor stands on; an envelope has its place, too, where it is given. */
  line(cursor: BatchCursor, place?: { readonly partition: number }): string {
    const value = this.#valueJson(cursor);
    if (!this.hasEnvelope) return JSON.stringify(value);
    const { timestamp, headerCount } = cursor;
    const key = this.#keyJson(cursor);
    const headers = headerCount === 0 ? undefined : readHeaders(cursor);
    const at = place === undefined ? {} : { ...place, offset: cursor.offset };
    return JSON.stringify({ key, value, timestamp, headers, ...at });
  }

  /** Fetches the schema that a value was written by, where `line` does not know it. */
  async learn(id: number): Promise<void> {
    await this.#format.learn?.(id);
  }

  #keyBytes(given: JsonValue | undefined, value: unknown): Buffer | null {
    const { key, keyOf } = this.#spec;
    const isGiven = given?.value !== undefined && !given.isNull();
    if (key.isNull) return null;
    if (!(isGiven || (keyOf !== undefined && value !== undefined))) this.#failKey();
    this.#key.truncate(0);
    key.write(this.#key, isGiven ? key.jsonForm.fromJson(given) : this.#spec.keyOf?.(value));
    return this.#key.written();
  }

  #failKey(): never {
    const { name } = this.#spec;
    const envelope = 'write {"key": ..., "value": ...}';
    throw new Refusal("SG8504", `topic "${name}" needs a key beside each value`, {
      fix: `${envelope}${this.hasEnvelope ? "" : " and pass --envelope"}`,
      exitCode: exitCode.badInput,
    });
  }

  #partitionOf(key: Buffer | null): number {
    return key === null ? this.#turn++ % this.partitions : partitionOfKey(key, this.partitions);
  }

  #timestamp(envelope: JsonValue | undefined, value: unknown, now: number): number {
    const given = envelope?.field("timestamp");
    if (given?.value !== undefined) return dateFromJson(given).getTime();
    return value === undefined ? now : (this.#spec.timeOf?.(value) ?? now);
  }

  #valueJson({ bytes, valueStart, valueEnd }: BatchCursor): Json {
    if (valueStart < 0) return null;
    this.#reader.reset(bytes, valueStart, valueEnd);
    return this.#spec.value.jsonForm.toJson(this.#format.read(this.#reader));
  }

  #keyJson({ bytes, keyStart, keyEnd }: BatchCursor): Json {
    if (keyStart < 0) return null;
    const { key } = this.#spec;
    this.#reader.reset(bytes, keyStart, keyEnd);
    // A key that came along from the input where the topic declares none.
    if (key.isNull) return bytes.toString("utf8", keyStart, keyEnd);
    return key.jsonForm.toJson(key.read(this.#reader));
  }
}
