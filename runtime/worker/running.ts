import { systemClock, type Timer } from "../clock.ts";
import type { TopicPartition } from "../log/log.ts";
import { Purge } from "./commit/purge.ts";
import { Consumer, inputTopics } from "./consumer.ts";
import { consumerGroups } from "./consumer-groups.ts";
import { Hooks } from "./hooks/hooks.ts";
import { within } from "./outage/patience.ts";
import { Probe } from "./outage/probe.ts";
import { Direct } from "./outside/direct.ts";
import { Leadership, type LeadershipOptions } from "./outside/leadership.ts";
import type { Services } from "./services/services.ts";
import type { GroupSpec, PipelineSpec } from "./spec.ts";
import { holdAll } from "./tasks/hold-all.ts";
import type { Task } from "./tasks/task.ts";
import { PatternWatch } from "./topics/pattern-watch.ts";
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

/** By when each part of stopping is over, as shares of the time there is for all of it. */
const stopShares = { hooks: 0.25, settle: 0.5, commit: 0.75, close: 0.85, leave: 0.95 };
/** Longer than any run: it only keeps the process alive. */
const everMs = 0x7fffffff;

/** The parts of a worker that runs: it commits at the interval, and follows its consumer groups. */
export class Running {
  readonly web: WebHandler;
  readonly #services: Services;
  readonly #options: RunningOptions;
  readonly #spec: PipelineSpec;
  readonly #direct: Direct;
  readonly #hooks: Hooks;
  readonly #consumers: readonly Consumer[];
  readonly #purge: Purge;
  readonly #probe: Probe | undefined;
  readonly #watch: PatternWatch | undefined;
  readonly #keepAlive: NodeJS.Timeout | undefined;
  #commitTimer: Timer | undefined;
  #isOver = false;

  /** Runs the start functions and joins the consumer groups. */
  static async open(
    spec: PipelineSpec,
    services: Services,
    options: RunningOptions,
  ): Promise<Running> {
    const { log, settings } = services;
    const { failed } = options;
    const direct = await Direct.open(log, services);
    // Before anything else runs: whoever reads a global table finds all of it.
    await services.globals.open(services, options.changed);
    await direct.runStarts(spec.starts);
    const hooks = new Hooks(services, direct, { hooks: spec.hooks ?? [], failed });
    await services.patterns?.look();
    const groups = consumerGroups(spec, settings.app);
    // Topics that a pattern has found may go again.
    const lasting = groups.flatMap((group) => group.groups.filter(isLasting));
    const [topic] = inputTopics(lasting, services).flat();
    const place = topic === undefined ? undefined : { topic, partition: 0 };
    const leadership = leadershipOf(spec, services, { direct, place, failed });
    const stagedMaxBytes = options.stagedMaxBytes / groups.length;
    const consumers: Consumer[] = [];
    for (const group of groups) {
      // The place that leads is an input of one of them.
      const isLeading = lasting[0] !== undefined && group.groups.includes(lasting[0]);
      const leading = { leadership: isLeading ? leadership : undefined };
      const own = { ...options, ...leading, hooks, stagedMaxBytes };
      consumers.push(await Consumer.open(group, services, own));
    }
    return new Running(services, options, { spec, direct, hooks, consumers, place });
  }

