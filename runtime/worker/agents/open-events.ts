import { AsyncLocalStorage } from "node:async_hooks";
import type { Timer } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import type { UndoStep } from "../../state/undo.ts";
import type { Event, ManualEvent } from "../../stream/event.ts";
import { Outstanding } from "../../stream/outstanding.ts";
import { onAbort } from "../rpc/aborts.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { Gathers, KeptRecord } from "./gathers.ts";

/** An event that was handed out, with its record's bytes. */
export interface OpenEvent<E> {
  readonly offset: number;
  readonly event: E;
  readonly kept: KeptRecord;
  readonly since: number;
}

/** One call of the function, or one turn of its run. */
interface Call {
  acknowledges: boolean;
}

/** How long an event may stay open. */
const openMaxMs = 3_600_000;

/**
 * The events that an agent has been handed and has not acknowledged. What is acknowledged in a call is
 * part of the call's work: undone with it, and committed with it.
 *
 *     handed out ──ack in a call──▶ acknowledged with the call's work
 *         │  └─────ack between────▶ acknowledged at once
 *         └────────open too long──▶ `onError`
 */
export class OpenEvents<K, V, Topic extends string, Gone> {
  readonly #task: TaskCore;
  readonly #gathers: Gathers;
  readonly #open = new Outstanding<OpenEvent<ManualEvent<K, V, Topic, Gone>>>();
  readonly #isRun: boolean;
  /** Tells what a call does itself from what goes on beside it. */
  readonly #calls = new AsyncLocalStorage<Call>();
  #call: Call | undefined;
  #alarm: Timer | undefined;
  /** One that has been open for too long, while `onError` decides about it. */
  #expired: number | undefined;
  /** Counts ends: events from before one are not ours any more. */
  #epoch = 0;

  /** `isRun`: calls are turns of one run, whose body is in the middle of something between them. */
  constructor(task: TaskCore, gathers: Gathers, isRun: boolean) {
    this.#task = task;
    this.#gathers = gathers;
    this.#isRun = isRun;
    // An agent that is at work when its task ends may never be told.
    onAbort(task.core.signal, () => this.#alarm?.cancel());
  }

  get first(): number | undefined {
    return this.#open.first?.offset;
  }

  get items(): readonly OpenEvent<ManualEvent<K, V, Topic, Gone>>[] {
    return this.#open.items;
  }

  get offsets(): readonly number[] {
    return this.#open.items.map(({ offset }) => offset);
  }

  find(offset: number): OpenEvent<ManualEvent<K, V, Topic, Gone>> | undefined {
    return this.#open.find(offset);
  }

  /** Hands out the loaded record; the same event where it has been handed out before. */
  hand(
    record: LoadedRecord<V>,
    made: Event<K, V, Topic, Gone>,
  ): OpenEvent<ManualEvent<K, V, Topic, Gone>> {
    const { offset } = record.cursor;
    const known = this.#open.find(offset);
    if (known !== undefined) return known;
    const epoch = this.#epoch;
    const event: ManualEvent<K, V, Topic, Gone> = {
      ...made,
      ack: () => {
        if (epoch === this.#epoch) this.#acknowledge(offset);
      },
    };
    const kept = this.#gathers.hold(record);
    const item = { offset, event, kept, since: this.#task.core.services.clock.now() };
    this.#add(item);
    this.#alarm ??= this.#wake(openMaxMs);
    return item;
  }

  /** Makes a call. What it acknowledges is part of its work. Throws, or rejects, as it does. */
  call<R>(handle: () => R): R {
    const call: Call = { acknowledges: false };
    const { undo } = this.#task.core;
    const before = undo.size;
    const check = () => {
      this.#call = undefined;
      if (undo.size > before && !call.acknowledges) throw unacknowledged();
    };
    const fail = (error: unknown): never => {
      this.#call = undefined;
      throw error;
    };
    this.#call = call;
    let result: R;
    try {
      result = this.#calls.run(call, handle);
    } catch (error) {
      return fail(error);
    }
    if (result instanceof Promise) return result.then(check, fail) as R;
    check();
    return result;
  }

  /** A record is given up: nobody acknowledges it any more. */
  giveUp(offset: number): void {
    const item = this.#open.find(offset);
    if (item !== undefined) this.#remove(item);
  }

  /** The same for one that was open for too long. Gives whether there is one. */
  giveUpExpired(): boolean {
    const offset = this.#expired;
    this.#expired = undefined;
    if (offset !== undefined) this.giveUp(offset);
    return offset !== undefined;
  }

  /** Forgets everything: the records come again. */
  end(): void {
    this.#epoch += 1;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#task.openEvents.remove(this.#open.size);
    this.#open.clear();
  }

  #acknowledge(offset: number): void {
    const item = this.#open.find(offset);
    if (item === undefined) return;
    const call = this.#isRun ? this.#call : this.#calls.getStore();
    if (call === undefined || call !== this.#call) {
      this.#forget(item);
      return;
    }
    call.acknowledges = true;
    this.#remove(item);
  }

  /** As part of what is being done. */
  #remove(item: OpenEvent<ManualEvent<K, V, Topic, Gone>>): void {
    this.#forget(item);
    const step: UndoStep = {
      undo: () => this.#add(item),
      copy: () => () => this.#remove(item),
    };
    this.#task.core.undo.push(step);
  }

  #add(item: OpenEvent<ManualEvent<K, V, Topic, Gone>>): void {
    this.#open.add(item);
    this.#task.openEvents.add();
  }

  #forget(item: OpenEvent<ManualEvent<K, V, Topic, Gone>>): void {
    if (this.#open.remove(item)) this.#task.openEvents.remove(1);
  }

  /** Looks in `ms` for events that have been open for too long. */
  #wake(ms: number): Timer {
    const { clock } = this.#task.core.services;
    return clock.timer(ms, () => {
      this.#alarm = undefined;
      const now = clock.now();
      const late = this.#open.items.filter(({ since }) => now - since >= openMaxMs);
      for (const item of late) this.#gathers.between(item.kept, async () => this.#expire(item));
      const since = Math.min(...this.#open.items.map((item) => item.since));
      const next = late.length > 0 ? openMaxMs : since + openMaxMs - now;
      if (this.#open.size > 0) this.#alarm = this.#wake(next);
    });
  }

  #expire(item: OpenEvent<ManualEvent<K, V, Topic, Gone>>): void {
    if (this.#open.find(item.offset) !== item) return;
    this.#expired = item.offset;
    throw new StreamgenError(
      "SG8431",
      "an event was not acknowledged for an hour: call its ack when it is done with",
    );
  }
}

function unacknowledged(): StreamgenError {
  return new StreamgenError(
    "SG8432",
    "something was written or sent in a call that acknowledged nothing, so that it would be done " +
      "again with its event: call ack in the same call",
  );
}
