import { isLogError, logCode } from "../codes.ts";
import type { GroupGeneration, MemberOptions, Subscribed, TopicPartition } from "../log.ts";
import { partitionKey, without } from "../partition-key.ts";
import { Signal } from "../signal.ts";
import { Refusal, refusalError } from "./broker-errors.ts";
import { type Cluster, isPassing } from "./cluster.ts";
import { GroupCalls, type MemberIdentity } from "./group-calls.ts";

const illegalGeneration = 22;
const unknownMember = 25;
const rebalanceInProgress = 27;
const fencedInstance = 82;
const pauseMs = 200;
const nobody: MemberIdentity = { member: "", generation: -1 };

/** What the group has given the member, until it gives something else. */
export interface Share {
  readonly assigned: readonly TopicPartition[];
}

/**
 * A member's part in its group, beside what its owner does:
 *
 * ```
 *            joined                    group rebalances, or released
 * joining ──────────▶ living ────────────────────────────────▶ joining
 *    ▲                  │ expelled, or silent for too long
 *    └──── (a poll) ────┴──▶ lost ──▶ joining without owning anything
 * ```
 *
 * It joins and beats in the background. What the owner holds it claims at each join, and nobody else
 * gets it before a join that does not claim it.
 */
export class Membership {
  readonly #cluster: Cluster;
  readonly #options: MemberOptions;
  readonly #calls: GroupCalls;
  /** The owner's, told of every change. */
  readonly #changed: Signal;
  /** Wakes the background. */
  readonly #nudge: Signal;
  /** What the owner has been told of and not given up. */
  readonly held: Map<string, TopicPartition> = new Map();
  #identity: MemberIdentity = nobody;
  /** The identity under which what was lost was held. */
  #lostIdentity: MemberIdentity | undefined;
  #share: Share = { assigned: [] };
  #claimed: readonly TopicPartition[] = [];
  /** Without it a connection that broke is no reason to disturb the group. */
  #mustJoin = true;
  #isJoining = true;
  /**
   * A static member that comes back gets what it had, without the others hearing of it. Where it has
   * gone while it was letting go of something for them, they wait for a join that says what it has.
   */
  #mustClaim = false;
  /** What it said at its last join that it reads. */
  #joinedFor: Subscribed | undefined;
  #polls = 0;
  #polledAt: number;
  /** Since when the owner has to let go of something. */
  #revokedAt: number | undefined;
  #ending: Error | undefined;
  #isLeft = false;

  constructor(cluster: Cluster, options: MemberOptions, changed: Signal) {
    this.#cluster = cluster;
    this.#options = options;
    this.#calls = new GroupCalls(cluster, options);
    this.#changed = changed;
    this.#nudge = new Signal(cluster.options.clock);
    this.#polledAt = this.#now;
    void this.#run();
  }

  /** Whether what is held is another's by now; `forgetLost` when the owner knows. */
  get isLost(): boolean {
    return this.#lostIdentity !== undefined;
  }

  /** Why it is no member any more, for good. */
  get ending(): Error | undefined {
    return this.#ending;
  }

  get share(): Share {
    return this.#share;
  }

