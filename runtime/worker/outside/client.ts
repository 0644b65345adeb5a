import { subjectOf } from "../../codec/registry/subject.ts";
import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import { BatchWriter } from "../../log/batch-writer.ts";
import { partitionOfKey } from "../../log/partitioner.ts";
import type { SendOptions } from "../scope.ts";
import { registryFor } from "../services/registry-for.ts";
import type { TopicSpec } from "../spec.ts";
import { type ClientSettings, findTopic } from "./client-settings.ts";

/** Sends to one topic, from a program that is no worker. */
export interface TopicProducer<K, V> {
  /**
   * Resolves with the record's offset when the log has it. `key` is needed where the value does not
   * carry it. Without a `timestamp`, the value's time field counts, or else `settings.now()`.
   */
  send(value: V, options?: SendOptions & { readonly key?: K }): Promise<number>;
  close(): Promise<void>;
}

/** Makes a producer of a topic that exists. Throws SG8040 where it does not. */
export async function createProducer<K, V>(
  topic: TopicSpec<K, V>,
  settings: ClientSettings,
): Promise<TopicProducer<K, V>> {
  const { name, partitions } = await findTopic(topic, settings);
  const registry = registryFor([topic], settings.log, settings.registry);
  const subject = subjectOf(registry.strategy, name, topic.value.schemaText);
  const format = await topic.value.bind({ subject, registry });
  const producer = await settings.log.producer({});
  const keyBytes = (value: V, given: K | undefined): Buffer | null => {
    if (topic.key.isNull) return null;
    const key = given ?? topic.keyOf?.(value);
    if (key === undefined) {
      throw new StreamgenError("SG8041", `topic "${name}" needs a key`, { topic: name });
    }
    const writer = new Writer(64);
    topic.key.write(writer, key);
    return writer.written();
  };
  return {
    async send(value, options = {}) {
      const key = keyBytes(value, options.key);
      const partition = options.partition ?? (key === null ? 0 : partitionOfKey(key, partitions));
      const given = options.timestamp;
      const time = given instanceof Date ? given.getTime() : given;
      const batch = new BatchWriter();
      const out = batch.begin(time ?? topic.timeOf?.(value) ?? settings.now(), key);
      format.write(out, value);
      for (const [header, content] of Object.entries(options.headers ?? {})) {
        batch.header(Buffer.from(header), Buffer.from(content));
      }
      batch.end();
      const { baseOffset } = await producer.send({ topic: name, partition }, batch);
      return baseOffset;
    },
    close: () => producer.close(),
  };
}
