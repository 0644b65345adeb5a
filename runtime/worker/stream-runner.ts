import type { Stream } from "../stream/event.ts";
import { StreamRun } from "../stream/run.ts";
import type { AgentRunner } from "./agent-runner.ts";
import type { EventTurn } from "./event-turn.ts";
import type { LoadedRecord } from "./loaded-record.ts";
import type { ErrorPolicy } from "./spec.ts";

/** The record that the run gets next, and what to do when it wants no more. */
export interface StreamTurn<K, V, Topic extends string> {
  readonly record: LoadedRecord<V>;
  readonly turn: EventTurn<K, V, Topic, never>;
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
  #run: StreamRun<K, V, Topic> | undefined;

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
  }

  run(): Promise<void> | undefined {
    return this.#at.record.value === null ? undefined : this.#deliver();
  }

  async end(): Promise<string | undefined> {
    const run = this.#run;
    // Forgotten first, so that `deliver` does not take this end for a return of the body's own.
    this.#run = undefined;
    const failure = await run?.end();
    this.isPaused = false;
    return failure;
  }

  async #deliver(): Promise<void> {
    const event = this.#at.turn.event();
    const run = this.#run ?? new StreamRun<K, V, Topic>(this.#body);
    this.#run = run;
    try {
      await run.deliver(event);
    } catch (error) {
      this.#run = undefined;
      throw error;
    }
    if (run.isOver && this.#run === run) {
      this.isPaused = true;
      this.#at.paused();
    }
    this.#at.turn.judge(undefined);
  }
}
