import type { Clock } from "../../clock.ts";
import { isLogError, logCode, logError } from "../codes.ts";
import type {
  CommittedOffset,
  FetchedBatch,
  GroupGeneration,
  GroupMember,
  MemberOptions,
  Subscribed,
  TopicPartition,
} from "../log.ts";
import { checkMetadata } from "../offset-metadata.ts";
import { partitionKey, without } from "../partition-key.ts";
import { refuse } from "./broker-errors.ts";
import { byTopic } from "./by-topic.ts";
import type { Cluster } from "./cluster.ts";
import { Membership, type Share } from "./membership.ts";
import type { Reader } from "./reader.ts";

/** A member of a group as its owner sees it: hooks and records, both inside `poll`. */
export class KafkaMember implements GroupMember {
  readonly #cluster: Cluster;
  readonly #options: MemberOptions;
  readonly #clock: Clock;
  readonly #reader: Reader;
  readonly #membership: Membership;
  readonly #onClose: () => void;
  /** What the member holds but `onAssign` has not been told of. */
  #untold: readonly TopicPartition[] = [];
  /** What is gone, and `onLost` has not been told of. */
  #lost: readonly TopicPartition[] = [];
  #isPolling = false;
  #isClosed = false;

  constructor(cluster: Cluster, options: MemberOptions, reader: Reader, onClose: () => void) {
    this.#cluster = cluster;
    this.#options = options;
    this.#clock = cluster.options.clock;
    this.#reader = reader;
    this.#membership = new Membership(cluster, options, reader.changed);
    this.#onClose = onClose;
  }

  get generation(): GroupGeneration {
    return this.#membership.generation;
  }

