import type { Clock } from "../../clock.ts";
import { logCode, logError } from "../codes.ts";
import type { TopicPartition, TopicSettings } from "../log.ts";
import { Signal } from "../signal.ts";
import { checkConflicts, checkTopics } from "../topic-rules.ts";
import { Faults } from "./faults.ts";
import { Group } from "./group.ts";
import { PartitionLog, type TopicState } from "./partition-log.ts";
import { Transactions } from "./transactions.ts";

export interface BrokerLimits {
  /** Bytes that one poll gives at most, unless a single batch is larger. */
  readonly pollMaxBytes: number;
  /** Bytes that one poll gives of one partition, unless a single batch is larger. */
  readonly partitionMaxBytes: number;
  readonly sessionTimeoutMs: number;
  readonly transactionTimeoutMs: number;
  /** Records of a compacted partition before it is compacted by itself. */
  readonly compactMinRecords: number;
  /** A member's poll waits for records at least this long: a clock turned by hand has less to do. */
  readonly pollWaitMinMs: number;
}

interface Topic extends TopicState {
  readonly partitions: readonly PartitionLog[];
}

/** What all clients share: topics, groups, transactions and time. */
export class Broker {
  readonly clock: Clock;
  readonly limits: BrokerLimits;
  readonly faults: Faults = new Faults();
  readonly transactions: Transactions = new Transactions();
  /** Told after each change that somebody may wait for. */
  readonly changed: Signal;
  readonly #topicByName = new Map<string, Topic>();
  readonly #groupByName = new Map<string, Group>();

  constructor(clock: Clock, limits: BrokerLimits) {
    this.clock = clock;
    this.limits = limits;
    this.changed = new Signal(clock);
  }

  get topics(): readonly TopicSettings[] {
    return [...this.#topicByName.values()].map((topic) => topic.settings);
  }

  get groups(): readonly Group[] {
    return [...this.#groupByName.values()];
  }

  createTopics(wanted: readonly TopicSettings[]): void {
    checkTopics(wanted);
    checkConflicts(wanted, this.topics);
    for (const settings of wanted) {
      if (this.#topicByName.has(settings.name)) continue;
      const state: TopicState = { settings };
      const partitions = Array.from(
        { length: settings.partitions },
        (_, partition) => new PartitionLog(state, partition, this.limits.compactMinRecords),
      );
      this.#topicByName.set(settings.name, Object.assign(state, { partitions }));
    }
  }

  deleteTopic(name: string): void {
    this.#topicByName.delete(name);
  }

  deleteGroup(name: string): void {
    this.#groupByName.delete(name);
  }

  /** Throws SG6003 where the topic does not exist. */
  topic(name: string): Topic {
    const topic = this.#topicByName.get(name);
    if (topic === undefined) {
      throw logError(logCode.unknown, `there is no topic "${name}"`, { topic: name });
    }
    return topic;
  }

  /** The topic's settings, if it exists. */
  settings(name: string): TopicSettings | undefined {
    return this.#topicByName.get(name)?.settings;
  }

  /** Throws SG6003 where the topic or the partition does not exist. */
  partition({ topic, partition }: TopicPartition): PartitionLog {
    const { partitions } = this.topic(topic);
    const log = partitions[partition];
    if (log === undefined) {
      throw logError(
        logCode.unknown,
        `topic "${topic}" has no partition ${partition}, only ${partitions.length}`,
        { topic, partition },
      );
    }
    return log;
  }

  /** The group of this name, empty if nobody has used it yet. */
  group(name: string): Group {
    const known = this.#groupByName.get(name);
    if (known !== undefined) return known;
    const counts = (): ReadonlyMap<string, number> =>
      new Map(this.topics.map((settings) => [settings.name, settings.partitions]));
    const group = new Group(name, counts);
    this.#groupByName.set(name, group);
    return group;
  }

  /** Expels members and aborts transactions whose time is over. Every call begins with it. */
  expire(): void {
    const now = this.clock.now();
    let isChanged = this.transactions.expire(now);
    for (const group of this.#groupByName.values()) isChanged = group.expire(now) || isChanged;
    if (isChanged) this.changed.notify();
  }

  /** Waits for a change, for time that ends something, or until `deadline`. */
  async wait(deadline: number): Promise<void> {
    const expiries = this.groups.map((group) => group.nextExpiry);
    await this.changed.wait(Math.min(deadline, this.transactions.nextExpiry, ...expiries));
    this.expire();
  }
}
