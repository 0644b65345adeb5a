import { BatchWriter } from "../../../../runtime/log/batch-writer.ts";
import type {
  CommittedOffset,
  FetchedBatch,
  Fetcher,
  GroupMember,
  Log,
  MemberOptions,
  Producer,
  TopicPartition,
  TopicSettings,
} from "../../../../runtime/log/log.ts";
import { partitionKey } from "../../../../runtime/log/partition-key.ts";
import { type LogRecord, readRecords } from "../../../../runtime/log/record.ts";

/** A log and what a test needs beside it. */
export interface LogUnderTest {
  readonly log: Log;
  /** The same log as another process has it. */
  connect(name: string): Log;
  /** How long a poll has to wait for what is there already. */
  readonly pollMs: number;
  /** Makes names that no other case uses. */
  unique(name: string): string;
  /** Closes the log and all its connections. */
  close(): Promise<void>;
  /** What only a log in memory can do; the cases that need it are left out without it. */
  readonly control?: LogControl;
}

export interface LogControl {
  readonly sessionTimeoutMs: number;
  now(): number;
  /** Turns the clock that the log goes by. */
  advance(byMs: number): Promise<void>;
  compact(topic: string): void;
}

/** A record as a case writes it down. */
export interface Draft {
  readonly key?: string | null;
  readonly value?: string | null;
  readonly timestamp?: number;
  readonly headers?: readonly (readonly [string, string | null])[];
}

/** How often a case polls for something before it gives up. */
const triesMax = 300;

export function batchOf(...drafts: readonly Draft[]): BatchWriter {
  const batch = new BatchWriter();
  for (const { key = null, value = null, timestamp = 1_000, headers = [] } of drafts) {
    const out = batch.begin(timestamp, key === null ? null : Buffer.from(key));
    if (value === null) batch.tombstone();
    else out.append(Buffer.from(value));
    for (const [name, text] of headers) {
      batch.header(Buffer.from(name), text === null ? null : Buffer.from(text));
    }
    batch.end();
  }
  return batch;
}

export const valuesOf = (records: readonly LogRecord[]): readonly (string | null)[] =>
  records.map((record) => record.value?.toString() ?? null);

export function recordsOf(batches: readonly FetchedBatch[]): readonly LogRecord[] {
  return batches.flatMap((batch) => readRecords(batch, batch.cursor()));
}

/** One case's log, and short ways to use it. */
export class Driver {
  readonly under: LogUnderTest;
  readonly log: Log;

  constructor(under: LogUnderTest) {
    this.under = under;
    this.log = under.log;
  }

  get control(): LogControl {
    if (this.under.control === undefined) throw new Error("this case needs a control");
    return this.under.control;
  }

  /** Creates a topic of one partition, unless said otherwise, and gives its name. */
  async topic(settings: Partial<TopicSettings> = {}): Promise<string> {
    const name = this.under.unique(settings.name ?? "topic");
    await this.log.createTopics([this.settings({ ...settings, name })]);
    return name;
  }

