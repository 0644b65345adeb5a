import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { Event, Stream } from "../../stream/event.ts";
import { type RunTiming, StreamRun } from "../../stream/run.ts";
import type { ErrorPolicy } from "../failures/error-policy.ts";
import { Postponement } from "../failures/postponement.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { AgentRunner } from "./agent-runner.ts";
import type { EventTurn } from "./event-turn.ts";
import type { Gathers } from "./gathers.ts";

/** The record that the run gets next, and what to do when it wants no more. */
export interface StreamTurn<K, V, Topic extends string> {
  readonly record: LoadedRecord<V>;
  readonly turn: EventTurn<K, V, Topic, never>;
  readonly core: WorkerCore;
  readonly gathers: Gathers;
  paused(): void;
}

interface Held<K, V, Topic extends string> {
  readonly event: Event<K, V, Topic>;
  /** In bytes of its own, once an operator holds it. */
  readonly cursor: BatchCursor;
}

type StreamBody<K, V, Topic extends string> = (stream: Stream<K, V, Topic>) => Promise<void>;

/** An agent that is one run for many records. */
export class StreamRunner<K, V, Topic extends string> implements AgentRunner {
  readonly name: string;
  readonly onError: ErrorPolicy;
  isPaused = false;
  readonly #body: StreamBody<K, V, Topic>;
  readonly #at: StreamTurn<K, V, Topic>;
  readonly #timing: RunTiming;
  #run: StreamRun<K, V, Topic> | undefined;
  /** Records that an operator holds; empty where none does. */
  #held: Held<K, V, Topic>[] = [];
  /** What the body was given beside the last record, which it may fail with. */
  #given: Held<K, V, Topic>[] = [];

  constructor(
    name: string,
    onError: ErrorPolicy,
    body: StreamBody<K, V, Topic>,
    at: StreamTurn<K, V, Topic>,
  ) {
    this.name = name;
    this.onError = onError;
    this.#body = body;
    this.#at = at;
    const { core, gathers } = at;
    this.#timing = {
      now: core.services.clock.now,
      rest: (ms) => core.rest(ms),
      later: (ms, turn) => gathers.later(ms, () => this.#give(turn)),
    };
  }

  get held(): number | undefined {
    return this.#at.gathers.offset;
  }

  get isTimed(): boolean {
    return this.#at.gathers.isTimed;
  }

  run(): Promise<void> | undefined {
    return this.#at.record.value === null ? undefined : this.#deliver();
  }

  get failedWith(): readonly BatchCursor[] {
    return this.#given.map(({ cursor }) => cursor);
  }

  again(): void {
    this.#held.unshift(...this.#given.splice(0));
    const [first] = this.#held;
    if (first !== undefined) this.#at.gathers.moveTo(first.cursor.offset);
  }

  leave(): void {
    const { gathers } = this.#at;
    if (this.#held.length === 0) gathers.release();
    else gathers.soon(() => this.#deliverAgain());
  }

  async end(): Promise<string | undefined> {
    const run = this.#run;
    // Forgotten first, so that `deliver` does not take this end for a return of the body's own.
    this.#run = undefined;
    this.#held = [];
    this.#given = [];
    this.#at.gathers.end();
    const failure = await run?.end();
    this.isPaused = false;
    return failure;
  }

  async #deliver(): Promise<void> {
    const { core, gathers, record, turn } = this.#at;
    const { undo } = core;
    await this.#deliverAgain();
    const event = turn.event();
    const given = { event, cursor: record.cursor };
    const [before, wasHolding] = [undo.size, this.#held.length > 0];
    await this.#give((run) => run.deliver(event), given);
    const isHolding = this.#held.length > 0;
    try {
      turn.judge(undefined);
      if (isHolding && undo.size > before) throw writtenTooEarly();
    } catch (error) {
      if (isHolding) await this.#giveUp();
      else if (wasHolding && error instanceof Postponement) throw oneOfMany();
      throw error;
    }
    if (isHolding) gathers.hold(record);
  }

  /** Lets the run do something, and notes what it holds afterwards. */
  async #give(
    work: (run: StreamRun<K, V, Topic>) => Promise<void>,
    given?: Held<K, V, Topic>,
  ): Promise<void> {
    const { gathers, paused } = this.#at;
    this.#given = [];
    const run = this.#run ?? new StreamRun<K, V, Topic>(this.#body, this.#timing);
    this.#run = run;
    try {
      await work(run);
    } catch (error) {
      this.#run = undefined;
      // What the body has been given is what it has failed with; the rest it has not seen.
      if (!run.isGathering) this.#given = this.#held.splice(0);
      if (given !== undefined && !this.#isLoaded(given)) this.#given.push(given);
      throw error;
    }
    if (run.isHolding && given !== undefined) this.#hold(given);
    if (!run.isHolding) {
      this.#given = this.#held.splice(0);
      gathers.release();
    }
    if (run.isOver && this.#run === run) {
      this.isPaused = true;
      paused();
    }
  }

  #hold(given: Held<K, V, Topic>): void {
    const { event, cursor } = given;
    const isLoaded = this.#isLoaded(given);
    this.#held.push({ event, cursor: isLoaded ? this.#at.record.cursor.copy() : cursor });
  }

  /** By its offset: while the body waited, a poll may have moved its bytes under another cursor. */
  #isLoaded({ cursor }: Held<K, V, Topic>): boolean {
    return cursor.offset === this.#at.record.cursor.offset;
  }

  /** The run ends without the record that it was given last. */
  async #giveUp(): Promise<void> {
    this.#held.pop();
    const run = this.#run;
    this.#run = undefined;
    await run?.end();
  }

  /** Gives a new run what the one before held and did not come to. */
  async #deliverAgain(): Promise<void> {
    if (this.#run !== undefined) return;
    const list = this.#held;
    this.#held = [];
    for (const [index, held] of list.entries()) {
      try {
        await this.#give((run) => run.deliver(held.event), held);
      } catch (error) {
        this.#held.push(...list.slice(index + 1));
        throw error;
      }
    }
    const [first] = this.#held;
    if (first !== undefined) this.#at.gathers.moveTo(first.cursor.offset);
  }
}

function writtenTooEarly(): StreamgenError {
  return new StreamgenError(
    "SG8403",
    "something was written or sent before take had all its values: do it with what take gives",
  );
}

export function oneOfMany(): StreamgenError {
  return new StreamgenError(
    "SG8404",
    "nack was called for one of the events that take has given together: throw, or reject it",
  );
}
