import type { StreamgenError } from "../errors.ts";
import type { CommittedOffset, FetchedBatch } from "../log/log.ts";
import type { TaskName, TaskState } from "./contract.ts";
import { type Input, sourceOffsets } from "./input.ts";
import { named } from "./named-error.ts";
import { readPlace, writeOffsetMetadata } from "./offset-metadata.ts";
import type { OutBatch } from "./outbox.ts";
import { StreamTime } from "./stream-time.ts";
import type { TaskParts } from "./task-parts.ts";
import type { TaskTables } from "./task-tables.ts";
import { type DueTick, runTick } from "./timers.ts";
import type { WorkerCore } from "./worker-core.ts";

/** What a task hands to a commit. */
export interface Sealed {
  readonly task: Task;
  readonly batches: readonly OutBatch[];
  /** Records and ticks handled since the last one. */
  readonly handled: number;
}

/** Records between two looks at the clock. */
const clockEvery = 64;

/**
 * One agent group at one partition: its inputs, its tables, its staged work.
 *
 *     restoring ──▶ running ──abort──▶ rewinding ──▶ running
 *         │            │                   ▲
 *       throws       throws              abort         every state ──close──▶ closed
 *         └──────▶  failed  ───────────────┘
 *
 * Inside `running`, between two records the task is *settled*: everything it has staged belongs to
 * records that are done. Only then can a commit seal it. A synchronous agent leaves it settled
 * whenever anybody else can look; an asynchronous one while no record is pending.
 */
export class Task {
  readonly name: TaskName;
  readonly inputs: readonly Input[];
  readonly tables: TaskTables;
  readonly core: WorkerCore;
  readonly #parts: TaskParts;
  #state: TaskState = "restoring";
  #error: StreamgenError | undefined;
  #pending: Promise<void> | undefined;
  #isHeld = false;
  #isCommitting = false;
  #isRestored = false;
  #handled = 0;
  readonly #streamTime = new StreamTime();

  constructor(parts: TaskParts) {
    this.name = parts.name;
    this.inputs = parts.inputs;
    this.tables = parts.tables;
    this.core = parts.core;
    this.#parts = parts;
  }

  get state(): TaskState {
    return this.#state;
  }

  get error(): StreamgenError | undefined {
    return this.#error;
  }

  /** Whether it may be sealed now. */
  get isSettled(): boolean {
    return this.#pending === undefined;
  }

  get openBytes(): number {
    return this.core.outbox.openBytes + this.tables.openBytes;
  }

  /** Whether everything fetched is handled and committed, as far as it can be. */
  get isIdle(): boolean {
    return (
      this.#state === "running" &&
      this.#pending === undefined &&
      !this.#isCommitting &&
      !this.#hasWork &&
      this.inputs.every((input) => input.isPaused || (input.isDrained && input.isAtEnd))
    );
  }

  /** Brings tables and inputs to what is committed. From then on records are handled. */
  async restore(committed: readonly CommittedOffset[], starts: readonly number[]): Promise<void> {
    const { core, scope, timers, wake } = this.#parts;
    const place = readPlace(committed, starts);
    const records = await this.tables.restore(place.changelogs, core.signal);
    core.undo.release();
    for (const [index, input] of this.inputs.entries()) input.begin(place.offsets[index] ?? 0);
    this.#streamTime.begin(place.streamTime);
    this.#isRestored = true;
    this.#state = "running";
    timers.start(scope);
    core.services.signals.emit("restored", { ...this.name, records });
    wake();
  }

