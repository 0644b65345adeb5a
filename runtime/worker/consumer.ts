import type { GroupMember, MemberOptions, Subscribed, TopicPartition } from "../log/log.ts";
import { AtLeastOnce } from "./commit/at-least-once.ts";
import { Committer } from "./commit/commit.ts";
import type { Delivery } from "./commit/delivery.ts";
import { ExactlyOnce } from "./commit/exactly-once.ts";
import type { ConsumerGroup } from "./consumer-groups.ts";
import type { Hooks } from "./hooks/hooks.ts";
import { untilAnswered } from "./outage/retry.ts";
import type { Leadership } from "./outside/leadership.ts";
import type { Services } from "./services/services.ts";
import type { GroupSpec } from "./spec.ts";
import { type Assigned, Assignment } from "./tasks/assignment.ts";
import { Feeder } from "./tasks/feeder.ts";
import type { Task } from "./tasks/task.ts";

export interface ConsumerOptions {
  readonly instance: string;
  /** Whether the instance has its name again after a restart. */
  readonly isNamed: boolean;
  readonly sessionTimeoutMs?: number;
  readonly stagedMaxBytes: number;
  readonly hooks: Hooks;
  /** Of timers that tick where a partition of this group is. */
  readonly leadership: Leadership | undefined;
  /** Called whenever something may have changed. */
  readonly changed: () => void;
  /** Called when nothing can go on. */
  readonly failed: (error: unknown) => void;
}

const rebalanceTimeoutMs = 60_000;
/** Under exactly-once it bounds how long a crashed worker holds up its readers. */
const transactionTimeoutMs = 10_000;

/** A worker's part in one consumer group: its tasks, what feeds them, and their commits. */
export class Consumer {
  readonly committer: Committer;
  readonly #group: ConsumerGroup;
  readonly #services: Services;
  readonly #options: ConsumerOptions;
  readonly #delivery: Delivery;
  readonly #member: GroupMember;
  readonly #assignment: Assignment;
  readonly #feeder: Feeder;
  /** Its agent groups, with those of the topics that patterns stand for now. */
  #groups: readonly GroupSpec[];
  #feeding: Promise<void> = Promise.resolve();
  #isOver = false;
  /** The last assignment's hooks that wait for its tables. */
  recovered: Promise<void> = Promise.resolve();

  /**
   * Joins the group. The transactional producer comes first: it ends what an older worker of its name
   * left open, which the group's offsets would wait for.
   */
  static async open(
    group: ConsumerGroup,
    services: Services,
    options: ConsumerOptions,
  ): Promise<Consumer> {
    const delivery = await openDelivery(group, services, options.instance);
    const member = await services.log.join({
      ...memberOptions(group, services, options),
      onAssign: (partitions) => consumer.#assign(partitions),
      onRevoke: (partitions) => consumer.#revoke(partitions),
      onLost: (partitions) => consumer.#lose(partitions),
    });
    const consumer = new Consumer(group, services, options, { delivery, member });
    return consumer;
  }

