import type { Interlude } from "../agents/interludes.ts";
import { type DueTick, runTick } from "../outside/timers.ts";
import type { ClosingDriver } from "../windows/closing-driver.ts";
import type { Closings } from "../windows/closings.ts";
import type { Input } from "./input.ts";
import type { TaskParts } from "./task-parts.ts";
import type { TaskProgress } from "./task-progress.ts";

/** What turns need of their task. */
export interface TurnPort {
  /** What an agent does after its task has stopped running counts for nothing. */
  isRunning(): boolean;
  fail(error: unknown): void;
}

/** Handles a task's records and ticks, one after the other. */
export class TaskTurns {
  readonly #parts: TaskParts;
  readonly #progress: TaskProgress;
  readonly #port: TurnPort;
  /** The agent that is awaited, if one is. */
  pending: Promise<void> | undefined;

  constructor(parts: TaskParts, progress: TaskProgress, port: TurnPort) {
    this.#parts = parts;
    this.#progress = progress;
    this.#port = port;
  }

  /** Begins what comes next. Gives false where nothing does. */
  take(): boolean {
    const { interludes } = this.#parts.scope;
    if (!interludes.isEmpty) {
      this.#interlude(interludes.take());
      return true;
    }
    const tick = this.#parts.timers.take();
    if (tick !== undefined) {
      this.#tick(tick);
      return true;
    }
    const { choice, closings } = this.#parts;
    if (closings !== undefined) return this.#recordOrClosing(closings);
    const input = choice.next();
    if (input !== undefined) this.#record(input);
    else this.#rest();
    return input !== undefined;
  }

  #recordOrClosing(closings: Closings): boolean {
    const due = closings.due();
    const input = due === undefined ? this.#parts.choice.next() : undefined;
    const closing = input === undefined ? (due ?? closings.rest()) : undefined;
    if (input !== undefined) this.#record(input);
    else if (closing !== undefined) this.#close(closing);
    else this.#rest();
    return input !== undefined || closing !== undefined;
  }

  /** Resolves when nothing is under way, or what is waits to be tried again. */
  async settled(): Promise<void> {
    await Promise.race([this.pending, this.#parts.core.retryWait.begun()]);
  }

  /** Nothing is left to do: those who wait for this task's inputs are told that it is not behind. */
  #rest(): void {
    const { inputs, time } = this.#parts;
    for (const input of inputs) {
      if (input.isIdle) input.teller?.rest(time.newest === Number.NEGATIVE_INFINITY);
    }
  }

  #record(input: Input): void {
    const { driver, marker, upstream } = input;
    if (marker !== undefined) {
      upstream?.tell(marker);
      this.#progress.told(input);
      return;
    }
    if (input.isTimeless) this.#openTimeless(input);
    else this.#openRecord(input);
    try {
      const refusal = this.#progress.refusal(input);
      const pending = refusal === undefined ? driver.process() : driver.leaveOut(refusal);
      this.#settle(pending, () => this.#advance(input));
    } catch (error) {
      this.#port.fail(error);
    }
  }

  #openRecord(input: Input): void {
    const { cursor, driver, partition, topic, upstream } = input;
    const time = input.peek() ?? 0;
    // A record that cannot be read has no time that could be trusted.
    if (!driver.isUnreadable) this.#parts.time.open(time, upstream === undefined);
    this.#parts.core.moment.open(time, `${topic}/${partition}`, cursor?.offset ?? 0, cursor);
  }

  /** A changelog's times are the clock's: what is made of a change has the task's event time. */
  #openTimeless(input: Input): void {
    const { cursor, partition, topic } = input;
    const { streamTime } = this.#parts.time;
    const time = Number.isFinite(streamTime) ? streamTime : (input.peek() ?? 0);
    this.#parts.core.moment.open(time, `${topic}/${partition}`, cursor?.offset ?? 0);
  }

  #close(closing: ClosingDriver): void {
    try {
      this.#settle(closing.process(), () => this.#ticked());
    } catch (error) {
      this.#port.fail(error);
    }
  }

  #advance(input: Input): void {
    const { closings, time } = this.#parts;
    closings?.count();
    const isTimed = !input.driver.isUnreadable && !time.isAhead;
    input.teller?.saw(isTimed ? input.peek() : undefined);
    this.#progress.advance(input);
    this.#done();
  }

  #interlude(interlude: Interlude | undefined): void {
    if (interlude === undefined) return;
    const { cursor, timestamp, topic } = interlude;
    const { core, name } = this.#parts;
    core.moment.open(timestamp, `${topic}/${name.partition}`, cursor.offset, cursor);
    this.#settle(interlude.run(), () => this.#done());
  }

  #tick(due: DueTick): void {
    const { core } = this.#parts;
    core.moment.open(due.tick.at, due.name, due.tick.at);
    try {
      this.#settle(runTick(due, core), () => this.#ticked());
    } catch (error) {
      this.#port.fail(error);
    }
  }

  #ticked(): void {
    this.#progress.tick();
    this.#done();
  }

  #done(): void {
    const { moment, undo } = this.#parts.core;
    undo.release();
    moment.close();
  }

  /** Calls `done` when what was begun has ended, and what it has sent to channels is handled. */
  #settle(begun: Promise<void> | undefined, done: () => void): void {
    const { channels } = this.#parts.scope;
    const pending = begun === undefined ? undefined : begun.then(() => channels.drain());
    const left = pending ?? (channels.isEmpty ? undefined : channels.drain());
    if (left === undefined) done();
    else this.#wait(left, done);
  }

  #wait(pending: Promise<void>, done: () => void): void {
    const { isRunning, fail } = this.#port;
    this.pending = pending
      .then(
        () => (isRunning() ? done() : undefined),
        (error: unknown) => (isRunning() ? fail(error) : undefined),
      )
      .then(() => {
        this.pending = undefined;
        this.#parts.core.moment.close();
        this.#parts.wake();
      });
  }
}
