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
   * Why this log cannot carry exactly-once processing, as the end of a sentence; absent where it can.
   * Then `sendOffsets` does not check the generation.
   */
  readonly notExactlyOnce?: string;
  /** Its records live as long as this process; so may the schemas that they were written with. */
  readonly isEmbedded?: true;
  /**
   * Creates the topics that are missing. Throws SG6004 that lists every topic which exists with other
   * partitions or another cleanup policy, SG6009 for a name or a number of partitions that no topic can
   * have; then it creates none.
   */
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** What exists of the topics named; what does not exist is left out. */
  describeTopics(names: readonly string[]): Promise<readonly TopicSettings[]>;
  /** The names of all topics that exist, in no order. */
  topicNames(): Promise<readonly string[]>;
  /** What each partition holds, in the order asked. Throws SG6003 for a partition that does not exist. */
  offsets(partitions: readonly TopicPartition[]): Promise<readonly OffsetRange[]>;
  /**
   * The first offset whose record is not older than a time (milliseconds since 1970), in the order
   * asked; the last stable offset where there is none.
   */
  offsetsAt(partitions: readonly TopicPartition[], timeMs: number): Promise<readonly number[]>;
  /** Deletes the records before an offset: they were processed and nobody asks for them again. */
  deleteRecords(before: readonly DeletedOffset[]): Promise<void>;
  /** Joins a consumer group of existing topics. Nothing is assigned until the first `poll`. */
  join(options: MemberOptions): Promise<GroupMember>;
  /** Reads given partitions without a group, for restoring tables and for tools. */
  fetcher(): Promise<Fetcher>;
  /**
   * A producer; with a transactional id it first fences every older producer of that id, and ends
   * what that one left open: a transaction whose `commit` was taken is committed, another aborted.
   */
  producer(options: ProducerOptions): Promise<Producer>;
  /** Closes what it made: polls end, members leave, open transactions are aborted. */
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
  /** The first offset that is still there. */
  readonly start: number;
  /** The offset after the last record, those of open transactions included: restoring ends here. */
  readonly end: number;
  /** The last stable offset: what comes behind waits for an open transaction. */
  readonly stableEnd: number;
}

/** Everything before this offset is to go. */
export interface DeletedOffset extends TopicPartition {
  readonly offset: number;
}

/** An offset to resume from, with up to 4 KiB of the committer's own text beside it. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. -1: none is committed. */
  readonly offset: number;
  readonly metadata: string;
}

/** Records of one partition, in offset order, visible at read-committed. */
export interface FetchedBatch extends TopicPartition {
  /** A fresh cursor before the first record. Its bytes are valid until the next `poll` of its source. */
  cursor(): BatchCursor;
  /** The same records in bytes that stay valid: a copy, or itself where they do anyway. */
  keep(): FetchedBatch;
  /** The offset that was asked for; the first record may come later. Tells batches from before a `seek`. */
  readonly startOffset: number;
  /** The offset after this batch, also where transaction markers or gaps follow it. */
  readonly nextOffset: number;
  /** The partition's last stable offset when the batch was fetched; equal to `nextOffset`: lag 0. */
  readonly endOffset: number;
}

/** Reads partitions that the caller chooses. */
export interface Fetcher {
  /**
   * Starts or moves a partition. An offset outside what the partition holds makes each `poll` throw
   * SG6002 until it is sought again or removed. A `poll` under way sees it, as it sees `resume`.
   */
  seek(partition: TopicPartition, offset: number): void;
  /** Forgets a partition. */
  remove(partition: TopicPartition): void;
  /** A paused partition gives no batches, and keeps its position. */
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /**
   * What has arrived, in the fair order of partitions; an empty array after `timeoutMs` without any.
   * A partition at its end gives one empty batch when it reaches it, so that lag 0 is known. Only one
   * call at a time.
   */
  poll(timeoutMs: number): Promise<readonly FetchedBatch[]>;
  /** A poll that is under way ends with nothing. */
  close(): Promise<void>;
}

