import type { Input } from "./input.ts";
import type { Interlude } from "./interludes.ts";
import type { TaskParts } from "./task-parts.ts";
import type { TaskProgress } from "./task-progress.ts";
import { type DueTick, runTick } from "./timers.ts";

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
    const input = this.#parts.choice.next();
    if (input !== undefined) this.#record(input);
    return input !== undefined;
  }

  #record(input: Input): void {
    const { cursor, driver, partition, topic } = input;
    const time = input.peek() ?? 0;
    this.#parts.core.moment.open(time, `${topic}/${partition}`, cursor?.offset ?? 0, cursor);
    try {
      const refusal = this.#progress.refusal(input);
      const pending = refusal === undefined ? driver.process() : driver.leaveOut(refusal);
      if (pending === undefined) this.#advance(input, time);
      else this.#wait(pending, () => this.#advance(input, time));
    } catch (error) {
      this.#port.fail(error);
    }
  }

  #advance(input: Input, time: number): void {
    this.#progress.advance(input, time);
    this.#done();
  }

  #interlude(interlude: Interlude | undefined): void {
    if (interlude === undefined) return;
    const { cursor, timestamp, topic } = interlude;
    const { core, name } = this.#parts;
    core.moment.open(timestamp, `${topic}/${name.partition}`, cursor.offset, cursor);
    this.#wait(interlude.run(), () => this.#done());
  }

  #tick(due: DueTick): void {
    const { core } = this.#parts;
    core.moment.open(due.tick.at, due.name, due.tick.at);
    try {
      const pending = runTick(due, core);
      if (pending === undefined) this.#ticked();
      else this.#wait(pending, () => this.#ticked());
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
