import type { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import { Outstanding } from "../../stream/outstanding.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import type { Gathers, KeptRecord } from "../agents/gathers.ts";
import type { ErrorPolicy, LastStep } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { Postponement, Redelivery } from "../failures/postponement.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import { isGivenUp } from "../failures/retry-wait.ts";
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
  readonly offset: number;
  readonly value: V | null;
  readonly kept: KeptRecord;
  /** Records of one key are handled one after the other; `undefined`: it has none. */
  readonly key: string | undefined;
}

/** What a record has failed with, after so many calls. */
interface Failure {
  readonly error: unknown;
  readonly attempts: number;
}

/** So many records for each lane are looked at for one whose key is free. */
const aheadMax = 4;
/** So many are handed out at most: what waits for a retry has a place beside the committed offset. */
const inFlightMax = 500;

/**
 * An agent with lanes: several records at once, those of one key in their order. A record's work
 * becomes the task's between two turns of the task, so that nothing else is in the middle of anything.
 *
 *     waiting ──lane and key are free──▶ handled ──interlude──▶ done
 *                                         │  ▲
 *                                       fails, and waits for the next call
 *
 * A commit waits for what is handled, and goes on without what waits: that is open, like events which
 * are not acknowledged.
 */
export class LaneRunner<V> implements AgentRunner {
  readonly name: string;
  readonly onError: ErrorPolicy;
  readonly isPaused = false;
  readonly isTimed = false;
  readonly #task: TaskCore;
  readonly #topic: string;
  readonly #current: LoadedRecord<V>;
  readonly #gathers: Gathers;
  readonly #free: Lane<V>[];
  readonly #lanes: readonly Lane<V>[];
  #waiting: Item<V>[] = [];
  readonly #keys = new Set<string>();
  readonly #busy = new Set<Lane<V>>();
  readonly #open = new Outstanding<Item<V>>();
  readonly #decode: (cursor: BatchCursor) => V;
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
      /** Reads a record's value anew: what a call has changed is not the next one's. */
      readonly decode: (cursor: BatchCursor) => V;
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
    this.#decode = at.decode;
    const { inFlight } = at.task;
    inFlight.limit(Math.min(inFlightMax, lanes.length * aheadMax));
    inFlight.watch(() => [...this.#busy].every(({ scope }) => scope.core.retryWait.isWaiting));
  }

  get held(): number | undefined {
    return this.#open.first?.offset;
  }

  get open(): readonly number[] {
    return this.#open.items.map(({ offset }) => offset);
  }

  run(): undefined {
    const { cursor, timestamp, value } = this.#current;
    const copy = cursor.copy();
    const { bytes, keyStart, keyEnd } = copy;
    const key = keyStart < 0 ? undefined : bytes.toString("latin1", keyStart, keyEnd);
    const item = { offset: copy.offset, value, kept: { cursor: copy, timestamp }, key };
    this.#waiting.push(item);
    this.#open.add(item);
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
    this.#busy.clear();
    this.#open.clear();
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
      this.#busy.add(lane);
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

  /** Calls the function as often as `onError` says. Gives what it failed with. */
  async #handle(lane: Lane<V>, item: Item<V>): Promise<Failure | undefined> {
    const { record, scope } = lane;
    record.cursor = item.kept.cursor;
    record.timestamp = item.kept.timestamp;
    record.value = item.value;
    try {
      await this.#call(lane, item);
      return undefined;
    } catch (error) {
      if (isGivenUp(error) || !isWorthRetrying(this.onError, error)) return { error, attempts: 1 };
      const attempt = {
        again: () => {
          this.#refresh(lane, item);
          return this.#call(lane, item);
        },
        failed: (cause: unknown) => {
          this.#expectWait(lane);
          return this.#located(cause, item);
        },
      };
      return await retry<LastStep>(scope.core, this.onError, attempt, error).catch((over) => ({
        error: over,
        attempts: 1,
      }));
    }
  }

  /** Calls the function, and again where it gives the record back. What it throws has left nothing. */
  async #call(lane: Lane<V>, item: Item<V>): Promise<void> {
    const { runner, scope } = lane;
    const { cursor, timestamp } = item.kept;
    const { core } = scope;
    const redelivery = new Redelivery(core);
    for (;;) {
      core.moment.open(timestamp, `${this.#topic}/${scope.partition}`, cursor.offset, cursor);
      try {
        await runner.run();
        return;
      } catch (error) {
        scope.drop();
        if (!(error instanceof Postponement)) throw error;
        this.#expectWait(lane);
        await redelivery.wait(cursor.offset, error);
        this.#refresh(lane, item);
      }
    }
  }

  #refresh({ record }: Lane<V>, { kept, value }: Item<V>): void {
    if (value !== null) record.value = this.#decode(kept.cursor);
  }

  /** Commits that wait for this lane go on as soon as it waits. */
  #expectWait({ scope }: Lane<V>): void {
    scope.core.retryWait.begun().then(() => this.#task.inFlight.stir());
  }

  #located(error: unknown, { offset }: Item<V>): StreamgenError {
    const { partition, topic } = this.#current;
    const place = { agent: this.name, topic, partition, offset };
    return named(error, "SG8020", `agent "${this.name}" threw`).at(place);
  }

  #finish(lane: Lane<V>, item: Item<V>, failure: Failure | undefined): void {
    const { core } = this.#task;
    if (failure === undefined) lane.scope.apply();
    else this.#gathers.failed(failure.error, core.undo.mark(), item.kept, failure.attempts);
    this.#open.remove(item);
    this.#busy.delete(lane);
    this.#free.push(lane);
    if (item.key !== undefined) this.#keys.delete(item.key);
    this.#count -= 1;
    this.#start();
    this.#task.inFlight.remove();
  }
}
