import { StreamgenError } from "../errors.ts";
import type { Event, Stream } from "../stream/event.ts";
import { type RunTiming, StreamRun } from "../stream/run.ts";
import type { AgentRunner } from "./agent-runner.ts";
import type { EventTurn } from "./event-turn.ts";
import type { Gathers } from "./gathers.ts";
import type { LoadedRecord } from "./loaded-record.ts";
import { Postponement } from "./postponement.ts";
import type { ErrorPolicy } from "./spec.ts";
import type { WorkerCore } from "./worker-core.ts";

/** The record that the run gets next, and what to do when it wants no more. */
export interface StreamTurn<K, V, Topic extends string> {
  readonly record: LoadedRecord<V>;
  readonly turn: EventTurn<K, V, Topic, never>;
  readonly core: WorkerCore;
  readonly gathers: Gathers;
  paused(): void;
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
  #held: Event<K, V, Topic>[] = [];

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
    const [before, wasHolding] = [undo.size, this.#held.length > 0];
    await this.#give((run) => run.deliver(event), event);
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
    event?: Event<K, V, Topic>,
  ): Promise<void> {
    const { gathers, paused } = this.#at;
    const run = this.#run ?? new StreamRun<K, V, Topic>(this.#body, this.#timing);
    this.#run = run;
    try {
      await work(run);
    } catch (error) {
      this.#run = undefined;
      // What the body has been given is what it has failed with; the rest it has not seen.
      if (!run.isGathering) this.#held = [];
      throw error;
    }
    if (run.isHolding && event !== undefined) this.#held.push(event);
    if (!run.isHolding) {
      this.#held = [];
      gathers.release();
    }
    if (run.isOver && this.#run === run) {
      this.isPaused = true;
      paused();
    }
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
    const events = this.#held;
    this.#held = [];
    for (const [index, event] of events.entries()) {
      try {
        await this.#give((run) => run.deliver(event), event);
      } catch (error) {
        this.#held.push(...events.slice(index + 1));
        throw error;
      }
    }
    const [first] = this.#held;
    if (first !== undefined) this.#at.gathers.moveTo(Number(first.offset));
  }
}

function writtenTooEarly(): StreamgenError {
  return new StreamgenError(
    "SG8403",
    "something was written or sent before take had all its values: do it with what take gives",
  );
}

function oneOfMany(): StreamgenError {
  return new StreamgenError(
    "SG8404",
    "nack was called for one of the events that take has given together: throw, or reject it",
  );
}
