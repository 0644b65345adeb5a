import { type Clock, systemClock } from "../clock.ts";
import type { LogAdmin } from "./admin.ts";
import { BatchCursor } from "./batch-cursor.ts";
import type {
  CommittedOffset,
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
} from "./log.ts";
import { MemoryAdmin } from "./memory/admin.ts";
import { Broker, type BrokerLimits } from "./memory/broker.ts";
import { Connection } from "./memory/connection.ts";
import type { Faults } from "./memory/faults.ts";
import { type LogRecord, readRecords } from "./record.ts";

export interface MemoryLogOptions extends Partial<BrokerLimits> {
  /** The wall clock without it. */
  readonly clock?: Clock;
}

/** A member of a group as tools show it. */
export interface MemberDescription {
  readonly id: string;
  readonly client: string;
  /** The generation that it has come to; -1 before its first poll. */
  readonly generation: number;
  /** What it reads. */
  readonly topics: readonly string[];
  readonly owned: readonly TopicPartition[];
}

/** Where a topic's settings may be changed. */
export type TopicChange = Partial<Pick<TopicSettings, "retentionMs" | "config">>;

const defaults: BrokerLimits = {
  pollMaxBytes: 8_388_608,
  partitionMaxBytes: 1_048_576,
  sessionTimeoutMs: 45_000,
  transactionTimeoutMs: 60_000,
  compactMinRecords: 10_000,
  pollWaitMinMs: 0,
};

/**
 * The embedded log: a model of a Kafka cluster in this process's memory. Nothing in it is left to
 * chance: with a manual clock the same calls give the same answers.
 *
 * It is the log of one process, its own; `connect` gives the logs of others. Beside `Log` it has what
 * tests, tools and the simulator want of a cluster.
 */
export class MemoryLog implements Log {
  readonly isEmbedded: true = true;
  /** Makes calls go wrong, those of every connection. */
  readonly faults: Faults;
  readonly #broker: Broker;
  readonly #own: Connection;

  constructor(options: MemoryLogOptions = {}) {
    const { clock = systemClock, ...limits } = options;
    this.#broker = new Broker(clock, { ...defaults, ...limits });
    this.faults = this.#broker.faults;
    this.#own = this.connect("main");
  }

  /** The same log for another process: one that can crash. */
  connect(name: string): Connection {
    return new Connection(name, this.#broker);
  }

  createTopics(topics: readonly TopicSettings[]): Promise<void> {
    return this.#own.createTopics(topics);
  }

  describeTopics(names: readonly string[]): Promise<readonly TopicSettings[]> {
    return this.#own.describeTopics(names);
  }

  topicNames(): Promise<readonly string[]> {
    return this.#own.topicNames();
  }

  offsets(partitions: readonly TopicPartition[]): Promise<readonly OffsetRange[]> {
    return this.#own.offsets(partitions);
  }

  offsetsAt(partitions: readonly TopicPartition[], timeMs: number): Promise<readonly number[]> {
    return this.#own.offsetsAt(partitions, timeMs);
  }

  deleteRecords(before: readonly DeletedOffset[]): Promise<void> {
    return this.#own.deleteRecords(before);
  }

  join(options: MemberOptions): Promise<GroupMember> {
    return this.#own.join(options);
  }

  fetcher(): Promise<Fetcher> {
    return this.#own.fetcher();
  }

  producer(options: ProducerOptions): Promise<Producer> {
    return this.#own.producer(options);
  }

  close(): Promise<void> {
    return this.#own.close();
  }

  /** What tools do to it. */
  admin(): LogAdmin {
    return new MemoryAdmin(this.#broker);
  }

  /** Every topic, in the order they were created. */
  get topics(): readonly TopicSettings[] {
    return this.#broker.topics;
  }

  /**
   * A topic's records by partition, then offset: those that read-committed readers see, or everything
   * that is there, records of open and aborted transactions included.
   */
  records(topic: string, view: "committed" | "everything" = "committed"): readonly LogRecord[] {
    return this.#broker.topic(topic).partitions.flatMap((log) => {
      if (view === "committed") {
        const { start } = log.range;
        const { bytes, starts } = log.read(start, Number.POSITIVE_INFINITY, this.#now);
        return readRecords(log, new BatchCursor(bytes, starts, start));
      }
      return log.batches
        .filter((batch) => !batch.isControl)
        .flatMap((batch) => readRecords(log, new BatchCursor(batch.bytes, [0], log.range.start)));
    });
  }

  /** Keeps the last record of each key, of what every reader can see. */
  compact(topic: string): void {
    for (const log of this.#broker.topic(topic).partitions) log.compact(this.#now);
  }

  /** Changes a topic's settings; `config` adds to what is set. */
  alterTopic(name: string, change: TopicChange): void {
    const topic = this.#broker.topic(name);
    const config = { ...topic.settings.config, ...change.config };
    topic.settings = { ...topic.settings, ...change, config };
  }

  /** The group's members in the order they joined. */
  members(group: string): readonly MemberDescription[] {
    return this.#broker.group(group).members.map(({ id, request, generation, owned }) => ({
      ...{ id, generation, owned },
      client: request.client,
      topics: request.topics,
    }));
  }

  /** What the group has committed, by topic and partition. */
  committed(group: string): readonly CommittedOffset[] {
    return this.#broker.group(group).offsets;
  }

  /** Sets the group's offsets, as a tool does while nobody is in the group. */
  setCommitted(group: string, offsets: readonly CommittedOffset[]): void {
    this.#broker.group(group).commit(offsets);
  }

  /** Expels a member at once, as if its session had ended. */
  expel(group: string, memberId: string): void {
    const members = this.#broker.group(group);
    const member = members.members.find((one) => one.id === memberId);
    if (member !== undefined) members.remove(member, "expelled", this.#now);
    this.#broker.changed.notify();
  }

  /**
   * From now on transactions are ended without their markers, as between a broker's answer to a commit
   * and the markers in the partitions, until the function it gives is called.
   */
  holdMarkers(): () => void {
    this.#broker.transactions.holdMarkers();
    return () => {
      this.#broker.transactions.releaseMarkers(this.#now);
      this.#broker.changed.notify();
    };
  }

  get #now(): number {
    return this.#broker.clock.now();
  }
}

/** An empty log. */
export function memoryLog(options: MemoryLogOptions = {}): MemoryLog {
  return new MemoryLog(options);
}