  constructor(
    group: ConsumerGroup,
    services: Services,
    options: ConsumerOptions,
    { delivery, member }: { readonly delivery: Delivery; readonly member: GroupMember },
  ) {
    const { clock, logger, settleMaxMs, signals } = services;
    this.#group = group;
    this.#groups = presentGroups(group, services);
    this.#services = services;
    this.#options = options;
    this.#delivery = delivery;
    this.#member = member;
    this.#assignment = new Assignment({
      groups: () => this.#groups,
      services,
      // Whoever gives tasks away has waited for them.
      commit: () => this.committer.commit(0),
      wake: () => this.#work(),
    });
    this.committer = new Committer({
      clock,
      logger,
      signals,
      delivery,
      member,
      settleMaxMs: Math.min(settleMaxMs, transactionTimeoutMs / 2),
      tasks: () => this.tasks,
      failed: options.failed,
    });
    this.#feeder = new Feeder({
      clock,
      waits: services,
      logger,
      member,
      commit: () => this.committer.commit(),
      assignment: this.#assignment,
      stagedMaxBytes: options.stagedMaxBytes,
      changed: options.changed,
    });
  }

  get tasks(): readonly Task[] {
    return this.#assignment.tasks;
  }

  /** Whether the first assignment is there and all its tables are restored. */
  get isReady(): boolean {
    const isKnown = this.#assignment.isKnown || this.#feeder.hasFollowed;
    return isKnown && this.tasks.every((task) => task.state !== "restoring");
  }

  /** Begins to feed. */
  go(): void {
    this.#feeding = this.#feeder.run().catch((error: unknown) => this.#options.failed(error));
  }

  /** Reads what patterns stand for now. */
  resubscribe(): void {
    const before = subscription(this.#groups, this.#services);
    this.#groups = presentGroups(this.#group, this.#services);
    const now = subscription(this.#groups, this.#services);
    if (JSON.stringify(now) !== JSON.stringify(before)) this.#member.subscribe(now);
  }

  /** Takes nothing more. */
  halt(): void {
    this.#isOver = true;
    this.#feeder.stop();
  }

  /** Closes the tasks; with `flush`, what is committed goes to the stores first. */
  closeTasks(flush: boolean): Promise<void> {
    return this.#assignment.close(flush);
  }

  async leave(): Promise<void> {
    await untilAnswered(this.#services, () => this.#member.close());
  }

  async closeDelivery(): Promise<void> {
    await untilAnswered(this.#services, () => this.#delivery.close());
  }

  /** Resolves when nothing is fed any more. */
  get fed(): Promise<void> {
    return this.#feeding;
  }

  #work(): void {
    if (!this.#isOver) this.#feeder.work().catch(this.#options.failed);
  }

  async #assign(partitions: readonly TopicPartition[]): Promise<void> {
    const assigned = await this.#assignment.assign(partitions, this.#member);
    await this.#options.leadership?.assigned(partitions, this.#member);
    if (assigned.length > 0) await this.#tell(assigned);
    this.#options.changed();
  }

  /** Hooks hear of tasks at once, and again when all of them are restored. */
  async #tell(assigned: readonly Assigned[]): Promise<void> {
    const { failed, hooks } = this.#options;
    const names = assigned.map(({ task }) => task.name);
    await hooks.run("assigned", names);
    const restoring = Promise.all(assigned.map((one) => one.restoring));
    this.recovered = restoring.then(() => {
      const isWhole = !this.#isOver && assigned.every(({ task }) => task.state === "running");
      return isWhole ? hooks.run("recovered", names) : undefined;
    });
    this.recovered.catch(failed);
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    const { changed, hooks, leadership } = this.#options;
    await leadership?.revoked(partitions);
    const tasks = await this.#assignment.revoke(partitions);
    if (tasks.length > 0) await hooks.run("revoked", tasks);
    this.#feeder.forget(partitions);
    changed();
  }

  async #lose(partitions: readonly TopicPartition[]): Promise<void> {
    const { changed, hooks, leadership } = this.#options;
    this.#feeder.hasFollowed = false;
    await leadership?.revoked(partitions);
    const tasks = await this.#assignment.lose(partitions);
    if (tasks.length > 0) await hooks.run("revoked", tasks, true);
    this.#feeder.forget(partitions);
    changed();
  }
}

/** How a worker is known to a group, and what it reads there. */
function memberOptions(
  group: ConsumerGroup,
  services: Services,
  { instance, isNamed, sessionTimeoutMs }: ConsumerOptions,
): Omit<MemberOptions, "onAssign" | "onRevoke" | "onLost"> {
  return {
    group: group.name,
    ...(isNamed ? { instanceId: memberName(group, services, instance) } : {}),
    ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
    ...subscription(presentGroups(group, services), services),
    rebalanceTimeoutMs,
  };
}

/** No other member, nor transactional id, of the app has this name. */
const memberName = ({ suffix }: ConsumerGroup, { settings }: Services, instance: string): string =>
  suffix === undefined ? `${settings.app}-${instance}` : `${settings.app}-${suffix}.${instance}`;

function openDelivery(
  group: ConsumerGroup,
  services: Services,
  instance: string,
): Promise<Delivery> {
  const { log, settings, signals } = services;
  if (settings.delivery === "at-least-once") return AtLeastOnce.open(log, services, signals);
  const transactionalId = memberName(group, services, instance);
  return ExactlyOnce.open(log, services, { transactionalId, transactionTimeoutMs });
}

const presentGroups = ({ groups }: ConsumerGroup, { patterns }: Services): readonly GroupSpec[] =>
  patterns?.expand(groups) ?? groups;

function subscription(groups: readonly GroupSpec[], services: Services): Subscribed {
  const inputs = inputTopics(groups, services);
  return { topics: [...new Set(inputs.flat())], copartitioned: inputs };
}

/** The topics of each agent group's inputs, by their names in the log. */
export function inputTopics(
  groups: readonly GroupSpec[],
  { topics }: Services,
): readonly string[][] {
  return groups.map(({ sources }) => sources.map(({ topic }) => topics.nameOf(topic.name)));
}