  constructor(
    services: Services,
    options: RunningOptions,
    { spec, direct, hooks, consumers, place }: Parts,
  ) {
    const { clock, log, logger } = services;
    this.#services = services;
    this.#options = options;
    this.#spec = spec;
    this.#direct = direct;
    this.#hooks = hooks;
    this.#consumers = consumers;
    // A clock turned by hand must not hold up the process: whoever turns it may have gone.
    if (clock === systemClock) this.#keepAlive = setInterval(() => undefined, everMs);
    this.#purge = new Purge(log, clock, logger);
    if (place !== undefined) this.#probe = new Probe(log, clock, place);
    if (services.patterns !== undefined) {
      this.#watch = new PatternWatch(services.patterns, {
        clock,
        everyMs: services.settings.patternRefreshMs,
        changed: () => {
          for (const consumer of consumers) consumer.resubscribe();
        },
        failed: options.failed,
      });
    }
    this.web = new WebHandler(services, direct, spec.routes ?? []);
  }

  get tasks(): readonly Task[] {
    return this.#consumers.flatMap(({ tasks }) => tasks);
  }

  get commits(): number {
    return this.#consumers.reduce((sum, { committer }) => sum + committer.commits, 0);
  }

  get aborts(): number {
    return this.#consumers.reduce((sum, { committer }) => sum + committer.aborts, 0);
  }

  /** Whether the first assignments are there and all their tables are restored. */
  get isReady(): boolean {
    return this.#consumers.every((consumer) => consumer.isReady);
  }

  /** Begins to tick, to feed and to commit. */
  async go(): Promise<void> {
    await this.#direct.startTimers(this.#spec.timers, { failed: this.#options.failed });
    if (this.#isOver) return;
    for (const consumer of this.#consumers) consumer.go();
    this.#commitLater();
    this.#probe?.start(this.#options.failed);
    this.#watch?.start();
  }

  /** Commits what is settled now, or within `settleMaxMs`, in each consumer group. Never rejects. */
  async commit(settleMaxMs?: number): Promise<void> {
    await Promise.all(this.#consumers.map(({ committer }) => committer.commit(settleMaxMs)));
  }

  /** Commits, and gives whether nothing at all is left to do. */
  async settleIdle(): Promise<boolean> {
    // Expelled from the group, it has nothing to do because it does not know what.
    if (!this.isReady) return false;
    const inputs = this.tasks.flatMap((task) => task.inputs);
    if (!inputs.every((input) => input.isPaused || input.isDrained)) return false;
    if (!(await this.#services.globals.isAtEnd())) return false;
    await this.commit();
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
    const direct = this.#direct;
    const { clock, settleMaxMs } = this.#services;
    this.#commitTimer?.cancel();
    this.#probe?.stop();
    this.#watch?.stop();
    for (const consumer of this.#consumers) consumer.halt();
    const begun = clock.now();
    const stopping = this.tasks.map((task) => task.name);
    // Nothing is waited for without end: what is not committed by then is done again elsewhere.
    const until = (share: number, work: Promise<unknown>) =>
      within(clock, Math.max(0, begun + settleMaxMs * share - clock.now()), work);
    try {
      if (drain) {
        const recovered = Promise.all(this.#consumers.map((consumer) => consumer.recovered));
        const telling = recovered.then(() => this.#hooks.run("stopping", stopping));
        await until(stopShares.hooks, telling);
      }
      const holding = holdAll(this.tasks);
      const answered = this.web.idle();
      await until(stopShares.settle, Promise.all([answered.then(() => direct.close()), holding]));
      if (drain) await until(stopShares.commit, this.commit(0));
      await until(
        stopShares.close,
        this.#each((consumer) => consumer.closeTasks(drain)),
      );
      await until(
        stopShares.leave,
        this.#each((consumer) => consumer.leave()),
      );
      await until(
        stopShares.leave,
        this.#each((consumer) => consumer.closeDelivery()),
      );
    } catch (error) {
      // A worker that was fenced, or that the log has refused, cannot leave in good order.
      if (drain) throw error;
    } finally {
      await until(
        stopShares.leave,
        this.#each((consumer) => consumer.fed),
      );
      clearInterval(this.#keepAlive);
    }
  }

  #commitLater(): void {
    const { clock, settings } = this.#services;
    this.#commitTimer = clock.timer(settings.commitIntervalMs, () => {
      this.commit().then(() => {
        this.#options.changed();
        this.#purge.runIfDue(this.tasks);
        if (!this.#isOver) this.#commitLater();
      }, this.#options.failed);
    });
  }

  async #each(work: (consumer: Consumer) => Promise<void>): Promise<void> {
    await Promise.all(this.#consumers.map(work));
  }
}

interface Parts {
  readonly spec: PipelineSpec;
  readonly direct: Direct;
  readonly hooks: Hooks;
  readonly consumers: readonly Consumer[];
  /** A partition of an input; absent where there is none. */
  readonly place: TopicPartition | undefined;
}

const isLasting = ({ sources }: GroupSpec): boolean =>
  sources.every(({ named }) => named === undefined);

function leadershipOf(
  { leaderTimers: timers = [] }: PipelineSpec,
  services: Services,
  {
    place,
    ...rest
  }: Pick<LeadershipOptions, "direct" | "failed"> & { readonly place: TopicPartition | undefined },
): Leadership | undefined {
  if (timers.length === 0 || place === undefined) return undefined;
  return new Leadership(services, { timers, place, ...rest });
}
