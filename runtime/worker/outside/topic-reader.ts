import { type BoundFormat, bindFormat } from "../../codec/format.ts";
import { Reader } from "../../codec/reader.ts";
import { subjectOf } from "../../codec/registry/subject.ts";
import { learning } from "../../codec/unknown-writer.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { Fetcher } from "../../log/log.ts";
import { registryFor } from "../services/registry-for.ts";
import type { TopicSpec } from "../spec.ts";
import { type ClientSettings, findTopic } from "./client-settings.ts";

/** One record, decoded. It may be kept. */
export interface TopicRecord<K, V> {
  /** `null` where the record has none. */
  readonly key: K | null;
  /** `null` is a tombstone. */
  readonly value: V | null;
  /** The record's own, in milliseconds since 1970. */
  readonly timestamp: number;
  readonly partition: number;
  readonly offset: number;
}

const pollMs = 1000;

/**
 * The committed records that a topic holds when the reading begins: by offset within a partition, in no
 * order between partitions. Throws SG8040 where there is no such topic, SG5xxx for what cannot be
 * decoded.
 */
export async function* readTopic<K, V>(
  topic: TopicSpec<K, V>,
  settings: ClientSettings,
): AsyncGenerator<TopicRecord<K, V>, void, undefined> {
  const { name, partitions } = await findTopic(topic, settings);
  const registry = registryFor([topic], settings.log, settings.registry);
  const subject = subjectOf(registry.strategy, name, topic.value.schemaText);
  const format = await bindFormat(topic.value, { subject, registry, isReadOnly: true });
  const places = Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
  const ranges = await settings.log.offsets(places);
  const ends = new Map(ranges.map(({ partition, stableEnd }) => [partition, stableEnd]));
  const fetcher = await settings.log.fetcher();
  try {
    for (const { partition, start, stableEnd } of ranges) {
      if (start < stableEnd) fetcher.seek({ topic: name, partition }, start);
      else ends.delete(partition);
    }
    yield* readToEnds(fetcher, ends, { topic, format });
  } finally {
    await fetcher.close();
  }
}

async function* readToEnds<K, V>(
  fetcher: Fetcher,
  ends: Map<number, number>,
  decoder: Decoder<K, V>,
): AsyncGenerator<TopicRecord<K, V>, void, undefined> {
  while (ends.size > 0) {
    for (const batch of await fetcher.poll(pollMs)) {
      const { partition } = batch;
      const end = ends.get(partition) ?? 0;
      for (const cursor = batch.cursor(); cursor.next() && cursor.offset < end; ) {
        yield await learning(decoder.format, () => decode(decoder, partition, cursor));
      }
      if (batch.nextOffset >= end) {
        ends.delete(partition);
        fetcher.remove(batch);
      }
    }
  }
}

interface Decoder<K, V> {
  readonly topic: TopicSpec<K, V>;
  readonly format: BoundFormat<V>;
}

function decode<K, V>(
  { topic, format }: Decoder<K, V>,
  partition: number,
  cursor: BatchCursor,
): TopicRecord<K, V> {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd, timestamp, offset } = cursor;
  const reader = new Reader();
  reader.reset(bytes, keyStart, keyEnd);
  const key = keyStart < 0 || topic.key.isNull ? null : topic.key.read(reader);
  reader.reset(bytes, valueStart, valueEnd);
  const value = valueStart < 0 ? null : format.read(reader);
  return { key, value, timestamp, partition, offset };
}