  /** What was lost names a generation that is over, until the owner knows. */
  get generation(): GroupGeneration {
    const { member, generation } = this.#lostIdentity ?? this.#identity;
    return { group: this.#options.group, id: generation, member };
  }

  /** Reads other topics: the group is joined again, which says so. */
  subscribe(subscription: Subscribed): void {
    this.#calls.subscribed = subscription;
    this.#nudge.notify();
  }

  pollBegins(): void {
    this.#polls++;
    this.#nudge.notify();
  }

  pollEnds(): void {
    this.#polls--;
    this.#polledAt = this.#now;
  }

  forgetLost(): void {
    this.held.clear();
    this.#lostIdentity = undefined;
    this.#nudge.notify();
  }

  /** The owner holds less than before. */
  released(): void {
    this.#noteRevoked();
    this.#nudge.notify();
  }

  /**
   * Makes a commit with the generation that is in force. Where that ends while the commit is on its
   * way, and nothing was lost, it is made again with the next one. Until the others have joined, a
   * group takes commits of the generation before.
   */
  async commit<T>(work: (identity: MemberIdentity) => Promise<T>): Promise<T> {
    for (;;) {
      const identity = this.#lostIdentity ?? this.#identity;
      try {
        return await work(identity);
      } catch (error) {
        if (!isLogError(error, logCode.generation) || this.#isGone) throw error;
        if (!this.#isJoining && identity === this.#identity) throw error;
      }
      while (this.#isJoining && !this.#isGone) await this.#changed.wait(Number.POSITIVE_INFINITY);
    }
  }

  /** Asks the group whether the member is one of its own. Throws what a commit would throw. */
  async confirm(): Promise<void> {
    const what = `asking group "${this.#options.group}" about the member`;
    await this.commit((identity) =>
      this.#cluster.persist(what, () => this.#calls.heartbeat(identity)),
    );
  }

  async leave(): Promise<void> {
    this.#isLeft = true;
    this.#nudge.notify();
    this.#changed.notify();
    await this.#calls.leave(this.#identity.member);
  }

  get #isGone(): boolean {
    return this.isLost || this.#isLeft || this.#ending !== undefined;
  }

  get #now(): number {
    return this.#cluster.options.clock.now();
  }

  async #run(): Promise<void> {
    while (!this.#isLeft && this.#ending === undefined) {
      try {
        if (this.#mustJoin) await this.#join();
        await this.#live();
        this.#mustJoin = true;
      } catch (error) {
        if (this.#isLeft) break;
        await this.#recover(error);
      }
    }
    this.#calls.close();
  }

  async #join(): Promise<void> {
    this.#isJoining = true;
    // An owner that still believes it holds something could do nothing with what it got.
    while (this.isLost && !this.#isLeft) await this.#nudge.wait(Number.POSITIVE_INFINITY);
    if (this.#isLeft) return;
    const { subscribed } = this.#calls;
    this.#claimed = union([...this.held.values()], this.#share.assigned);
    const isBack = this.#options.instanceId !== undefined && this.#identity.generation < 0;
    const joined = await this.#calls.join(this.#identity, this.#claimed, (member) => {
      this.#identity = { ...this.#identity, member };
    });
    this.#identity = { member: joined.member, generation: joined.generation };
    this.#share = { assigned: joined.assigned };
    this.#isJoining = false;
    this.#mustJoin = false;
    this.#joinedFor = subscribed;
    this.#mustClaim = isBack && joined.letsGo;
    this.#noteRevoked();
    this.#changed.notify();
  }

  /** Beats until the group is to be joined again. */
  async #live(): Promise<void> {
    const intervalMs = Math.min(
      this.#cluster.options.heartbeatMs,
      Math.floor(this.#calls.sessionTimeoutMs / 3),
    );
    let beatAt = this.#now + intervalMs;
    while (!this.#isLeft) {
      if (this.#mustJoinAgain()) return;
      await this.#nudge.wait(beatAt);
      if (this.#isLeft || this.#now < beatAt) continue;
      if (this.#isSilent()) return this.#goAway();
      if (!(await this.#calls.heartbeat(this.#identity))) return;
      beatAt = this.#now + intervalMs;
    }
  }

  /** The owner let go of everything that was withheld from others for its sake. */
  #mustJoinAgain(): boolean {
    if (this.#mustClaim || this.#joinedFor !== this.#calls.subscribed) return true;
    const withheld = without(this.#claimed, this.#share.assigned);
    return withheld.length > 0 && withheld.every((one) => !this.held.has(partitionKey(one)));
  }

  #isSilent(): boolean {
    const { rebalanceTimeoutMs } = this.#options;
    const polledAt = this.#polls > 0 ? this.#now : this.#polledAt;
    const since = Math.min(polledAt, this.#revokedAt ?? Number.POSITIVE_INFINITY);
    return this.#now - since > rebalanceTimeoutMs;
  }

  /** Others go on without a member whose owner does not come by. */
  async #goAway(): Promise<void> {
    const { member } = this.#identity;
    this.#lose(nobody);
    await this.#calls.leave(member);
    while (this.#polls === 0 && !this.#isLeft) await this.#nudge.wait(Number.POSITIVE_INFINITY);
  }

  async #recover(error: unknown): Promise<void> {
    const number = error instanceof Refusal ? error.number : undefined;
    if (number === rebalanceInProgress) {
      this.#mustJoin = true;
      return;
    }
    if (number === unknownMember) this.#lose(nobody);
    else if (number === illegalGeneration) this.#lose({ ...nobody, member: this.#identity.member });
    else if (isPassing(error)) {
      this.#cluster.forget();
      this.#calls.close();
      await this.#cluster.options.clock.sleep(pauseMs);
    } else {
      if (number === fencedInstance) this.#lose(nobody);
      const what = `joining group "${this.#options.group}"`;
      const known = error instanceof Refusal ? refusalError(error, what) : error;
      this.#ending = known instanceof Error ? known : new Error(what, { cause: known });
      this.#changed.notify();
    }
  }

  #lose(next: MemberIdentity): void {
    if (this.held.size > 0) this.#lostIdentity ??= this.#identity;
    this.#identity = next;
    this.#mustJoin = true;
    this.#share = { assigned: [] };
    this.#claimed = [];
    this.#revokedAt = undefined;
    this.#changed.notify();
  }

  #noteRevoked(): void {
    const revoked = without([...this.held.values()], this.#share.assigned);
    if (revoked.length === 0) this.#revokedAt = undefined;
    else this.#revokedAt ??= this.#now;
  }
}

function union(
  partitions: readonly TopicPartition[],
  more: readonly TopicPartition[],
): readonly TopicPartition[] {
  return [...partitions, ...without(more, partitions)];
}
