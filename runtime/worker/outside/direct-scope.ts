import type { Producer } from "../../log/log.ts";
import { isGivenUp } from "../failures/retry-wait.ts";
import { untilAnswered } from "../outage/retry.ts";
import type { OutBatch } from "../outputs/outbox.ts";
import type { WorkerScope } from "../scope.ts";
import type { Services } from "../services/services.ts";
import type { TimerSpec } from "../spec.ts";
import { WorkerCore } from "../worker-core.ts";
import { runTick, Timers } from "./timers.ts";

export interface TickOptions {
  /** Called where the timer stops. */
  readonly failed: (error: unknown) => void;
  readonly isAligned?: boolean;
  /** Asked before each tick; it is left out where the answer is no. */
  readonly mayTick?: () => Promise<boolean>;
}

/** The scope of one function outside of tasks: what it sends goes out at once, and is awaited. */
export class DirectScope {
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

  tick(spec: TimerSpec<WorkerScope>, options: TickOptions): void {
    const { clock } = this.#services;
    const { failed, isAligned = false, mayTick } = options;
    const wake = () => {
      // A tick that takes longer than its interval is waited for.
      this.#busy = this.#busy
        .then(() => this.#tick(mayTick))
        .catch((error: unknown) => {
          this.stop();
          if (!isGivenUp(error)) failed(error);
        });
    };
    this.#timers = new Timers([spec], { clock, wake, isAligned });
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

  async #tick(mayTick: TickOptions["mayTick"]): Promise<void> {
    const due = this.#timers?.take();
    if (due === undefined || (mayTick !== undefined && !(await mayTick()))) return;
    if (this.core.signal.aborted) return;
    const { core } = this;
    let calls = 0;
    const run = async (): Promise<void> => {
      calls += 1;
      // Another one may be allowed to tick when it is tried again.
      if (calls > 1 && mayTick !== undefined && !(await mayTick())) return;
      await this.#runAndSend(due.run);
    };
    await this.during(due.name, () => runTick({ ...due, run }, core));
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
    const { signal } = this.core;
    await untilAnswered(this.#services, () => this.#producer.send(out, out.batch), { signal });
    this.core.outbox.recycle([out]);
  }

  async #sent(): Promise<void> {
    if (this.#isSendDue) this.#send();
    await Promise.all(this.#sending.splice(0));
  }
}
