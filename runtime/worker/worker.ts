import { randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import { embeddedRegistry } from "../codec/registry.ts";
import { StreamgenError } from "../errors.ts";
import type { Log } from "../log/log.ts";
import { MemoryStore } from "../state/memory-store.ts";
import type { Worker, WorkerEvents, WorkerHealth, WorkerOptions, WorkerState } from "./contract.ts";
import { jsonLogger } from "./json-logger.ts";
import { named } from "./named-error.ts";
import { Pulse } from "./pulse.ts";
import { Resources } from "./resources.ts";
import { Running } from "./running.ts";
import type { Services } from "./services.ts";
import type { Settings } from "./settings.ts";
import { Signals } from "./signals.ts";
import type { PipelineSpec } from "./spec.ts";
import { steadyLog } from "./steady-log.ts";
import { taskHealth } from "./task-health.ts";
import { prepareTopics } from "./topics.ts";
import { Views } from "./views.ts";
import { WorkerCore } from "./worker-core.ts";

const inputWaitMaxMs = 1000;
const settleMaxMs = 10_000;

/**
 * A worker's life:
 *
 *     new ──start──▶ starting ──▶ running ──stop──▶ stopping ──▶ stopped
 *                        │           │                 ▲
 *                      throws     fenced, or           │
 *                        │        the log refuses      │
 *                        ▼           ▼                 │
 *                      failed ◀──────┘ ────stop────────┘
 *
 * What happens while it runs is in `running.ts`, and per task in `task.ts`.
 */
export class PipelineWorker implements Worker {
  readonly spec: PipelineSpec;
  readonly #options: WorkerOptions;
  readonly #settings: Settings;
  readonly #signals = new Signals();
  readonly #pulse = new Pulse();
  #state: WorkerState = "new";
  #error: StreamgenError | undefined;
  #resources: Resources | undefined;
  #running: Running | undefined;
  #stopping: Promise<void> | undefined;

  constructor(spec: PipelineSpec, options: WorkerOptions, settings: Settings) {
    this.spec = spec;
    this.#options = options;
    this.#settings = settings;
  }

  async start(): Promise<void> {
    if (this.#state !== "new") {
      throw new StreamgenError("SG8006", `a worker that is ${this.#state} cannot be started`);
    }
    const { log } = this.#options;
    if (log === undefined) {
      throw new StreamgenError("SG8005", "the worker has no log: give createWorker one");
    }
    this.#state = "starting";
    try {
      await this.#start(log);
    } catch (error) {
      this.#fail(error);
      await this.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async ready(): Promise<void> {
    await this.#until(() => this.#running?.isReady === true);
  }

  async idle(): Promise<void> {
    await this.ready();
    for (;;) {
      const { beats } = this.#pulse;
      const running = this.#alive();
      const failed = running.tasks.find((task) => task.error !== undefined);
      if (failed?.error !== undefined) throw failed.error;
      if (await running.settleIdle()) return;
      await this.#pulse.after(beats);
    }
  }

  async commit(): Promise<void> {
    await this.#alive().committer.commit();
  }

  health(): WorkerHealth {
    const running = this.#running;
    return {
      state: this.#state,
      isReady: running?.isReady ?? false,
      tasks: running?.tasks.map(taskHealth) ?? [],
      commits: running?.committer.commits ?? 0,
      aborts: running?.committer.aborts ?? 0,
      counts: this.#signals.counts,
      ...(this.#error === undefined ? {} : { error: this.#error.message }),
    };
  }

  on<Name extends keyof WorkerEvents>(
    name: Name,
    listener: (event: WorkerEvents[Name]) => void,
  ): () => void {
    return this.#signals.on(name, listener);
  }

  async #start(log: Log): Promise<void> {
    const services = await this.#services(log);
    this.#resources = services.resources;
    const core = new WorkerCore(services, 0);
    await services.resources.open(this.spec.resources ?? [], core.context("resources"));
    const instance = this.#options.instance ?? randomUUID();
    this.#running = await Running.open(this.spec, services, {
      instance,
      stagedMaxBytes: this.#options.stagedMaxBytes ?? 64 * 1024 * 1024,
      changed: () => this.#pulse.beat(),
      failed: (error) => {
        this.#fail(error);
        this.stop().catch((problem: unknown) => this.#fail(problem));
      },
    });
    // Whoever stopped the worker meanwhile has found nothing to stop.
    if (this.#state !== "starting") return this.#running.stop(false);
    this.#state = "running";
    this.#signals.emit("started", { app: this.#settings.app, instance });
    await this.#running.go();
  }

  async #services(given: Log): Promise<Services> {
    const options = this.#options;
    const clock = options.clock ?? systemClock;
    const log = steadyLog(given, clock);
    const topics = await prepareTopics(log, this.spec, this.#settings);
    return {
      log,
      clock,
      topics,
      logger: options.logger ?? jsonLogger(clock.now, (line) => void process.stderr.write(line)),
      registry: options.registry ?? embeddedRegistry(),
      settings: this.#settings,
      resources: new Resources(),
      views: new Views(topics),
      signals: this.#signals,
      openStore: options.openStore ?? (async () => new MemoryStore()),
      inputWaitMaxMs: options.inputWaitMaxMs ?? inputWaitMaxMs,
      settleMaxMs: options.settleMaxMs ?? settleMaxMs,
    };
  }

  async #stop(): Promise<void> {
    const hasFailed = this.#state === "failed";
    if (!hasFailed) this.#state = "stopping";
    const errors: unknown[] = [];
    await this.#running?.stop(!hasFailed).catch((error: unknown) => errors.push(error));
    errors.push(...((await this.#resources?.dispose()) ?? []));
    if (!hasFailed) this.#state = "stopped";
    this.#pulse.beat();
    this.#signals.emit("stopped", {});
    if (errors.length > 0) throw errors[0];
  }

  #fail(error: unknown): void {
    if (this.#state === "failed") return;
    this.#state = "failed";
    this.#error = named(error, "SG8007", "the worker has failed");
    this.#signals.emit("error", { error: this.#error });
    this.#pulse.beat();
  }

  /** What runs. Throws where nothing does, or does any more. */
  #alive(): Running {
    if (this.#error !== undefined) throw this.#error;
    if (this.#running !== undefined && this.#state === "running") return this.#running;
    throw new StreamgenError("SG8008", `the worker is ${this.#state}`);
  }

  async #until(condition: () => boolean): Promise<void> {
    for (;;) {
      const { beats } = this.#pulse;
      if (this.#state === "running" || this.#state === "starting") {
        if (condition()) return;
      } else this.#alive();
      await this.#pulse.after(beats);
    }
  }
}
