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
import { without } from "../partition-key.ts";
import { type Client, never } from "./client.ts";
import { Positions, twoPolls } from "./fetcher.ts";
import type { Group } from "./group.ts";
import { type JoinRequest, type Membership, Pulse } from "./membership.ts";

/** A member of a group as its owner sees it; `Membership` is the group's view. */
export class MemoryMember implements GroupMember {
  readonly #client: Client;
  readonly #group: Group;
  readonly #options: MemberOptions;
  readonly #positions: Positions;
  readonly #pulse: Pulse;
  #subscribed: Subscribed;
  #membership: Membership;
  #assignment: readonly TopicPartition[] = [];
  /** What the member has but `onAssign` has not been told of. */
  #untold: readonly TopicPartition[] = [];
  /** What is gone, and `onLost` has not been told of. */
  #lost: readonly TopicPartition[] = [];
  #isPolling = false;
  #isClosed = false;

  constructor(client: Client, options: MemberOptions) {
    this.#client = client;
    this.#options = options;
    this.#subscribed = options;
    this.#group = client.broker.group(options.group);
    this.#positions = new Positions(client.broker);
    this.#pulse = new Pulse(client.broker.clock.now());
    this.#membership = this.#join();
    client.onCrash(() => this.#pulse.stops(client.broker.clock.now()));
  }

  get generation(): GroupGeneration {
    return this.#group.generationOf(this.#membership);
  }

  get assignment(): readonly TopicPartition[] {
    return this.#assignment;
  }

  get pollWaitMinMs(): number {
    return this.#client.broker.limits.pollWaitMinMs;
  }

  seek(partition: TopicPartition, offset: number): void {
    this.#positions.seek(partition, offset);
  }

  remove(partition: TopicPartition): void {
    this.#positions.remove(partition);
  }

  pause(partition: TopicPartition): void {
    this.#positions.setPaused(partition, true);
  }

  resume(partition: TopicPartition): void {
    this.#positions.setPaused(partition, false);
  }

  async poll(timeoutMs: number): Promise<readonly FetchedBatch[]> {
    if (this.#isClosed) throw logError(logCode.misuse, "the member has left its group");
    if (this.#isPolling) throw twoPolls();
    this.#isPolling = true;
    try {
      return await this.#client.call("poll", () => this.#alive(() => this.#read(timeoutMs)));
    } finally {
      this.#isPolling = false;
    }
  }

  committed(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]> {
    const { broker } = this.#client;
    return this.#client.call("committed", () =>
      this.#alive(async () => {
        while (partitions.some((partition) => this.#group.isPending(partition))) {
          await broker.wait(Number.POSITIVE_INFINITY);
        }
        return partitions.map((partition) => this.#group.committed(partition));
      }),
    );
  }

  async commit(offsets: readonly CommittedOffset[]): Promise<void> {
    const { generation } = this;
    const underWay = this.#group.beginCommit(generation);
    try {
      await this.#client.call("commitOffsets", () => {
        this.#group.checkGeneration(generation, offsets);
        this.#group.commit(offsets);
      });
    } finally {
      underWay.done();
      this.#client.broker.changed.notify();
    }
  }

