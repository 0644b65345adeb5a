import type { StreamgenError } from "../../errors.ts";
import type { CommittedOffset, FetchedBatch } from "../../log/log.ts";
import { readPlace } from "../commit/offset-metadata.ts";
import type { TaskName, TaskState } from "../contract.ts";
import { named } from "../failures/named-error.ts";
import type { OutBatch } from "../outputs/outbox.ts";
import type { RestorePoint } from "../sources/beginning.ts";
import type { TaskTables } from "../tables/task-tables.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { Input } from "./input.ts";
import { TaskHold } from "./task-hold.ts";
import type { TaskParts } from "./task-parts.ts";
import { TaskProgress } from "./task-progress.ts";
import { TaskTurns } from "./task-turns.ts";

/** What a task hands to a commit. */
export interface Sealed {
  readonly task: Task;
  readonly batches: readonly OutBatch[];
  /** Records and ticks handled since the last one. */
  readonly handled: number;
}

const foreignOffsets =
  "the group's offsets were set by another tool: tables go on with all that their changelogs hold";
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
  #isRestored = false;
  #isAbandoned = false;
  readonly #progress: TaskProgress;
  readonly #turns: TaskTurns;
  readonly #hold: TaskHold;

  constructor(parts: TaskParts) {
    this.name = parts.name;
    this.inputs = parts.inputs;
    this.tables = parts.tables;
    this.core = parts.core;
    this.#parts = parts;
    this.#progress = new TaskProgress(parts.inputs, parts.time);
    this.#turns = new TaskTurns(parts, this.#progress, {
      isRunning: () => this.#state === "running" && !parts.core.signal.aborted,
      fail: (error) => this.fail(error),
    });
    this.#hold = new TaskHold(parts, this.#turns, {
      isRunning: () => this.#state === "running",
      takeOver: () => this.run(Number.POSITIVE_INFINITY),
    });
  }

  get state(): TaskState {
    return this.#state;
  }

  get error(): StreamgenError | undefined {
    return this.#error;
  }

  /** Whether it may be sealed now. */
  get isSettled(): boolean {
    return this.#hold.isSettled;
  }

  get openBytes(): number {
    return this.core.outbox.openBytes + this.tables.openBytes;
  }

  /** Whether it takes no further record before a commit. */
  get isFull(): boolean {
    return this.#progress.isFull && this.#hasWork;
  }

  /** Whether everything fetched is handled and committed, as far as it can be. */
  get isIdle(): boolean {
    return (
      this.#state === "running" &&
      this.#turns.pending === undefined &&
      !this.#progress.isCommitting &&
      !this.#hasWork &&
      this.#parts.closings?.isBehind !== true &&
      this.#parts.scope.interludes.isEmpty &&
      this.#parts.scope.inFlight.isEmpty &&
      this.inputs.every((input) => input.isPaused || input.isIdle)
    );
  }

  /**
   * Brings tables and inputs to what is committed. From then on records are handled. `anchor` is
   * called before, and awaited, where the group's offsets do not say yet how far the changelogs
   * belong to them, or where the task begins.
   */
  async restore(
    { committed, starts, begins }: RestorePoint,
    anchor: (offsets: readonly CommittedOffset[]) => Promise<void>,
  ): Promise<void> {
    const { closings, core, name, scope, time, timers, wake } = this.#parts;
    const place = readPlace(committed, starts);
    // What has expired is not restored.
    time.begin(place.streamTime);
    const records = await this.tables.restore(place, this.inputs, core.signal);
    core.undo.release();
    this.#progress.begin(place);
    const { ends } = this.tables;
    const known = place.changelogs ?? {};
    if (begins || Object.keys(ends).some((table) => !Object.hasOwn(known, table))) {
      if (place.isForeign) core.services.logger.warn(foreignOffsets, { ...name });
      await anchor(this.offsets(ends));
    }
    // Closed meanwhile: it stays closed.
    if (this.#state !== "restoring") return;
    this.#isRestored = true;
    this.#state = "running";
    timers.start(scope);
    closings?.start();
    for (const input of this.inputs) input.teller?.start();
    core.services.signals.emit("restored", { ...this.name, records });
    wake();
  }

  /** Stops the task, and takes back what it has done for a record that is not finished. */
  fail(cause: unknown): void {
    const { core, name } = this;
    core.retryWait.close();
    core.undo.rollback(0);
    core.undo.release();
    core.moment.close();
    this.#parts.time.cancel();
    // Records behind one that is in a lane may be done with: a commit would leave that one out.
    const { inFlight } = this.#parts.scope;
    if (!inFlight.isEmpty) this.#isAbandoned = true;
    inFlight.stir();
    this.#state = "failed";
    this.#error = named(cause, "SG9802", "a task has failed");
    const { code, message, place } = this.#error;
    core.services.logger.error("a task has stopped", { ...name, code, reason: message, ...place });
    core.services.signals.emit("error", { error: this.#error, task: name });
  }

  /** The same for good: what it has staged is never committed. */
  abandon(cause: unknown): void {
    this.#isAbandoned = true;
    this.fail(cause);
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
    for (let count = 1; this.#isFree || this.#mayFinish; count += 1) {
      if (!this.#turns.take()) return false;
      if (count % clockEvery === 0 && clock.now() >= until) return this.#isFree;
    }
    return false;
  }

  /** Takes no further record until `release`; resolves when the task is settled. */
  hold(): Promise<void> {
    return this.#hold.begin();
  }

  release(): void {
    this.#hold.release();
    this.#parts.wake();
  }

  /** Takes what is staged, for a commit; `undefined` where there is nothing to commit. */
  seal(): Sealed | undefined {
    if (!this.#isRestored || !this.isSettled || !this.#hasWork) return undefined;
    if (this.#state !== "running" && this.#state !== "failed") return undefined;
    if (this.#isAbandoned) return undefined;
    this.tables.seal(this.core.services.clock.now());
    for (const input of this.inputs) input.teller?.seal();
    this.core.undo.release();
    const handled = this.#progress.seal();
    return { task: this, batches: this.core.outbox.seal(), handled };
  }

  /** The offsets of a sealed generation, with the ends of its changelogs beside them. */
  offsets(changelogs: Readonly<Record<string, number>>): readonly CommittedOffset[] {
    return this.#progress.offsets(changelogs);
  }

  /** The sealed generation is committed. */
  acknowledge(sealed: Sealed, ends: Readonly<Record<string, number>>): void {
    if (this.#state === "closed") return;
    this.core.outbox.recycle(sealed.batches);
    this.tables.acknowledge(ends);
    if (this.#progress.isCautious) this.#parts.wake();
    this.#progress.acknowledge();
    this.tables.reached(this.inputs, this.#progress.committed);
  }

  /**
   * Goes back to the last commit: both generations and the agents' runs are given up. `wasSent`:
   * the sealed one may be in the log all the same, as there is no transaction around it. `cause`:
   * what was sealed failed with it. The caller seeks the inputs afterwards. Gives whether something
   * else is done the next time, so that it may succeed.
   */
  async rewind(wasSent: boolean, cause?: unknown): Promise<boolean> {
    if (!this.#isRestored || this.#state === "closed") return true;
    const { choice, closings, core } = this.#parts;
    this.#state = "rewinding";
    core.rests.cut();
    core.retryWait.close();
    await this.#turns.pending;
    // A run that has returned, and whose end is committed, stays over.
    const going = this.inputs.filter((input) => !input.isOver);
    for (const input of going) await input.driver.end();
    if (this.#hasState("closed")) return true;
    core.outbox.drop();
    this.tables.rewind(wasSent);
    core.undo.release();
    choice.stop();
    closings?.rewind();
    const isOther = this.#progress.rewind(cause);
    this.#error = undefined;
    this.#state = "running";
    core.retryWait.reopen();
    this.#parts.wake();
    return isOther;
  }

  /** Ends agents and closes tables. With `flush`, stores get what is committed first. */
  async close(flush: boolean): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    const { choice, closings, core, timers } = this.#parts;
    timers.stop();
    closings?.stop();
    for (const input of this.inputs) input.teller?.stop();
    choice.stop();
    const { isWaiting } = core.retryWait;
    core.end();
    // What waits for a retry ends with the wait; an agent that is at work may never end.
    if (isWaiting) await this.#turns.pending;
    if (this.#turns.pending === undefined) {
      for (const input of this.inputs) await input.driver.end();
    }
    if (flush && this.#isRestored) {
      await this.tables.flush(this.#progress.committed);
    }
    await this.tables.close();
  }

  /** Asked again after waiting: others may have changed it. */
  #hasState(state: TaskState): boolean {
    return this.#state === state;
  }

  get #isFree(): boolean {
    const mayWork =
      this.#state === "running" && this.#turns.pending === undefined && !this.#hold.isHeld;
    // Records that are kept back fill no commit.
    return mayWork && !this.isFull && !this.#parts.scope.isCrowded;
  }

  /** Whether what lanes have done can be taken over, even if no further record may be taken. */
  get #mayFinish(): boolean {
    const isRunning = this.#state === "running" && this.#turns.pending === undefined;
    return isRunning && !this.#parts.scope.interludes.isEmpty;
  }

  get #hasWork(): boolean {
    const hasNews = this.inputs.some(({ teller }) => teller?.hasNews === true);
    return hasNews || this.openBytes > 0 || this.#progress.hasMoved;
  }
}
