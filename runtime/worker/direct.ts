import type { Log, Producer } from "../log/log.ts";
import type { OutBatch } from "./outbox.ts";
import { untilAnswered } from "./retry.ts";
import type { WorkerScope } from "./scope.ts";
import type { Services } from "./services.ts";
import type { StartSpec, TimerSpec } from "./spec.ts";
import { runTick, Timers } from "./timers.ts";
import { WorkerCore } from "./worker-core.ts";

/**
 * What runs outside of tasks: `OnStart` functions, and timers without a table. What these send goes
 * out at once, outside of any transaction, and is awaited before they count as done.
 */
export class Direct {
  readonly #services: Services;
  readonly #producer: Producer;
  readonly #scopes: DirectScope[] = [];

  static async open(log: Log, services: Services): Promise<Direct> {
    return new Direct(services, await log.producer({}));
  }

  constructor(services: Services, producer: Producer) {
    this.#services = services;
    this.#producer = producer;
  }

  /** Runs the start functions in declared order. Throws what one of them throws. */
  async runStarts(starts: readonly StartSpec[]): Promise<void> {
    const { app } = this.#services.settings;
    for (const { name, open } of starts) {
      const scope = this.#scope();
      const handle = open(scope.core);
      await scope.core.formats.ready();
      await scope.during(name, () => handle({ app }));
    }
  }

  /** Starts the timers; `failed` is called where one stops. */
  async startTimers(
    timers: readonly TimerSpec<WorkerScope>[],
    failed: (error: unknown) => void,
  ): Promise<void> {
    for (const timer of timers) {
      const scope = this.#scope();
      scope.tickEvery(timer, failed);
      await scope.core.formats.ready();
    }
  }

  async close(): Promise<void> {
    for (const scope of this.#scopes) scope.stop();
    for (const scope of this.#scopes) await scope.idle();
    await untilAnswered(this.#services, () => this.#producer.close());
  }

  #scope(): DirectScope {
    const scope = new DirectScope(this.#services, this.#producer);
    this.#scopes.push(scope);
    return scope;
  }
}

class DirectScope {
  readonly core: WorkerCore;
  readonly #services: Services;
  readonly #producer: Producer;
  #timers: Timers<WorkerScope> | undefined;
  #sending: Promise<void>[] = [];
  #isSendDue = false;
  #busy: Promise<void> = Promise.resolve();

  constructor(services: Services, producer: Producer) {
    this.#services = services;
    this.#producer = producer;
    this.core = new WorkerCore(services, 0, () => this.#sendSoon());
  }

  /** Runs a function as one moment, with everything that it sends. */
  async during(name: string, work: () => unknown): Promise<void> {
    const now = this.#services.clock.now();
    this.core.moment.open(now, name, now);
    try {
      await work();
      await this.#sent();
    } finally {
      this.core.moment.close();
    }
  }

  tickEvery(spec: TimerSpec<WorkerScope>, failed: (error: unknown) => void): void {
    const { clock } = this.#services;
    const wake = () => {
      // A tick that takes longer than its interval is waited for.
      this.#busy = this.#busy
        .then(() => this.#tick())
        .catch((error: unknown) => {
          this.stop();
          failed(error);
        });
    };
    this.#timers = new Timers([spec], { clock, wake });
    this.#timers.start(this.core);
  }

  stop(): void {
    this.#timers?.stop();
    this.core.interrupt();
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await this.#busy;
  }

  async #tick(): Promise<void> {
    const due = this.#timers?.take();
    if (due === undefined) return;
    const { core } = this;
    await this.during(due.name, () =>
      runTick({ ...due, run: () => this.#runAndSend(due.run) }, core),
    );
  }

  async #runAndSend(run: () => unknown): Promise<void> {
    await run();
    await this.#sent();
  }

  #sendSoon(): void {
    if (this.#isSendDue) return;
    this.#isSendDue = true;
    queueMicrotask(() => this.#send());
  }

  #send(): void {
    this.#isSendDue = false;
    this.core.undo.release();
    for (const out of this.core.outbox.seal()) {
      const sending = this.#sendBatch(out);
      // It is awaited by `#sent`; until then its failure is nobody's surprise.
      sending.catch(() => undefined);
      this.#sending.push(sending);
    }
  }

  async #sendBatch(out: OutBatch): Promise<void> {
    await untilAnswered(
      this.#services,
      () => this.#producer.send(out, out.batch),
      this.core.signal,
    );
    this.core.outbox.recycle([out]);
  }

  async #sent(): Promise<void> {
    if (this.#isSendDue) this.#send();
    await Promise.all(this.#sending.splice(0));
  }
}
