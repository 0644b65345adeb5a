import type { Clock, Timer } from "../../clock.ts";
import type { StreamgenError } from "../../errors.ts";
import { CronSchedule } from "../cron/schedule.ts";
import { lastStep, type TickPolicy } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import type { Tick } from "../scope.ts";
import type { TimerSpec } from "../spec.ts";
import type { WorkerCore } from "../worker-core.ts";

/** What JavaScript's timers take; longer ones would run out at once. */
const delayMaxMs = 0x7fffffff;

/** A tick whose turn has come. */
export interface DueTick {
  readonly name: string;
  readonly onError: TickPolicy;
  readonly tick: Tick;
  /** Calls the user's function; gives what is to be awaited, if that is a promise. */
  run(): unknown;
}

export interface TimersOptions {
  readonly clock: Clock;
  readonly wake: () => void;
  readonly partition?: number;
  /** Ticks at the multiples of the interval since 1970, whoever began to tick when. */
  readonly isAligned?: boolean;
}

/**
 * The timers of one scope. A timer with an interval first ticks that long after its start. Ticks that
 * could not be taken in time are left out, not made up for: at most one of each timer is due.
 */
export class Timers<Scope> {
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #partition: number | undefined;
  readonly #isAligned: boolean;
  readonly #specs: readonly TimerSpec<Scope>[];
  readonly #due: DueTick[] = [];
  readonly #running = new Set<Timer>();

  constructor(specs: readonly TimerSpec<Scope>[], options: TimersOptions) {
    this.#specs = specs;
    this.#clock = options.clock;
    this.#wake = options.wake;
    this.#partition = options.partition;
    this.#isAligned = options.isAligned === true;
  }

  start(scope: Scope): void {
    const now = this.#clock.now();
    for (const spec of this.#specs) {
      const { name, onError } = spec;
      const running = { name, onError, handle: spec.open(scope), next: rhythmOf(spec) };
      this.#schedule(running, this.#isAligned ? beatBefore(spec, now) : now);
    }
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

  #schedule(running: RunningTimer, from: number): void {
    const { name, onError, handle } = running;
    const at = running.next(from, this.#clock.now());
    if (at === undefined) return;
    this.#at(at, () => {
      if (!this.#due.some((due) => due.name === name)) {
        const tick = this.#partition === undefined ? { at } : { at, partition: this.#partition };
        this.#due.push({ name, onError, tick, run: () => handle(tick) });
      }
      this.#schedule(running, at);
      this.#wake();
    });
  }

  /** Calls `task` at a time that may be further away than timers reach; clocks may be set meanwhile. */
  #at(time: number, task: () => void): void {
    const delayMs = time - this.#clock.now();
    const timer = this.#clock.timer(Math.min(delayMs, delayMaxMs), () => {
      this.#running.delete(timer);
      if (this.#clock.now() < time) this.#at(time, task);
      else task();
    });
    this.#running.add(timer);
  }
}

/** The last moment of a timer that ticks at the multiples of its interval. */
const beatBefore = (spec: TimerSpec<never>, now: number): number =>
  "everyMs" in spec ? Math.floor(now / spec.everyMs) * spec.everyMs : now;

interface RunningTimer {
  readonly name: string;
  readonly onError: TickPolicy;
  readonly handle: (tick: Tick) => unknown;
  readonly next: Rhythm;
}

/** The tick that follows the one at `from`, and is not over `now`; `undefined` where none comes. */
type Rhythm = (from: number, now: number) => number | undefined;

function rhythmOf(spec: TimerSpec<never>): Rhythm {
  if ("cron" in spec) {
    const schedule = new CronSchedule(spec.cron);
    return (from, now) => schedule.next(Math.max(from, now - 1));
  }
  const { everyMs } = spec;
  return (from, now) => from + everyMs * Math.max(1, Math.ceil((now - from) / everyMs));
}

/**
 * Calls a timer's function. Where it throws, what it did is undone, and it is called again or left out;
 * the error is thrown on, or the promise rejects with it, where the timer stops.
 */
export function runTick(due: DueTick, core: WorkerCore): Promise<void> | undefined {
  const mark = core.undo.mark();
  const failed = (error: unknown) => tickFailed(due, core, mark, error);
  try {
    const result = due.run();
    if (result instanceof Promise) return result.then(() => undefined, failed);
  } catch (error) {
    return failed(error);
  }
  return undefined;
}

function tickFailed(
  { name, onError, run }: DueTick,
  core: WorkerCore,
  mark: number,
  first: unknown,
): Promise<void> | undefined {
  const located = (error: unknown) =>
    named(error, "SG8020", `timer "${name}" threw`).at({ agent: name });
  const giveUp = (error: unknown) => {
    if (lastStep(onError) === "stop") throw located(error);
    core.undo.rollback(mark);
    tellSkipped(core, located(error));
  };
  if (!isWorthRetrying(onError, first)) {
    giveUp(first);
    return undefined;
  }
  core.undo.rollback(mark);
  return retry(core, onError, { again: run, failed: located }, first).then((givenUp) => {
    if (givenUp !== undefined) giveUp(givenUp.error);
  });
}

function tellSkipped({ services: { logger, signals } }: WorkerCore, error: StreamgenError): void {
  signals.count("skipped");
  signals.emit("skipped", { error });
  const { code, message: reason, place } = error;
  logger.warn("a tick was skipped", { code, reason, ...place });
}
