import type { Clock, Timer } from "../clock.ts";
import { named } from "./named-error.ts";
import type { Tick } from "./scope.ts";
import type { ErrorPolicy, TimerSpec } from "./spec.ts";
import type { WorkerCore } from "./worker-core.ts";

/** What JavaScript's timers take; longer ones would run out at once. */
const delayMaxMs = 0x7fffffff;

/** A tick whose turn has come. */
export interface DueTick {
  readonly name: string;
  readonly onError: ErrorPolicy;
  readonly tick: Tick;
  /** Calls the user's function; gives what is to be awaited, if that is a promise. */
  run(): unknown;
}

/**
 * The timers of one scope. A timer first ticks one interval after its start. Ticks that could not be
 * taken in time are left out, not made up for: at most one of each timer is due.
 */
export class Timers<Scope> {
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #partition: number | undefined;
  readonly #specs: readonly TimerSpec<Scope>[];
  readonly #due: DueTick[] = [];
  readonly #running = new Set<Timer>();

  constructor(
    specs: readonly TimerSpec<Scope>[],
    options: { readonly clock: Clock; readonly wake: () => void; readonly partition?: number },
  ) {
    this.#specs = specs;
    this.#clock = options.clock;
    this.#wake = options.wake;
    this.#partition = options.partition;
  }

  start(scope: Scope): void {
    for (const spec of this.#specs) this.#schedule(spec, spec.open(scope), this.#clock.now());
  }

  stop(): void {
    for (const timer of this.#running) timer.cancel();
    this.#running.clear();
    this.#due.length = 0;
  }

  /** The tick that has waited longest; it is no longer due then. */
  take(): DueTick | undefined {
    return this.#due.shift();
  }

  #schedule(spec: TimerSpec<Scope>, handle: (tick: Tick) => unknown, from: number): void {
    const { everyMs, name, onError } = spec;
    const now = this.#clock.now();
    const at = from + everyMs * Math.max(1, Math.ceil((now - from) / everyMs));
    this.#at(at, () => {
      if (!this.#due.some((due) => due.name === name)) {
        const tick = this.#partition === undefined ? { at } : { at, partition: this.#partition };
        this.#due.push({ name, onError, tick, run: () => handle(tick) });
      }
      this.#schedule(spec, handle, at);
      this.#wake();
    });
  }

  /** Calls `task` at a time that may be further away than timers reach. */
  #at(time: number, task: () => void): void {
    const delayMs = time - this.#clock.now();
    const timer = this.#clock.timer(Math.min(delayMs, delayMaxMs), () => {
      this.#running.delete(timer);
      if (delayMs > delayMaxMs) this.#at(time, task);
      else task();
    });
    this.#running.add(timer);
  }
}

/**
 * Calls a timer's function. Where it throws, what it did is undone; the error is thrown on, or the
 * promise rejects with it, unless the timer skips.
 */
export function runTick(due: DueTick, core: WorkerCore): Promise<void> | undefined {
  const mark = core.undo.mark();
  const failed = (error: unknown) => {
    const place = { agent: due.name };
    const located = named(error, "SG8020", `timer "${due.name}" threw`).at(place);
    if (due.onError === "stop") throw located;
    core.undo.rollback(mark);
    const { logger, signals } = core.services;
    signals.count("skipped");
    signals.emit("skipped", { error: located });
    logger.warn("a tick was skipped", { code: located.code, reason: located.message, ...place });
  };
  try {
    const result = due.run();
    if (result instanceof Promise) return result.then(() => undefined, failed);
  } catch (error) {
    failed(error);
  }
  return undefined;
}