  get assignment(): readonly TopicPartition[] {
    return [...this.#membership.held.values()];
  }

  seek(partition: TopicPartition, offset: number): void {
    this.#reader.seek(partition, offset);
  }

  remove(partition: TopicPartition): void {
    this.#reader.remove(partition);
  }

  pause(partition: TopicPartition): void {
    this.#reader.setPaused(partition, true);
  }

  resume(partition: TopicPartition): void {
    this.#reader.setPaused(partition, false);
  }

  async poll(timeoutMs: number): Promise<readonly FetchedBatch[]> {
    if (this.#isClosed) throw logError(logCode.misuse, "the member has left its group");
    if (this.#isPolling) {
      throw logError(logCode.misuse, "a poll was begun before the last one ended");
    }
    this.#isPolling = true;
    this.#membership.pollBegins();
    try {
      return await this.#read(this.#clock.now() + timeoutMs);
    } finally {
      this.#isPolling = false;
      this.#membership.pollEnds();
    }
  }

  /** It does not wait for open transactions: kafkajs cannot ask for that (KIP-447). */
  committed(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]> {
    const { group } = this.#options;
    return this.#cluster.persist(`asking for the offsets of group "${group}"`, async () => {
      const node = await this.#cluster.coordinator("group", group);
      const { errorCode, responses } = await this.#cluster.call(node, "OffsetFetch", {
        groupId: group,
        topics: byTopic(partitions, ({ partition }) => ({ partition })),
      });
      refuse(errorCode);
      const found = new Map<string, CommittedOffset>();
      for (const { topic, partitions: answers } of responses) {
        for (const answer of answers) {
          const { partition, offset, metadata } = answer;
          refuse(answer.errorCode, { topic, partition });
          found.set(partitionKey({ topic, partition }), {
            ...{ topic, partition },
            offset: Number(offset),
            metadata: metadata ?? "",
          });
        }
      }
      return partitions.map(
        ({ topic, partition }) =>
          found.get(partitionKey({ topic, partition })) ?? {
            ...{ topic, partition },
            offset: -1,
            metadata: "",
          },
      );
    });
  }

  async commit(offsets: readonly CommittedOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    const { group } = this.#options;
    await this.#membership.commit(async ({ member, generation }) => {
      for (const offset of offsets) this.#checkHeld(offset);
      for (const offset of offsets) checkMetadata(offset);
      await this.#cluster.persist(`committing offsets of group "${group}"`, async () => {
        const node = await this.#cluster.coordinator("group", group);
        const { responses } = await this.#cluster.call(node, "OffsetCommit", {
          groupId: group,
          groupGenerationId: generation,
          memberId: member,
          topics: byTopic(offsets, ({ partition, offset, metadata }) => ({
            ...{ partition, metadata },
            offset: String(offset),
          })),
        });
        for (const { topic, partitions } of responses) {
          for (const { partition, errorCode } of partitions) {
            refuse(errorCode, { topic, partition });
          }
        }
      });
    });
  }

  async holds(partition: TopicPartition): Promise<boolean> {
    try {
      await this.#membership.confirm();
    } catch (error) {
      if (!isLogError(error, logCode.generation)) throw error;
      return false;
    }
    const { held, isLost } = this.#membership;
    return !this.#isClosed && !isLost && held.has(partitionKey(partition));
  }

  subscribe(subscription: Subscribed): void {
    this.#membership.subscribe(subscription);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reader.close();
    this.#onClose();
    await this.#membership.leave();
  }

  /** Brokers do not look whose partitions a member commits. */
  #checkHeld({ topic, partition }: TopicPartition): void {
    const { held, isLost } = this.#membership;
    if (!this.#isClosed && !isLost && held.has(partitionKey({ topic, partition }))) return;
    const place = { topic, partition };
    throw logError(logCode.generation, `${topic}/${partition} is not the member's`, place);
  }

  async #read(deadline: number): Promise<readonly FetchedBatch[]> {
    const { changed } = this.#reader;
    while (!this.#isClosed) {
      const { changes } = changed;
      await this.#followGroup();
      if (this.#isClosed) break;
      const batches = this.#reader.take();
      if (batches.length > 0 || this.#clock.now() >= deadline) return batches;
      // What changed while the group was followed is not waited for.
      if (changed.changes === changes) await this.#reader.wait(deadline);
    }
    return [];
  }

  /** Comes to the group's present generation: first gives up, then takes. */
  async #followGroup(): Promise<void> {
    const membership = this.#membership;
    while (!this.#isClosed) {
      if (membership.isLost || this.#lost.length > 0) await this.#giveUpLost();
      if (membership.ending !== undefined) throw membership.ending;
      const { share } = membership;
      await this.#giveUp(share);
      if (!this.#isCurrent(share)) continue;
      await this.#takeOver(share);
      if (this.#isCurrent(share)) return;
    }
  }

  #isCurrent(share: Share): boolean {
    return this.#membership.share === share && !this.#membership.isLost;
  }

  /** Was expelled: what it held is another's by now. */
  async #giveUpLost(): Promise<void> {
    const held = this.assignment;
    for (const partition of held) this.#reader.remove(partition);
    this.#lost = [...this.#lost, ...without(held, this.#untold)];
    this.#untold = [];
    this.#membership.forgetLost();
    if (this.#lost.length > 0) await this.#options.onLost(this.#lost);
    this.#lost = [];
  }

  async #giveUp({ assigned }: Share): Promise<void> {
    const revoked = without(this.assignment, assigned);
    if (revoked.length === 0) return;
    const told = without(revoked, this.#untold);
    if (told.length > 0) await this.#options.onRevoke(told);
    if (this.#membership.isLost) return;
    for (const partition of revoked) {
      this.#reader.remove(partition);
      this.#membership.held.delete(partitionKey(partition));
    }
    this.#untold = without(this.#untold, revoked);
    this.#membership.released();
  }

  async #takeOver({ assigned }: Share): Promise<void> {
    const added = without(assigned, this.assignment);
    for (const partition of added) this.#membership.held.set(partitionKey(partition), partition);
    this.#untold = [...this.#untold, ...added];
    if (this.#untold.length > 0) await this.#options.onAssign(this.#untold);
    this.#untold = [];
  }
}
