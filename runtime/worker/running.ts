import { systemClock, type Timer } from "../clock.ts";
import type { GroupMember, TopicPartition } from "../log/log.ts";
import { AtLeastOnce } from "./commit/at-least-once.ts";
import { Committer } from "./commit/commit.ts";
import type { Delivery } from "./commit/delivery.ts";
import { ExactlyOnce } from "./commit/exactly-once.ts";
import { Purge } from "./commit/purge.ts";
import { Hooks } from "./hooks/hooks.ts";
import { within } from "./outage/patience.ts";
import { Probe } from "./outage/probe.ts";
import { untilAnswered } from "./outage/retry.ts";
import { Direct } from "./outside/direct.ts";
import { Leadership, type LeadershipOptions } from "./outside/leadership.ts";
import type { Services } from "./services/services.ts";
import type { PipelineSpec } from "./spec.ts";
import { type Assigned, Assignment } from "./tasks/assignment.ts";
import { Feeder } from "./tasks/feeder.ts";
import type { Task } from "./tasks/task.ts";
import { WebHandler } from "./web/handler.ts";

export interface RunningOptions {
  readonly instance: string;
  /** Whether the instance has its name again after a restart. */
  readonly isNamed: boolean;
  readonly sessionTimeoutMs?: number;
  readonly stagedMaxBytes: number;
  /** Called whenever something may have changed. */
  readonly changed: () => void;
  /** Called when nothing can go on. */
  readonly failed: (error: unknown) => void;
}

const rebalanceTimeoutMs = 60_000;
/** Under exactly-once it bounds how long a crashed worker holds up its readers. */
const transactionTimeoutMs = 10_000;
/** By when each part of stopping is over, as shares of the time there is for all of it. */
const stopShares = { hooks: 0.25, settle: 0.5, commit: 0.75, close: 0.85, leave: 0.95 };
/** Longer than any run: it only keeps the process alive. */
const everMs = 0x7fffffff;

/** The parts of a worker that runs: it feeds tasks, commits at the interval and follows the group. */
export class Running {
  readonly committer: Committer;
  readonly web: WebHandler;
  readonly #services: Services;
  readonly #options: RunningOptions;
  readonly #parts: Parts;
  readonly #assignment: Assignment;
  readonly #feeder: Feeder;
  readonly #purge: Purge;
  readonly #probe: Probe | undefined;
  readonly #leadership: Leadership | undefined;
  readonly #hooks: Hooks;
  readonly #keepAlive: NodeJS.Timeout | undefined;
  #feeding: Promise<void> = Promise.resolve();
  /** The last assignment's hooks that wait for its tables. */
  #recovered: Promise<void> = Promise.resolve();
  #commitTimer: Timer | undefined;
  #isOver = false;

  /**
   * Runs the start functions and joins the group. The transactional producer comes first: it ends
   * what an older worker of its name left open, which the group's offsets would wait for.
   */
  static async open(
    spec: PipelineSpec,
    services: Services,
    options: RunningOptions,
  ): Promise<Running> {
    const { log, settings } = services;
    const direct = await Direct.open(log, services);
    await direct.runStarts(spec.starts);
    const delivery = await openDelivery(services, options.instance);
    const inputs = inputTopics(spec, services);
    const { instance, isNamed, sessionTimeoutMs } = options;
    const member = await log.join({
      group: settings.app,
      ...(isNamed ? { instanceId: `${settings.app}-${instance}` } : {}),
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
      topics: [...new Set(inputs.flat())],
      copartitioned: inputs,
      rebalanceTimeoutMs,
      onAssign: (partitions) => running.#assign(partitions),
      onRevoke: (partitions) => running.#revoke(partitions),
      onLost: (partitions) => running.#lose(partitions),
    });
    const running = new Running(services, options, { spec, delivery, direct, member });
    return running;
  }

