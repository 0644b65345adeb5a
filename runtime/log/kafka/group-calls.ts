import type { MemberOptions, Subscribed, TopicPartition } from "../log.ts";
import { without } from "../partition-key.ts";
import { refuse } from "./broker-errors.ts";
import type { Cluster } from "./cluster.ts";
import { planGroup } from "./group-plan.ts";
import type { Link } from "./link.ts";
import {
  type Assignment,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  protocolName,
} from "./subscription.ts";

const memberIdRequired = 79;
const rebalanceInProgress = 27;
/** The most that Kafka's timeouts can be. */
const timeoutMax = 2_147_483_647;
const sessionTimeoutMs = 45_000;
const leaveMs = 3_000;

/** A member as its coordinator knows it. */
export interface MemberIdentity {
  /** Empty before the first answer. */
  readonly member: string;
  readonly generation: number;
}

export interface Joined extends MemberIdentity, Assignment {}

/**
 * A member's calls to its group's coordinator, over connections of its own: a join waits there until
 * every member has joined, and holds up whatever else goes over the same connection.
 */
export class GroupCalls {
  readonly #cluster: Cluster;
  readonly #options: MemberOptions;
  /** What the next join says that the member reads. */
  subscribed: Subscribed;
  #link: { readonly node: number; readonly link: Link } | undefined;

  constructor(cluster: Cluster, options: MemberOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.subscribed = options;
  }

  get sessionTimeoutMs(): number {
    return this.#options.sessionTimeoutMs ?? sessionTimeoutMs;
  }

  /** Joins and gets its part; `noteMember` is told the member's id as soon as there is one. */
  async join(
    before: MemberIdentity,
    owned: readonly TopicPartition[],
    noteMember: (member: string) => void,
  ): Promise<Joined> {
    const { group, instanceId, rebalanceTimeoutMs } = this.#options;
    const { topics, copartitioned } = this.subscribed;
    const link = await this.#coordinator();
    const metadata = encodeSubscription({
      ...{ topics, copartitioned, owned },
      generation: before.generation,
    });
    const ask = (memberId: string) =>
      link.call("JoinGroup", {
        groupId: group,
        sessionTimeout: this.sessionTimeoutMs,
        rebalanceTimeout: Math.min(rebalanceTimeoutMs, timeoutMax),
        memberId,
        groupInstanceId: instanceId ?? null,
        protocolType: "consumer",
        groupProtocols: [{ name: protocolName, metadata }],
      });
    let answer = await ask(before.member);
    if (answer.errorCode === memberIdRequired) {
      noteMember(answer.memberId);
      answer = await ask(answer.memberId);
    }
    refuse(answer.errorCode);
    noteMember(answer.memberId);
    const isLeader = answer.leaderId === answer.memberId;
    const identity = { member: answer.memberId, generation: answer.generationId };
    const groupAssignment = isLeader ? await this.#divide(answer.members) : [];
    const synced = await link.call("SyncGroup", {
      groupId: group,
      generationId: identity.generation,
      memberId: identity.member,
      groupInstanceId: instanceId ?? null,
      groupAssignment,
    });
    refuse(synced.errorCode);
    return { ...identity, ...decodeAssignment(synced.memberAssignment) };
  }

  /** Whether the group is as it was; otherwise it is to be joined again. */
  async heartbeat({ member, generation }: MemberIdentity): Promise<boolean> {
    const link = await this.#coordinator();
    const { errorCode } = await link.call("Heartbeat", {
      groupId: this.#options.group,
      groupGenerationId: generation,
      memberId: member,
      groupInstanceId: this.#options.instanceId ?? null,
    });
    if (errorCode === rebalanceInProgress) return false;
    refuse(errorCode);
    return true;
  }

  /**
   * Leaves, over connections that no join holds up. A static member stays in the group until its
   * session ends. It is no error if the group does not hear of it in time: then, too, the session ends.
   */
  async leave(member: string): Promise<void> {
    this.close();
    if (this.#options.instanceId !== undefined || member === "") return;
    const { clock } = this.#cluster.options;
    const isSaid = this.#sayGoodbye(member).catch(() => undefined);
    await new Promise<void>((resolve) => {
      const timer = clock.timer(leaveMs, resolve);
      void isSaid.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** Ends the connections; a call that is under way fails. */
  close(): void {
    this.#link?.link.close();
    this.#link = undefined;
  }

  async #sayGoodbye(memberId: string): Promise<void> {
    const { group } = this.#options;
    const node = await this.#cluster.coordinator("group", group);
    const request = { groupId: group, memberId, groupInstanceId: null };
    await this.#cluster.call(node, "LeaveGroup", request);
  }

  async #coordinator(): Promise<Link> {
    const node = await this.#cluster.coordinator("group", this.#options.group);
    if (this.#link?.node === node) return this.#link.link;
    this.close();
    const link = await this.#cluster.dial(node);
    this.#link = { node, link };
    return link;
  }

  /** Divides the partitions of all members' topics; one member of the group has to. */
  async #divide(
    members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[],
  ): Promise<readonly { readonly memberId: string; readonly memberAssignment: Buffer }[]> {
    const subscriptions = new Map(
      members.map(({ memberId, memberMetadata }) => [memberId, decodeSubscription(memberMetadata)]),
    );
    const names = new Set([...subscriptions.values()].flatMap(({ topics }) => topics));
    const topics = await this.#cluster.topics([...names]);
    const counts = new Map([...topics].map(([name, { leaders }]) => [name, leaders.length]));
    return [...planGroup(subscriptions, counts)].map(([memberId, assigned]) => {
      const owned = subscriptions.get(memberId)?.owned ?? [];
      const letsGo = without(owned, assigned).length > 0;
      return { memberId, memberAssignment: encodeAssignment({ assigned, letsGo }) };
    });
  }
}