  settings(settings: Partial<TopicSettings> & { readonly name: string }): TopicSettings {
    return {
      ...{ partitions: 1, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
      ...settings,
    };
  }

  /** Sends values without a transaction, each record with the value as its key too. */
  async put(topic: string, values: readonly string[], partition = 0): Promise<number> {
    const producer = await this.log.producer({});
    return this.send(producer, topic, values, partition);
  }

  async send(
    producer: Producer,
    topic: string,
    values: readonly string[],
    partition = 0,
  ): Promise<number> {
    const batch = batchOf(...values.map((value) => ({ key: value, value })));
    return (await producer.send({ topic, partition }, batch)).baseOffset;
  }

  /** A producer with transactions, under an id that no other case uses unless `id` does. */
  transactional(id: string = this.under.unique("id"), log: Log = this.log): Promise<Producer> {
    return log.producer({ transactionalId: id, transactionTimeoutMs: 10_000 });
  }

  async transaction(
    producer: Producer,
    topic: string,
    values: readonly string[],
    end: "commit" | "abort",
  ): Promise<void> {
    producer.begin();
    await this.send(producer, topic, values);
    await producer[end]();
  }

  async end(topic: string, partition = 0): Promise<number> {
    const [range] = await this.log.offsets([{ topic, partition }]);
    return range?.end ?? -1;
  }

  /** A fetcher that has sought partition 0 of a topic. */
  async reader(topic: string, offset = 0): Promise<Fetcher> {
    const fetcher = await this.log.fetcher();
    fetcher.seek({ topic, partition: 0 }, offset);
    return fetcher;
  }

  /** Polls until `isDone`, and gives all records on the way. */
  async read(
    fetcher: Fetcher,
    isDone: (records: readonly LogRecord[], batches: readonly FetchedBatch[]) => boolean,
  ): Promise<readonly LogRecord[]> {
    const records: LogRecord[] = [];
    for (let tries = 0; tries < triesMax; tries++) {
      const batches = await fetcher.poll(this.under.pollMs);
      records.push(...recordsOf(batches));
      if (isDone(records, batches)) return records;
    }
    throw new Error(`gave up waiting; so far: ${valuesOf(records).join(" ")}`);
  }

  readCount(fetcher: Fetcher, count: number): Promise<readonly LogRecord[]> {
    return this.read(fetcher, (records) => records.length >= count);
  }

  /** Polls until `last` has come: then everything before it has been seen too. */
  readTo(fetcher: Fetcher, last: string): Promise<readonly LogRecord[]> {
    return this.read(fetcher, (records) => records.at(-1)?.value?.toString() === last);
  }

  /** The values that a topic's only partition shows, up to a record that is sent now. */
  async visible(topic: string, from = 0): Promise<readonly (string | null)[]> {
    const last = this.under.unique("last");
    await this.put(topic, [last]);
    const records = await this.readTo(await this.reader(topic, from), last);
    return valuesOf(records.slice(0, -1));
  }

  join(name: string, options: JoinOptions): Promise<TestMember> {
    return TestMember.join(this, name, options);
  }

  /** Polls all members at once until `isDone`. */
  async settle(members: readonly TestMember[], isDone: () => boolean): Promise<void> {
    for (let tries = 0; tries < triesMax; tries++) {
      await Promise.all(members.map((member) => member.poll()));
      if (isDone()) return;
    }
    const held = members.map((member) => `${member.name}: ${member.held.join(" ")}`).join("; ");
    throw new Error(`the group does not settle: ${held}`);
  }

  /** Polls all members until each has as many partitions as said. */
  async share(members: readonly TestMember[], ...counts: readonly number[]): Promise<void> {
    await this.settle(members, () =>
      members.every((member, index) => member.held.length === counts[index]),
    );
  }
}

export interface JoinOptions extends Partial<MemberOptions> {
  readonly group: string;
  readonly topics: readonly string[];
}

/** A member that notes its hooks, and starts where the group has committed. */
export class TestMember {
  readonly name: string;
  readonly log: Log;
  /** Hooks in order, such as `assign topic/0 topic/1`. */
  readonly events: string[] = [];
  readonly records: LogRecord[] = [];
  readonly #driver: Driver;
  #member: GroupMember | undefined;

  private constructor(driver: Driver, name: string) {
    this.#driver = driver;
    this.name = name;
    this.log = driver.under.connect(name);
  }

  static async join(driver: Driver, name: string, options: JoinOptions): Promise<TestMember> {
    const self = new TestMember(driver, name);
    const hook =
      (kind: string, then?: (partitions: readonly TopicPartition[]) => Promise<void>) =>
      async (partitions: readonly TopicPartition[]): Promise<void> => {
        self.events.push([kind, ...partitions.map(partitionKey)].join(" "));
        await then?.(partitions);
      };
    self.#member = await self.log.join({
      copartitioned: [],
      rebalanceTimeoutMs: 60_000,
      ...options,
      onRevoke: hook("revoke", options.onRevoke),
      onAssign: hook("assign", options.onAssign ?? ((partitions) => self.resume(partitions))),
      onLost: hook("lost", options.onLost),
    });
    return self;
  }

  get member(): GroupMember {
    if (this.#member === undefined) throw new Error("the member has not joined");
    return this.#member;
  }

  get held(): readonly string[] {
    return this.member.assignment.map(partitionKey);
  }

  async poll(): Promise<readonly LogRecord[]> {
    const records = recordsOf(await this.member.poll(this.#driver.under.pollMs));
    this.records.push(...records);
    return records;
  }

  /** Seeks each partition to what is committed, or to its beginning. */
  async resume(partitions: readonly TopicPartition[]): Promise<void> {
    const starts = await this.log.offsets(partitions);
    const committed = await this.member.committed(partitions);
    for (const [index, { topic, partition, offset }] of committed.entries()) {
      this.member.seek({ topic, partition }, offset < 0 ? (starts[index]?.start ?? 0) : offset);
    }
  }
}

export const offsetOf = (
  topic: string,
  offset: number,
  metadata = "",
  partition = 0,
): CommittedOffset => ({ topic, partition, offset, metadata });
