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
import type { Broker } from "./broker.ts";
import { Client } from "./client.ts";
import { MemoryFetcher } from "./fetcher.ts";
import { MemoryMember } from "./member.ts";
import { MemoryProducer } from "./producer.ts";
import type { ProducerIdentity } from "./stored-batch.ts";

/** The log as one process sees it. */
export class Connection implements Log {
  readonly isEmbedded: true = true;
  readonly #client: Client;
  readonly #broker: Broker;
  readonly #members: MemoryMember[] = [];
  readonly #producers: MemoryProducer[] = [];
  readonly #fetchers: MemoryFetcher[] = [];

  /** `name` tells this process's calls from those of others. */
  constructor(name: string, broker: Broker) {
    this.#client = new Client(name, broker);
    this.#broker = broker;
  }

  /**
   * The process is gone, as after `kill -9`: nothing is closed or aborted, its members fall silent, and
   * no call of it ever ends.
   */
  crash(): void {
    this.#client.crash();
  }

  createTopics(topics: readonly TopicSettings[]): Promise<void> {
    return this.#client.call("createTopics", () => this.#broker.createTopics(topics));
  }

  describeTopics(names: readonly string[]): Promise<readonly TopicSettings[]> {
    return this.#client.call("describeTopics", () =>
      names.flatMap((name) => this.#broker.settings(name) ?? []),
    );
  }

  topicNames(): Promise<readonly string[]> {
    return this.#client.call("describeTopics", () => this.#broker.topics.map(({ name }) => name));
  }

  offsets(partitions: readonly TopicPartition[]): Promise<readonly OffsetRange[]> {
    return this.#client.call("offsets", () =>
      partitions.map((partition) => this.#broker.partition(partition).range),
    );
  }

  offsetsAt(partitions: readonly TopicPartition[], timeMs: number): Promise<readonly number[]> {
    return this.#client.call("offsets", () => {
      const now = this.#broker.clock.now();
      return partitions.map((place) => this.#broker.partition(place).offsetAt(timeMs, now));
    });
  }

  deleteRecords(before: readonly DeletedOffset[]): Promise<void> {
    return this.#client.call("deleteRecords", () => {
      const logs = before.map((one) => ({ log: this.#broker.partition(one), offset: one.offset }));
      for (const { log, offset } of logs) log.deleteBefore(offset);
      this.#broker.changed.notify();
    });
  }

  join(options: MemberOptions): Promise<GroupMember> {
    return this.#client.call("join", () => {
      for (const topic of options.topics) this.#broker.topic(topic);
      const member = new MemoryMember(this.#client, options);
      this.#members.push(member);
      return member;
    });
  }

  fetcher(): Promise<Fetcher> {
    const fetcher = new MemoryFetcher(this.#client);
    this.#fetchers.push(fetcher);
    return Promise.resolve(fetcher);
  }

  producer(options: ProducerOptions): Promise<Producer> {
    const { transactionalId } = options;
    return this.#client.call("producer", async () => {
      const identity = await this.#identify(options);
      const producer = new MemoryProducer(this.#client, identity, transactionalId);
      this.#producers.push(producer);
      return producer;
    });
  }

  async close(): Promise<void> {
    if (this.#client.isGone) return;
    for (const fetcher of this.#fetchers) await fetcher.close();
    for (const producer of this.#producers) await producer.close();
    for (const member of this.#members) await member.close();
  }

  async #identify({
    transactionalId,
    transactionTimeoutMs,
  }: ProducerOptions): Promise<ProducerIdentity> {
    const { transactions, clock, limits } = this.#broker;
    if (transactionalId === undefined) return transactions.newProducer();
    const timeoutMs = transactionTimeoutMs ?? limits.transactionTimeoutMs;
    for (;;) {
      const identity = transactions.init(transactionalId, timeoutMs, clock.now());
      if (identity !== undefined) {
        this.#broker.changed.notify();
        return identity;
      }
      await this.#broker.wait(Number.POSITIVE_INFINITY);
    }
  }
}