  /** Stops the task, and takes back what it has done for a record that is not finished. */
  fail(cause: unknown): void {
    const { core, name } = this;
    core.undo.rollback(0);
    core.undo.release();
    core.moment.close();
    this.#state = "failed";
    this.#error = named(cause, "SG9802", "a task has failed");
    const { code, message, place } = this.#error;
    core.services.logger.error("a task has stopped", { ...name, code, reason: message, ...place });
    core.services.signals.emit("error", { error: this.#error, task: name });
  }

  /** Takes what has been fetched of one of its inputs; false where it is not what comes next. */
  offer(input: Input, batch: FetchedBatch): boolean {
    return this.#state !== "running" || input.offer(batch);
  }

  /** Makes what has been fetched and not handled outlive the next poll. */
  keep(): void {
    for (const input of this.inputs) input.keep(this.core.moment);
  }

  /**
   * Handles what is there: until nothing is, an agent is awaited, or the clock says `until`. Gives
   * whether it can go on at once.
   */
  run(until: number): boolean {
    const { clock } = this.core.services;
    for (let count = 1; this.#isFree; count += 1) {
      if (!this.#step()) return false;
      if (count % clockEvery === 0 && clock.now() >= until) return this.#isFree;
    }
    return false;
  }

  /** Takes no further record until `release`; resolves when the task is settled. */
  hold(): Promise<void> {
    this.#isHeld = true;
    return this.#pending ?? Promise.resolve();
  }

  release(): void {
    this.#isHeld = false;
    this.#parts.wake();
  }

  /** Takes what is staged, for a commit; `undefined` where there is nothing to commit. */
  seal(): Sealed | undefined {
    if (!this.#isRestored || !this.isSettled || !this.#hasWork) return undefined;
    if (this.#state !== "running" && this.#state !== "failed") return undefined;
    this.tables.seal(this.core.services.clock.now());
    this.core.undo.release();
    for (const input of this.inputs) input.sealed = input.position;
    this.#streamTime.seal();
    const handled = this.#handled;
    this.#handled = 0;
    this.#isCommitting = true;
    return { task: this, batches: this.core.outbox.seal(), handled };
  }

  /** The offsets of a sealed generation, with the ends of its changelogs beside them. */
  offsets(changelogs: Readonly<Record<string, number>>): readonly CommittedOffset[] {
    const metadata = writeOffsetMetadata({ changelogs, streamTime: this.#streamTime.sealed });
    return this.inputs.map((input, index) => input.sealedOffset(index === 0 ? metadata : ""));
  }

  /** The sealed generation is committed. */
  acknowledge(sealed: Sealed, ends: Readonly<Record<string, number>>): void {
    if (this.#state === "closed") return;
    this.core.outbox.recycle(sealed.batches);
    this.tables.acknowledge(ends);
    for (const input of this.inputs) input.committed = input.sealed;
    this.#streamTime.acknowledge();
    this.#isCommitting = false;
    this.tables.flushIfDue(sourceOffsets(this.inputs), this.#streamTime.committed);
  }

  /**
   * Goes back to the last commit: both generations and the agents' runs are given up. `wasSent`:
   * the sealed one may be in the log all the same, as there is no transaction around it. The caller
   * seeks the inputs afterwards.
   */
  async rewind(wasSent: boolean): Promise<void> {
    if (!this.#isRestored || this.#state === "closed") return;
    const { choice, core } = this.#parts;
    this.#state = "rewinding";
    await this.#pending;
    // A run that has returned, and whose end is committed, stays over.
    const going = this.inputs.filter((input) => !(input.isPaused && input.isCommitted));
    for (const input of going) await input.driver.end();
    if (this.#hasState("closed")) return;
    core.outbox.drop();
    this.tables.rewind(wasSent);
    core.undo.release();
    choice.stop();
    for (const input of this.inputs) input.begin(input.committed);
    this.#streamTime.rewind();
    this.#handled = 0;
    this.#isCommitting = false;
    this.#error = undefined;
    this.#state = "running";
    this.#parts.wake();
  }

  /** Ends agents and closes tables. With `flush`, stores get what is committed first. */
  async close(flush: boolean): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    const { choice, core, timers } = this.#parts;
    timers.stop();
    choice.stop();
    core.end();
    if (this.#pending === undefined) {
      for (const input of this.inputs) await input.driver.end();
    }
    if (flush && this.#isRestored) {
      await this.tables.flush(sourceOffsets(this.inputs), this.#streamTime.committed);
    }
    await this.tables.close();
  }

  /** Asked again after waiting: others may have changed it. */
  #hasState(state: TaskState): boolean {
    return this.#state === state;
  }

  get #isFree(): boolean {
    return this.#state === "running" && this.#pending === undefined && !this.#isHeld;
  }

  get #hasWork(): boolean {
    return this.openBytes > 0 || this.inputs.some((input) => input.position !== input.sealed);
  }

  #step(): boolean {
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
    const { cursor, partition, topic } = input;
    const time = input.peek() ?? 0;
    this.core.moment.open(time, `${topic}/${partition}`, cursor?.offset ?? 0, cursor);
    try {
      const pending = input.driver.process();
      if (pending === undefined) this.#advance(input, time);
      else this.#wait(pending, () => this.#advance(input, time));
    } catch (error) {
      this.fail(error);
    }
  }

  #advance(input: Input, time: number): void {
    this.#streamTime.see(time);
    input.advance();
    this.#done();
  }

  #tick(due: DueTick): void {
    this.core.moment.open(due.tick.at, due.name, due.tick.at);
    try {
      const pending = runTick(due, this.core);
      if (pending === undefined) this.#done();
      else this.#wait(pending, () => this.#done());
    } catch (error) {
      this.fail(error);
    }
  }

  #done(): void {
    const { moment, undo } = this.core;
    undo.release();
    moment.close();
    this.#handled += 1;
  }

  /** Waits for an agent. What it does after the task was taken back or closed counts for nothing. */
  #wait(pending: Promise<void>, done: () => void): void {
    const isCurrent = () => this.#hasState("running");
    this.#pending = pending
      .then(
        () => (isCurrent() ? done() : undefined),
        (error: unknown) => (isCurrent() ? this.fail(error) : undefined),
      )
      .then(() => {
        this.#pending = undefined;
        this.core.moment.close();
        this.#parts.wake();
      });
  }
}