  constructor(services: Services, options: RunningOptions, parts: Parts) {
    const { clock, log, logger, settleMaxMs, signals } = services;
    const { delivery, direct, member, spec } = parts;
    const { failed } = options;
    this.#services = services;
    this.#options = options;
    this.#parts = parts;
    // A clock turned by hand must not hold up the process: whoever turns it may have gone.
    if (clock === systemClock) this.#keepAlive = setInterval(() => undefined, everMs);
    this.#purge = new Purge(log, clock, logger);
    const [topic] = inputTopics(spec, services).flat();
    if (topic !== undefined) {
      const place = { topic, partition: 0 };
      this.#probe = new Probe(log, clock, place);
      this.#leadership = leadershipOf(spec, services, { direct, place, failed });
    }
    this.web = new WebHandler(services, direct, spec.routes ?? []);
    this.#hooks = new Hooks(services, direct, { hooks: spec.hooks ?? [], failed });
    const commit = () => this.committer.commit();
    this.#assignment = new Assignment({
      groups: spec.groups,
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
      failed,
    });
    this.#feeder = new Feeder({
      clock,
      waits: services,
      logger,
      member,
      commit,
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

  /** Begins to tick, to feed and to commit. */
  async go(): Promise<void> {
    const { direct, spec } = this.#parts;
    await direct.startTimers(spec.timers, { failed: this.#options.failed });
    if (this.#isOver) return;
    this.#feeding = this.#feeder.run().catch((error: unknown) => this.#options.failed(error));
    this.#commitLater();
    this.#probe?.start(this.#options.failed);
  }

  /** Commits, and gives whether nothing at all is left to do. */
  async settleIdle(): Promise<boolean> {
    // Expelled from the group, it has nothing to do because it does not know what.
    if (!this.isReady) return false;
    const inputs = this.tasks.flatMap((task) => task.inputs);
    if (!inputs.every((input) => input.isPaused || input.isDrained)) return false;
    await this.committer.commit();
    const ranges = await this.#services.log.offsets(inputs);
    return (
      this.tasks.every((task) => task.isIdle) &&
      inputs.every((input, index) => input.isPaused || input.position >= (ranges[index]?.end ?? 0))
    );
  }

  /** Ends everything within `settleMaxMs`. With `drain`, what is settled is committed first. */
  async stop(drain: boolean): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { delivery, direct, member } = this.#parts;
    const { clock, settleMaxMs } = this.#services;
    this.#commitTimer?.cancel();
    this.#probe?.stop();
    this.#feeder.stop();
    const begun = clock.now();
    const stopping = this.tasks.map((task) => task.name);
    // Nothing is waited for without end: what is not committed by then is done again elsewhere.
    const until = (share: number, work: Promise<unknown>) =>
      within(clock, Math.max(0, begun + settleMaxMs * share - clock.now()), work);
    try {
      if (drain) {
        const telling = this.#recovered.then(() => this.#hooks.run("stopping", stopping));
        await until(stopShares.hooks, telling);
      }
      const holding = this.tasks.map((task) => task.hold());
      const answered = this.web.idle();
      await until(
        stopShares.settle,
        Promise.all([answered.then(() => direct.close()), ...holding]),
      );
      if (drain) await until(stopShares.commit, this.committer.commit(0));
      await until(stopShares.close, this.#assignment.close(drain));
      await until(
        stopShares.leave,
        untilAnswered(this.#services, () => member.close()),
      );
      await until(
        stopShares.leave,
        untilAnswered(this.#services, () => delivery.close()),
      );
    } catch (error) {
      // A worker that was fenced, or that the log has refused, cannot leave in good order.
      if (drain) throw error;
    } finally {
      await until(stopShares.leave, this.#feeding);
      clearInterval(this.#keepAlive);
    }
  }

  #commitLater(): void {
    const { clock, settings } = this.#services;
    this.#commitTimer = clock.timer(settings.commitIntervalMs, () => {
      this.committer.commit().then(() => {
        this.#options.changed();
        this.#purge.runIfDue(this.tasks);
        if (!this.#isOver) this.#commitLater();
      }, this.#options.failed);
    });
  }

  #work(): void {
    if (!this.#isOver) this.#feeder.work().catch(this.#options.failed);
  }

  async #assign(partitions: readonly TopicPartition[]): Promise<void> {
    const { member } = this.#parts;
    const assigned = await this.#assignment.assign(partitions, member);
    await this.#leadership?.assigned(partitions, member);
    if (assigned.length > 0) await this.#tell(assigned);
    this.#options.changed();
  }

  /** Hooks hear of tasks at once, and again when all of them are restored. */
  async #tell(assigned: readonly Assigned[]): Promise<void> {
    const names = assigned.map(({ task }) => task.name);
    await this.#hooks.run("assigned", names);
    const restoring = Promise.all(assigned.map((one) => one.restoring));
    this.#recovered = restoring.then(() => {
      const isWhole = !this.#isOver && assigned.every(({ task }) => task.state === "running");
      return isWhole ? this.#hooks.run("recovered", names) : undefined;
    });
    this.#recovered.catch(this.#options.failed);
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#leadership?.revoked(partitions);
    const tasks = await this.#assignment.revoke(partitions);
    if (tasks.length > 0) await this.#hooks.run("revoked", tasks);
    this.#feeder.forget(partitions);
    this.#options.changed();
  }

  async #lose(partitions: readonly TopicPartition[]): Promise<void> {
    this.#feeder.hasFollowed = false;
    await this.#leadership?.revoked(partitions);
    const tasks = await this.#assignment.lose(partitions);
    if (tasks.length > 0) await this.#hooks.run("revoked", tasks, true);
    this.#feeder.forget(partitions);
    this.#options.changed();
  }
}

interface Parts {
  readonly spec: PipelineSpec;
  readonly delivery: Delivery;
  readonly direct: Direct;
  readonly member: GroupMember;
}

function openDelivery(services: Services, instance: string): Promise<Delivery> {
  const { log, settings, signals } = services;
  if (settings.delivery === "at-least-once") return AtLeastOnce.open(log, services, signals);
  const transactionalId = `${settings.app}-${instance}`;
  return ExactlyOnce.open(log, services, { transactionalId, transactionTimeoutMs });
}

function leadershipOf(
  { leaderTimers: timers = [] }: PipelineSpec,
  services: Services,
  rest: Pick<LeadershipOptions, "direct" | "place" | "failed">,
): Leadership | undefined {
  return timers.length === 0 ? undefined : new Leadership(services, { timers, ...rest });
}

/** The topics of each group's inputs, by their names in the log. */
function inputTopics({ groups }: PipelineSpec, { topics }: Services): readonly string[][] {
  return groups.map(({ sources }) => sources.map(({ topic }) => topics.nameOf(topic.name)));
}
