import { randomUUID } from "node:crypto";
import { StreamgenError } from "../errors.ts";
import { noCluster } from "./connect/open-log.ts";
import type { Worker, WorkerEvents, WorkerHealth, WorkerOptions, WorkerState } from "./contract.ts";
import { named } from "./failures/named-error.ts";
import { Running } from "./running.ts";
import { type Opening, openServices } from "./services/open-services.ts";
import { Pulse } from "./services/pulse.ts";
import type { Resources } from "./services/resources.ts";
import type { Services } from "./services/services.ts";
import { Signals } from "./services/signals.ts";
import type { Settings } from "./settings/settings.ts";
import type { PipelineSpec } from "./spec.ts";
import { taskHealth } from "./tasks/task-health.ts";
import { errorAnswer, type WebAnswer, type WebRequest } from "./web/answer.ts";
import { WorkerCore } from "./worker-core.ts";

/** For a process. */
const stagedMaxBytes = 64 * 1024 * 1024;

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
  #opening: Opening | undefined;
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
    if (this.#options.log === undefined && this.#settings.kafka === undefined) throw noCluster();
    this.#state = "starting";
    try {
      await this.#start();
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
    await this.#alive().commit();
  }

  health(): WorkerHealth {
    const running = this.#running;
    return {
      state: this.#state,
      isReady: running?.isReady ?? false,
      tasks: running?.tasks.map(taskHealth) ?? [],
      commits: running?.commits ?? 0,
      aborts: running?.aborts ?? 0,
      counts: this.#signals.counts,
      ...(this.#error === undefined ? {} : { error: this.#error.message }),
    };
  }

  async handle(request: WebRequest): Promise<WebAnswer> {
    const running = this.#state === "running" ? this.#running : undefined;
    if (running !== undefined) return running.web.handle(request);
    return errorAnswer(503, `the worker is ${this.#state}`, { "retry-after": "1" });
  }

  on<Name extends keyof WorkerEvents>(
    name: Name,
    listener: (event: WorkerEvents[Name]) => void,
  ): () => void {
    return this.#signals.on(name, listener);
  }

  async #start(): Promise<void> {
    const services = await this.#services();
    this.#resources = services.resources;
    const core = new WorkerCore(services, 0);
    await services.resources.open(this.spec.resources ?? [], core.context("resources"));
    const { opened, thread } = this.#options;
    opened?.(core);
    const { instance = randomUUID(), sessionTimeoutMs } = this.#settings;
    this.#running = await Running.open(this.spec, services, {
      instance,
      isNamed: this.#settings.instance !== undefined,
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
      stagedMaxBytes: this.#options.stagedMaxBytes ?? stagedMaxBytes / (thread?.of ?? 1),
      changed: () => this.#pulse.beat(),
      failed: services.failed,
    });
    // Whoever stopped the worker meanwhile has found nothing to stop.
    if (this.#state !== "starting") {
      await this.#running.stop(false);
      await this.#disconnect();
      return;
    }
    this.#state = "running";
    this.#signals.emit("started", { app: this.#settings.app, instance });
    await this.#running.go();
  }

  #services(): Promise<Services> {
    return openServices(this.spec, this.#options, {
      settings: this.#settings,
      signals: this.#signals,
      failed: (error) => {
        this.#fail(error);
        this.stop().catch((problem: unknown) => this.#fail(problem));
      },
      opening: (opening) => {
        this.#opening = opening;
      },
    });
  }

  async #stop(): Promise<void> {
    const hasFailed = this.#state === "failed";
    if (!hasFailed) this.#state = "stopping";
    const errors: unknown[] = [];
    await this.#running?.stop(!hasFailed).catch((error: unknown) => errors.push(error));
    if (this.#opening !== undefined) this.#opening.outage.isOver = true;
    errors.push(...((await this.#resources?.dispose()) ?? []));
    errors.push(...(await this.#disconnect()));
    if (!hasFailed) this.#state = "stopped";
    this.#pulse.beat();
    this.#signals.emit("stopped", {});
    if (errors.length > 0) throw errors[0];
  }

  /** Closes the stores and what was opened here, once, and gives what went wrong. */
  async #disconnect(): Promise<readonly unknown[]> {
    const opening = this.#opening;
    this.#opening = undefined;
    return (await opening?.close()) ?? [];
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
