import type { BatchCursor } from "./batch-cursor.ts";
import type { BatchWriter } from "./batch-writer.ts";

/**
 * The log that the worker runs over: an embedded model broker or Kafka. Two implementations pass one
 * contract suite (`test/runtime/log/contract.ts`).
 *
 * The worker sees batches and cursors, never message objects. Offsets are numbers: exact to 2^53.
 */
export interface Log {
  /**
   * Creates the topics that are missing. Throws SG6xxx that lists every topic which exists with other
   * partitions or another cleanup policy, and then creates none.
   */
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** What exists of the topics named; what does not exist is left out. */
  describeTopics(names: readonly string[]): Promise<readonly TopicSettings[]>;
  /** First offset and end of each partition. `end` is the last stable offset: aborts are not waited for. */
  offsets(partitions: readonly TopicPartition[]): Promise<readonly OffsetRange[]>;
  /** Joins a consumer group. Nothing is assigned until the first `poll`. */
  join(options: MemberOptions): Promise<GroupMember>;
  /** Reads given partitions without a group, for restoring tables and for tools. */
  fetcher(): Promise<Fetcher>;
  /** A producer; with a transactional id it first fences every older producer of that id. */
  producer(options: ProducerOptions): Promise<Producer>;
  close(): Promise<void>;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly cleanup: "delete" | "compact" | "compact,delete";
  /** Milliseconds; -1 is for ever. */
  readonly retentionMs: number;
  /** Further settings by Kafka's names. */
  readonly config: Readonly<Record<string, string>>;
}

export interface OffsetRange extends TopicPartition {
  readonly start: number;
  readonly end: number;
}

/** An offset to resume from, with up to 4 KiB of the committer's own text beside it. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. -1: none is committed. */
  readonly offset: number;
  readonly metadata: string;
}

/** Records of one partition, in offset order, visible at read-committed. */
export interface FetchedBatch extends TopicPartition {
  /** A fresh cursor before the first record. Its buffer is valid until the next `poll` of its source. */
  cursor(): BatchCursor;
  /** The offset after this batch, also where transaction markers or gaps follow it. */
  readonly nextOffset: number;
  /** The partition's last stable offset when the batch was fetched; equal to `nextOffset`: lag 0. */
  readonly endOffset: number;
}

/** Reads partitions that the caller chooses. */
export interface Fetcher {
  /** Starts or moves a partition. Throws SG6xxx when the offset is outside what the partition holds. */
  seek(partition: TopicPartition, offset: number): void;
  /** Forgets a partition. */
  remove(partition: TopicPartition): void;
  /** A paused partition gives no batches, and keeps its position. */
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /**
   * What has arrived, in the fair order of partitions; an empty array after `timeoutMs` without any.
   * A partition at its end gives one empty batch when it reaches it, so that lag 0 is known.
   */
  poll(timeoutMs: number): Promise<readonly FetchedBatch[]>;
  close(): Promise<void>;
}

export interface MemberOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Names the member across restarts (static membership). */
  readonly instanceId?: string;
  /** Topics whose equal partitions belong together: one member gets them all. */
  readonly copartitioned: readonly (readonly string[])[];
  readonly rebalanceTimeoutMs: number;
  /** Called, and awaited, before partitions go to another member: commit here. */
  onRevoke(partitions: readonly TopicPartition[]): Promise<void>;
  /** Called, and awaited, before the first batch of new partitions. The hook seeks each of them. */
  onAssign(partitions: readonly TopicPartition[]): Promise<void>;
  /** Called when partitions are gone already: nothing of theirs can be committed any more. */
  onLost(partitions: readonly TopicPartition[]): Promise<void>;
}

/** A group member: a fetcher whose partitions come and go. Hooks run inside `poll`. */
export interface GroupMember extends Fetcher {
  /** Names this membership for `Producer.sendOffsets`; changes with each rebalance. */
  readonly generation: GroupGeneration;
  readonly assignment: readonly TopicPartition[];
  /** Waits for open transactions that hold offsets of these partitions (KIP-447, require stable). */
  committed(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]>;
  /** Commits without a transaction. Throws SG6xxx when the generation is over. */
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
}

export interface GroupGeneration {
  readonly group: string;
  readonly id: number;
  readonly member: string;
}

export interface ProducerOptions {
  /** With it, records are sent in transactions. */
  readonly transactionalId?: string;
  /** Transactions open longer are aborted by the broker. */
  readonly transactionTimeoutMs?: number;
}

/**
 * Sends whole batches. With a transactional id: `begin`, `send`, `sendOffsets`, then `commit` or
 * `abort`. Any call of a fenced producer throws SG6xxx "fenced", and the worker must stop its tasks.
 */
export interface Producer {
  /** Resolves when every replica has the batch. `batch` belongs to the producer until then. */
  send(partition: TopicPartition, batch: BatchWriter): Promise<SentBatch>;
  begin(): void;
  /** Adds offsets to the transaction. Throws SG6xxx when the generation is over. */
  sendOffsets(offsets: readonly CommittedOffset[], generation: GroupGeneration): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
  close(): Promise<void>;
}

export interface SentBatch extends TopicPartition {
  /** The offset of the batch's first record. */
  readonly baseOffset: number;
}
