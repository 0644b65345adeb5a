import { bindFormat } from "../codec/format.ts";
import { Reader } from "../codec/reader.ts";
import { subjectOf } from "../codec/registry/subject.ts";
import type { SchemaRegistry } from "../codec/registry.ts";
import { learning } from "../codec/unknown-writer.ts";
import type { LogRecord } from "../log/record.ts";
import type { TopicSpec } from "../worker/spec.ts";

/** One record of a topic, decoded. */
export interface OutputRecord<K, V> {
  /** `null` where the record has none. */
  readonly key: K | null;
  /** `null` is a tombstone. */
  readonly value: V | null;
  readonly timestamp: number;
  /** The last value of each name, as text. */
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
  readonly offset: number;
}

/** Decodes records of a topic, whose name in the log is `name`. */
export async function decodeRecords<K, V>(
  records: readonly LogRecord[],
  topic: TopicSpec<K, V>,
  { name, registry }: { readonly name: string; readonly registry: SchemaRegistry },
): Promise<OutputRecord<K, V>[]> {
  const subject = subjectOf(registry.strategy, name, topic.value.schemaText);
  const format = await bindFormat(topic.value, { subject, registry, isReadOnly: true });
  const reader = new Reader();
  const decode = ({ key, value, headers, ...place }: LogRecord): OutputRecord<K, V> => {
    if (key !== null) reader.reset(key, 0, key.length);
    const readKey = key === null || topic.key.isNull ? null : topic.key.read(reader);
    if (value !== null) reader.reset(value, 0, value.length);
    const readValue = value === null ? null : format.read(reader);
    const { timestamp, partition, offset } = place;
    return {
      ...{ key: readKey, value: readValue, timestamp },
      headers: Object.fromEntries(headers.map(([header, text]) => [header, String(text ?? "")])),
      ...{ partition, offset },
    };
  };
  const decoded: OutputRecord<K, V>[] = [];
  for (const record of records) decoded.push(await learning(format, () => decode(record)));
  return decoded;
}

/** Those of each partition, in the order they were given. */
function byPartition(records: readonly LogRecord[]): LogRecord[][] {
  const partitions: LogRecord[][] = [];
  for (const record of records) {
    const partition = partitions[record.partition] ?? [];
    partition.push(record);
    partitions[record.partition] = partition;
  }
  return partitions.filter((partition) => partition.length > 0);
}

/** In the order of the timestamps between partitions, and of the offsets within one. */
export function mergePartitions(records: readonly LogRecord[]): readonly LogRecord[] {
  const queues = byPartition(records).map((partition) => partition.values());
  let heads = queues.flatMap((queue) => advance(queue));
  const merged: LogRecord[] = [];
  for (let first = earliest(heads); first !== undefined; first = earliest(heads)) {
    const taken = first;
    merged.push(taken.record);
    heads = heads.flatMap((head) => (head === taken ? advance(taken.queue) : [head]));
  }
  return merged;
}

interface Head {
  readonly record: LogRecord;
  /** What comes after it. */
  readonly queue: Iterator<LogRecord>;
}

function advance(queue: Iterator<LogRecord>): readonly Head[] {
  const { done, value } = queue.next();
  return done === true ? [] : [{ record: value, queue }];
}

function earliest(heads: readonly Head[]): Head | undefined {
  let first: Head | undefined;
  for (const head of heads) {
    if (first === undefined || head.record.timestamp < first.record.timestamp) first = head;
  }
  return first;
}