  async holds({ topic, partition }: TopicPartition): Promise<boolean> {
    const { generation } = this;
    return await this.#client.call("holds", () => {
      try {
        this.#group.checkGeneration(generation, [{ topic, partition, offset: -1, metadata: "" }]);
        return true;
      } catch (error) {
        if (!isLogError(error, logCode.generation)) throw error;
        return false;
      }
    });
  }

  subscribe(subscription: Subscribed): void {
    if (this.#isClosed || this.#client.isGone) return;
    const { broker } = this.#client;
    this.#subscribed = subscription;
    this.#group.resubscribe(this.#membership, subscription, broker.clock.now());
    broker.changed.notify();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { broker } = this.#client;
    await this.#client.call("leave", () => {
      const now = broker.clock.now();
      // A static member is waited for until its session ends.
      if (this.#options.instanceId === undefined) this.#group.remove(this.#membership, "left", now);
      else this.#pulse.stops(now);
      broker.changed.notify();
    });
  }

  #join(): Membership {
    const { broker, name } = this.#client;
    const { instanceId, rebalanceTimeoutMs } = this.#options;
    const { topics, copartitioned } = this.#subscribed;
    const request: JoinRequest = {
      client: name,
      topics,
      copartitioned,
      rebalanceTimeoutMs,
      pulse: this.#pulse,
      sessionTimeoutMs: this.#options.sessionTimeoutMs ?? broker.limits.sessionTimeoutMs,
      ...(instanceId === undefined ? {} : { instanceId }),
    };
    const membership = this.#group.join(request, broker.clock.now());
    broker.changed.notify();
    return membership;
  }

  /** Whoever is inside a call is not taken for dead. */
  async #alive<T>(work: () => Promise<T>): Promise<T> {
    const { clock } = this.#client.broker;
    this.#pulse.callBegins(clock.now());
    try {
      return await work();
    } finally {
      this.#pulse.callEnds(clock.now());
    }
  }

  async #read(timeoutMs: number): Promise<readonly FetchedBatch[]> {
    const { broker } = this.#client;
    const deadline = broker.clock.now() + Math.max(timeoutMs, this.pollWaitMinMs);
    while (!this.#isClosed) {
      const { changes } = broker.changed;
      await this.#followGroup();
      const batches = this.#isClosed ? [] : this.#positions.take();
      if (batches.length > 0 || broker.clock.now() >= deadline) return batches;
      // What changed while the group was followed is not waited for.
      if (broker.changed.changes === changes) await broker.wait(deadline);
    }
    return [];
  }

  /** Comes to the group's present generation: first gives up, then takes. */
  async #followGroup(): Promise<void> {
    do {
      if (this.#membership.ending !== undefined) await this.#comeBack();
      await this.#giveUp();
      await this.#takeOver();
    } while (this.#membership.ending !== undefined && !this.#isClosed);
  }

  /** Was expelled: what it had is another's by now. */
  async #comeBack(): Promise<void> {
    for (const partition of this.#assignment) this.#positions.remove(partition);
    this.#lost = [...this.#lost, ...without(this.#assignment, this.#untold)];
    this.#assignment = [];
    this.#untold = [];
    if (this.#lost.length > 0) await this.#hook(this.#options.onLost(this.#lost));
    this.#lost = [];
    if (this.#membership.ending === "replaced") {
      const { group, instanceId } = this.#options;
      const message = `a newer member of group "${group}" has the instance id "${instanceId}"`;
      throw logError(logCode.fenced, message);
    }
    this.#membership = this.#join();
  }

  async #giveUp(): Promise<void> {
    const membership = this.#membership;
    const { revoked } = membership;
    if (revoked.length === 0) return;
    const told = without(revoked, this.#untold);
    if (told.length > 0) await this.#hook(this.#options.onRevoke(told));
    if (membership.ending !== undefined) return;
    for (const partition of revoked) this.#positions.remove(partition);
    membership.release(revoked);
    this.#untold = without(this.#untold, revoked);
    this.#assignment = membership.owned;
    this.#client.broker.changed.notify();
  }

  async #takeOver(): Promise<void> {
    const { broker } = this.#client;
    const membership = this.#membership;
    // A commit on its way names the present generation, and would be refused after the next step.
    while (this.#group.isBehind(membership) && membership.commitsUnderWay > 0) {
      await broker.wait(Number.POSITIVE_INFINITY);
    }
    if (membership.ending !== undefined || membership.revoked.length > 0) return;
    this.#group.acknowledge(membership);
    const free = this.#group.free(membership);
    membership.take(free);
    this.#untold = [...this.#untold, ...free];
    this.#assignment = membership.owned;
    if (this.#untold.length > 0) await this.#hook(this.#options.onAssign(this.#untold));
    this.#untold = [];
  }

  async #hook(running: Promise<void>): Promise<void> {
    await running;
    if (this.#client.isGone) await never();
  }
}
