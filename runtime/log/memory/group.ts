import { assignPartitions } from "../assignor.ts";
import { logCode, logError } from "../codes.ts";
import type { CommittedOffset, GroupGeneration, Subscribed, TopicPartition } from "../log.ts";
import { checkMetadata } from "../offset-metadata.ts";
import { partitionKey } from "../partition-key.ts";
import { type JoinRequest, Membership } from "./membership.ts";

/**
 * A consumer group: who is in it, who is to have what, and how far it has read.
 *
 * Each change of the members makes a new generation with a new target. Members come to it one by one,
 * in their polls: first a member gives up what it is no longer to have, then others may take it.
 */
export class Group {
  readonly name: string;
  readonly #partitionCounts: () => ReadonlyMap<string, number>;
  readonly #members: Membership[] = [];
  readonly #offsets = new Map<string, CommittedOffset>();
  /** How many open transactions hold an offset of a partition. */
  readonly #pending = new Map<string, number>();
  #generation = 0;
  #joined = 0;

  constructor(name: string, partitionCounts: () => ReadonlyMap<string, number>) {
    this.name = name;
    this.#partitionCounts = partitionCounts;
  }

  get members(): readonly Membership[] {
    return this.#members;
  }

  /** A static member takes the place of the one before it, with no new generation. */
  join(request: JoinRequest, now: number): Membership {
    const id = `${request.instanceId ?? request.client}-${++this.#joined}`;
    const member = new Membership(id, request);
    const before = this.#members.findIndex(
      (other) =>
        request.instanceId !== undefined && other.request.instanceId === request.instanceId,
    );
    if (before < 0) {
      this.#members.push(member);
      this.#rebalance(now);
      return member;
    }
    const [replaced] = this.#members.splice(before, 1, member);
    replaced?.end("replaced");
    if (replaced?.hasSameTopics(member)) member.setTarget(replaced.target, now);
    else this.#rebalance(now);
    return member;
  }

  /** A member reads other topics from now on. */
  resubscribe(member: Membership, subscription: Subscribed, now: number): void {
    member.request = { ...member.request, ...subscription };
    if (this.#members.includes(member)) this.#rebalance(now);
  }

  remove(member: Membership, why: "left" | "expelled", now: number): void {
    const index = this.#members.indexOf(member);
    if (index < 0) return;
    this.#members.splice(index, 1);
    member.end(why);
    this.#rebalance(now);
  }

  /** Expels members that have not been heard of, or that hold on to what was revoked. */
  expire(now: number): boolean {
    const late = this.#members.filter((member) => member.deadline <= now);
    for (const member of late) this.remove(member, "expelled", now);
    return late.length > 0;
  }

  get nextExpiry(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#members.map((member) => member.deadline));
  }

  /** Whether a member has still to come to the present generation. */
  isBehind(member: Membership): boolean {
    return member.generation !== this.#generation;
  }

  /** Brings a member to the present generation, once it has given up what it is not to have. */
  acknowledge(member: Membership): void {
    member.generation = this.#generation;
  }

  /** Counts a commit from the moment it is called until `done` is. */
  beginCommit(generation: GroupGeneration): { done(): void } {
    const member = this.#members.find((one) => one.id === generation.member);
    if (member !== undefined) member.commitsUnderWay++;
    return {
      done: () => {
        if (member !== undefined) member.commitsUnderWay--;
      },
    };
  }

  generationOf(member: Membership): GroupGeneration {
    return { group: this.name, id: member.generation, member: member.id };
  }

  /** What a member is to have, does not have yet and nobody else holds. */
  free(member: Membership): readonly TopicPartition[] {
    return member.target.filter(
      (partition) => !this.#members.some((other) => other.owns(partition)),
    );
  }

  /** Throws SG6006 unless this is a member's present generation and the partitions are its own. */
  checkGeneration(generation: GroupGeneration, offsets: readonly CommittedOffset[]): void {
    const member = this.#members.find((one) => one.id === generation.member);
    if (member === undefined || member.generation !== generation.id) {
      throw logError(
        logCode.generation,
        `generation ${generation.id} of "${generation.member}" in group "${this.name}" is over`,
      );
    }
    for (const offset of offsets) {
      const { topic, partition } = offset;
      if (!member.owns({ topic, partition })) {
        throw logError(logCode.generation, `${topic}/${partition} is not the member's`, {
          topic,
          partition,
        });
      }
      checkMetadata(offset);
    }
  }

  commit(offsets: readonly CommittedOffset[]): void {
    for (const offset of offsets) this.#offsets.set(partitionKey(offset), { ...offset });
  }

  committed({ topic, partition }: TopicPartition): CommittedOffset {
    const none = { topic, partition, offset: -1, metadata: "" };
    return this.#offsets.get(partitionKey({ topic, partition })) ?? none;
  }

  /** Every offset committed, in the order of topics and partitions. */
  get offsets(): readonly CommittedOffset[] {
    return [...this.#offsets.values()].sort(
      (a, b) => (a.topic < b.topic ? -1 : Number(a.topic > b.topic)) || a.partition - b.partition,
    );
  }

  isPending(partition: TopicPartition): boolean {
    return (this.#pending.get(partitionKey(partition)) ?? 0) > 0;
  }

  addPending(offsets: readonly CommittedOffset[]): void {
    this.#countPending(offsets, 1);
  }

  settlePending(offsets: readonly CommittedOffset[], isCommit: boolean): void {
    this.#countPending(offsets, -1);
    if (isCommit) this.commit(offsets);
  }

  #countPending(offsets: readonly CommittedOffset[], by: number): void {
    for (const offset of offsets) {
      const key = partitionKey(offset);
      this.#pending.set(key, (this.#pending.get(key) ?? 0) + by);
    }
  }

  #rebalance(now: number): void {
    this.#generation++;
    const plan = assignPartitions(
      this.#members.map((member) => ({
        id: member.id,
        topics: member.request.topics,
        copartitioned: member.request.copartitioned,
        owned: member.target,
      })),
      this.#partitionCounts(),
    );
    for (const member of this.#members) member.setTarget(plan.get(member.id) ?? [], now);
  }
}