/** What a member reads. */
export interface Subscribed {
  readonly topics: readonly string[];
  /** Topics whose equal partitions belong together: one member gets them all. */
  readonly copartitioned: readonly (readonly string[])[];
}

export interface MemberOptions extends Subscribed {
  readonly group: string;
  /** Names the member across restarts (static membership). */
  readonly instanceId?: string;
  /** A member that holds on to revoked partitions for longer is expelled. */
  readonly rebalanceTimeoutMs: number;
  /** A member that does not call for longer is expelled; the log's own default without it. */
  readonly sessionTimeoutMs?: number;
  /** Called, and awaited, before partitions go to another member: commit here. */
  onRevoke(partitions: readonly TopicPartition[]): Promise<void>;
  /**
   * Called, and awaited, before the first batch of new partitions. A partition that it does not seek
   * gives no batches until it is sought.
   */
  onAssign(partitions: readonly TopicPartition[]): Promise<void>;
  /** Called when partitions are gone already: nothing of theirs can be committed any more. */
  onLost(partitions: readonly TopicPartition[]): Promise<void>;
}

/**
 * A group member: a fetcher whose partitions come and go. Hooks run inside `poll`, revocations first;
 * only partitions that move are revoked. A hook that throws makes `poll` throw, and the next `poll`
 * calls it again. A member that was expelled is told `onLost` and joins again, both in its next `poll`.
 */
export interface GroupMember extends Fetcher {
  /**
   * Names this membership for `Producer.sendOffsets`; changes with each rebalance, after `onRevoke`.
   * It does not change while a `sendOffsets` or a `commit` with it is under way.
   */
  readonly generation: GroupGeneration;
  readonly assignment: readonly TopicPartition[];
  /** `poll` waits for records at least as long, however short its timeout. Default 0. */
  readonly pollWaitMinMs?: number;
  /**
   * The group's offsets, in the order asked. Waits for open transactions that hold offsets of these
   * partitions (KIP-447, require stable).
   */
  committed(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]>;
  /** Commits without a transaction. Throws SG6006 when the generation is over. */
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
  /**
   * Asks the group whether a partition is this member's in the present generation. Once it is not, the
   * answer is false even before `onRevoke` or `onLost` could say so.
   */
  holds(partition: TopicPartition): Promise<boolean>;
  /** Reads these topics from now on; the group divides the partitions again. */
  subscribe(subscription: Subscribed): void;
  /** Leaves the group, without a hook. A static member's partitions wait for it until its session ends. */
  close(): Promise<void>;
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
 * `abort`; calls take effect in the order they are made. Any call of a fenced producer throws SG6005,
 * and the worker must stop its tasks. After SG6007 (open too long, aborted by the log) the producer
 * must be replaced.
 */
export interface Producer {
  /**
   * Resolves when every replica has the batch. `batch` belongs to the producer until then. After a
   * failed `send` or `sendOffsets` the transaction can only be aborted: `commit` throws SG6013.
   */
  send(partition: TopicPartition, batch: BatchWriter): Promise<SentBatch>;
  begin(): void;
  /** Adds offsets to the transaction. Throws SG6006 when the generation is over. */
  sendOffsets(offsets: readonly CommittedOffset[], generation: GroupGeneration): Promise<void>;
  /**
   * After SG6011 (no answer) the outcome is not known: call it again until it is, or replace the
   * producer. A commit that had been taken is taken once.
   */
  commit(): Promise<void>;
  abort(): Promise<void>;
  /** Aborts what is open. */
  close(): Promise<void>;
}

export interface SentBatch extends TopicPartition {
  /** The offset of the batch's first record. */
  readonly baseOffset: number;
  /**
   * The offset after its last record. Further from `baseOffset` than there are records where somebody
   * else's came between: a batch larger than `max.message.bytes` goes out in several requests.
   */
  readonly endOffset: number;
}
