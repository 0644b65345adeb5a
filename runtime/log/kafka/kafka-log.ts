import type {
  DeletedOffset,
  Fetcher,
  GroupMember,
  Log,
  MemberOptions,
  OffsetRange,
  Producer,
  ProducerOptions,
  TopicPartition,
  TopicSettings,
} from "../log.ts";
import { Cluster } from "./cluster.ts";
import { KafkaFetcher } from "./fetcher.ts";
import { KafkaMember } from "./member.ts";
import { type KafkaLogOptions, resolveOptions } from "./options.ts";
import { KafkaProducer } from "./producer.ts";
import { deleteRecords, listOffsetsAt, listRanges } from "./ranges.ts";
import { Reader } from "./reader.ts";
import type { KafkaSettings } from "./settings.ts";
import { createTopics, describeTopics } from "./topics.ts";

/**
 * A Kafka cluster as a log, by kafkajs' connections and requests. It connects at the first call; where
 * no broker answers then, that call throws SG6020. Throws SG6024 and SG6025 for settings that cannot
 * be used.
 */
export function kafkaLog(settings: KafkaSettings, options: KafkaLogOptions = {}): Log {
  return new KafkaLog(settings, options);
}

class KafkaLog implements Log {
  readonly notExactlyOnce: string =
    "kafkajs sends no group generation with a transaction's offsets, so a worker that lost its " +
    "partitions could still commit them";
  readonly #cluster: Cluster;
  /** Everything that it made and nobody has closed. */
  readonly #open = new Set<{ close(): Promise<void> }>();

  constructor(settings: KafkaSettings, options: KafkaLogOptions) {
    this.#cluster = new Cluster(settings, resolveOptions(options));
  }

  createTopics(topics: readonly TopicSettings[]): Promise<void> {
    return createTopics(this.#cluster, topics);
  }

  describeTopics(names: readonly string[]): Promise<readonly TopicSettings[]> {
    return describeTopics(this.#cluster, names);
  }

  topicNames(): Promise<readonly string[]> {
    return this.#cluster.persist("listing topics", () => this.#cluster.topicNames());
  }

  offsets(partitions: readonly TopicPartition[]): Promise<readonly OffsetRange[]> {
    return listRanges(this.#cluster, partitions);
  }

  offsetsAt(partitions: readonly TopicPartition[], timeMs: number): Promise<readonly number[]> {
    return listOffsetsAt(this.#cluster, partitions, timeMs);
  }

  deleteRecords(before: readonly DeletedOffset[]): Promise<void> {
    return deleteRecords(this.#cluster, before);
  }

  async join(options: MemberOptions): Promise<GroupMember> {
    await this.#cluster.persist("joining a group", async () => {
      for (const topic of options.topics) await this.#cluster.topic(topic);
    });
    const reader = new Reader(this.#cluster);
    const onClose = (): boolean => this.#open.delete(member);
    const member = new KafkaMember(this.#cluster, options, reader, onClose);
    this.#open.add(member);
    return member;
  }

  async fetcher(): Promise<Fetcher> {
    const { clock } = this.#cluster.options;
    const reader = new Reader(this.#cluster);
    const fetcher: Fetcher = new KafkaFetcher(reader, clock, () => this.#open.delete(fetcher));
    this.#open.add(fetcher);
    return fetcher;
  }

  async producer(options: ProducerOptions): Promise<Producer> {
    const onClose = (): boolean => this.#open.delete(producer);
    const producer = new KafkaProducer(this.#cluster, options, onClose);
    await producer.identify();
    this.#open.add(producer);
    return producer;
  }

  async close(): Promise<void> {
    try {
      await Promise.all([...this.#open].map((one) => one.close()));
    } finally {
      this.#cluster.close();
    }
  }
}
