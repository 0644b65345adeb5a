import { Writer } from "../codec/writer.ts";
import { BatchWriter } from "../log/batch-writer.ts";
import { partitionOfKey } from "../log/partitioner.ts";
import { createProducer } from "../worker/outside/client.ts";
import type { ClientSettings } from "../worker/outside/client-settings.ts";
import type { SendOptions } from "../worker/scope.ts";
import type { TopicSpec } from "../worker/spec.ts";

export interface PushOptions<K> extends SendOptions {
  /** Needed where the value does not carry it; then all the values have it. */
  readonly key?: K;
}

/** A record as it travels; `null` is no key, or a tombstone. */
export interface RawRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Without it, the clock's time. */
  readonly timestamp?: Date | number;
  readonly partition?: number;
}

export interface Pushed<K, V> {
  readonly values: Iterable<V>;
  readonly options: PushOptions<K>;
}

/** Sends values in order. */
export async function pushRecords<K, V>(
  client: ClientSettings,
  topic: TopicSpec<K, V>,
  { values, options }: Pushed<K, V>,
): Promise<void> {
  const producer = await createProducer(topic, client);
  try {
    for (const value of values) await producer.send(value, options);
  } finally {
    await producer.close();
  }
}

/** The bytes of a key in a topic. */
export function keyBytes<K>({ key }: Pick<TopicSpec<K, unknown>, "key">, value: K): Uint8Array {
  const writer = new Writer(64);
  key.write(writer, value);
  return writer.written();
}

/** Sends one record as it is, to the partition of its key. */
export async function sendBytes(
  { log, now }: ClientSettings,
  topic: { readonly name: string; readonly partitions: number },
  record: RawRecord,
): Promise<void> {
  const { key, value, timestamp = now() } = record;
  const keyed = key === null ? null : Buffer.from(key);
  const time = timestamp instanceof Date ? timestamp.getTime() : timestamp;
  const batch = new BatchWriter();
  const writer = batch.begin(time, keyed);
  if (value === null) batch.tombstone();
  else writer.append(Buffer.from(value));
  batch.end();
  const byKey = keyed === null ? 0 : partitionOfKey(keyed, topic.partitions);
  const producer = await log.producer({});
  await producer.send({ topic: topic.name, partition: record.partition ?? byKey }, batch);
  await producer.close();
}
