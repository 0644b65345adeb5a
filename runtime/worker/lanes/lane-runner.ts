import type { AgentRunner } from "../agents/agent-runner.ts";
import type { Gathers, KeptRecord } from "../agents/gathers.ts";
import type { ErrorPolicy } from "../failures/error-policy.ts";
import { Postponement, Redelivery } from "../failures/postponement.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { LaneScope } from "./lane-scope.ts";

/** One of the places where an agent handles a record while it handles others elsewhere. */
export interface Lane<V> {
  readonly scope: LaneScope;
  readonly record: LoadedRecord<V>;
  readonly runner: AgentRunner;
}

interface Item<V> {
  readonly value: V | null;
  readonly kept: KeptRecord;
  /** Records of one key are handled one after the other; `undefined`: it has none. */
  readonly key: string | undefined;
}

/** So many records for each lane are looked at for one whose key is free. */
const aheadMax = 4;

/**
 * An agent with lanes: several records at once, those of one key in their order. A record's work
 * becomes the task's between two turns of the task, so that nothing else is in the middle of anything.
 *
 *     waiting ──lane and key are free──▶ handled ──interlude──▶ done
 */
export class LaneRunner<V> implements AgentRunner {
  readonly name: string;
  readonly onError: ErrorPolicy;
  readonly isPaused = false;
  readonly #task: TaskCore;
  readonly #topic: string;
  readonly #current: LoadedRecord<V>;
  readonly #gathers: Gathers;
  readonly #free: Lane<V>[];
  readonly #lanes: readonly Lane<V>[];
  #waiting: Item<V>[] = [];
  readonly #keys = new Set<string>();
  #count = 0;
  /** Counts ends: what was begun before one counts for nothing. */
  #epoch = 0;
  #working = new Set<Promise<void>>();

  /** `topic` is the topic's name in the log. */
  constructor(
    agent: { readonly name: string; readonly onError: ErrorPolicy },
    lanes: readonly Lane<V>[],
    at: {
      readonly task: TaskCore;
      readonly topic: string;
      readonly record: LoadedRecord<V>;
      readonly gathers: Gathers;
    },
  ) {
    this.name = agent.name;
    this.onError = agent.onError;
    this.#lanes = lanes;
    this.#free = [...lanes];
    this.#task = at.task;
    this.#topic = at.topic;
    this.#current = at.record;
    this.#gathers = at.gathers;
    at.task.inFlight.limit(lanes.length * aheadMax);
  }

  run(): undefined {
    const { cursor, timestamp, value } = this.#current;
    const copy = cursor.copy();
    const { bytes, keyStart, keyEnd } = copy;
    const key = keyStart < 0 ? undefined : bytes.toString("latin1", keyStart, keyEnd);
    this.#waiting.push({ value, kept: { cursor: copy, timestamp }, key });
    this.#count += 1;
    this.#task.inFlight.add();
    this.#start();
  }

  async end(): Promise<undefined> {
    this.#epoch += 1;
    this.#waiting = [];
    for (const { scope } of this.#lanes) {
      scope.core.moment.close();
      scope.core.retryWait.close();
    }
    await Promise.all(this.#working);
    for (const { scope } of this.#lanes) {
      scope.drop();
      scope.core.retryWait.reopen();
    }
    this.#free.splice(0, this.#free.length, ...this.#lanes);
    this.#keys.clear();
    this.#task.inFlight.remove(this.#count);
    this.#count = 0;
    return undefined;
  }

  /** Gives free lanes the first records whose keys are free. */
  #start(): void {
    for (let index = 0; index < this.#waiting.length && this.#free.length > 0; ) {
      const item = this.#waiting[index];
      if (item === undefined || (item.key !== undefined && this.#keys.has(item.key))) {
        index += 1;
        continue;
      }
      const lane = this.#free.pop();
      if (lane === undefined) return;
      this.#waiting.splice(index, 1);
      if (item.key !== undefined) this.#keys.add(item.key);
      const working = this.#work(lane, item).finally(() => this.#working.delete(working));
      this.#working.add(working);
    }
  }

  /** Handles a record, and has the task take over what that has led to. Never rejects. */
  async #work(lane: Lane<V>, item: Item<V>): Promise<void> {
    const epoch = this.#epoch;
    const failure = await this.#handle(lane, item);
    lane.scope.core.moment.close();
    if (epoch !== this.#epoch) return;
    this.#task.interludes.push({
      ...item.kept,
      topic: this.#topic,
      run: async () => {
        if (epoch === this.#epoch) this.#finish(lane, item, failure);
      },
    });
    this.#task.inFlight.stir();
  }

  /** Gives what it failed with. */
  async #handle(
    { scope, record, runner }: Lane<V>,
    { kept, value }: Item<V>,
  ): Promise<{ readonly error: unknown } | undefined> {
    const { cursor, timestamp } = kept;
    const { core } = scope;
    const redelivery = new Redelivery(core);
    record.cursor = cursor;
    record.timestamp = timestamp;
    record.value = value;
    for (;;) {
      core.moment.open(timestamp, `${this.#topic}/${scope.partition}`, cursor.offset, cursor);
      try {
        await runner.run();
        return undefined;
      } catch (error) {
        scope.drop();
        if (!(error instanceof Postponement)) return { error };
        try {
          await redelivery.wait(cursor.offset, error);
        } catch (over) {
          return { error: over };
        }
      }
    }
  }

  #finish(lane: Lane<V>, item: Item<V>, failure: { readonly error: unknown } | undefined): void {
    if (failure === undefined) lane.scope.apply();
    else this.#gathers.failed(failure.error, this.#task.core.undo.mark(), item.kept);
    this.#free.push(lane);
    if (item.key !== undefined) this.#keys.delete(item.key);
    this.#count -= 1;
    this.#start();
    this.#task.inFlight.remove();
  }
}
