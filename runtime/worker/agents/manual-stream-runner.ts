import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { ManualEvent, ManualStream } from "../../stream/event.ts";
import { type RunTiming, StreamRun } from "../../stream/run.ts";
import type { ErrorPolicy, LastStep } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { Postponement } from "../failures/postponement.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { AgentRunner } from "./agent-runner.ts";
import type { EventTurn } from "./event-turn.ts";
import type { Gathers } from "./gathers.ts";
import type { OpenEvent, OpenEvents } from "./open-events.ts";
import { oneOfMany } from "./stream-runner.ts";

interface ManualStreamPlace<K, V, Topic extends string> {
  /** The source's. */
  readonly record: LoadedRecord<V>;
  /** The one that the run is at, and what makes its event. */
  readonly own: LoadedRecord<V>;
  readonly turn: EventTurn<K, V, Topic, never>;
  readonly core: WorkerCore;
  readonly gathers: Gathers;
  readonly open: OpenEvents<K, V, Topic, never>;
  paused(): void;
}

type Open<K, V, Topic extends string> = OpenEvent<ManualEvent<K, V, Topic>>;
type Body<K, V, Topic extends string> = (stream: ManualStream<K, V, Topic>) => Promise<void>;

/**
 * An agent that is one run, and acknowledges events when it likes. What is open when a run ends comes
 * to the next one, behind the record that it has failed with.
 */
export class ManualStreamRunner<K, V, Topic extends string> implements AgentRunner {
  readonly name: string;
  readonly onError: ErrorPolicy;
  isPaused = false;
  readonly #body: Body<K, V, Topic>;
  readonly #at: ManualStreamPlace<K, V, Topic>;
  readonly #timing: RunTiming;
  #run: StreamRun<K, V, Topic, ManualEvent<K, V, Topic>> | undefined;
  /** What the run has had. */
  #given = new Set<number>();
  /** What `take` gathers, or has given together. */
  #gathered: Open<K, V, Topic>[] = [];
  /** What the run has failed with. */
  #blamed: readonly Open<K, V, Topic>[] = [];
  /** The loaded record, while it is what the run is at. */
  #loaded: Open<K, V, Topic> | undefined;

  constructor(
    agent: { readonly name: string; readonly onError: ErrorPolicy },
    body: Body<K, V, Topic>,
    at: ManualStreamPlace<K, V, Topic>,
  ) {
    this.name = agent.name;
    this.onError = agent.onError;
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
    return this.#at.open.first;
  }

  get open(): readonly number[] {
    return this.#at.open.offsets;
  }

  get isTimed(): boolean {
    return this.#at.gathers.isTimed;
  }

  get failedWith(): readonly BatchCursor[] {
    return this.#blamed.flatMap((item) => (item === this.#loaded ? [] : [item.kept.cursor]));
  }

  async run(): Promise<void> {
    const { open, own, record, turn } = this.#at;
    this.#blamed = [];
    if (record.value === null) return;
    own.cursor = record.cursor;
    own.timestamp = record.timestamp;
    own.value = record.value;
    const item = open.hand(own, turn.event());
    // The loaded record's bytes may move while the run is awaited.
    own.cursor = item.kept.cursor;
    this.#loaded = item;
    await this.#deliver(item);
    this.#loaded = undefined;
  }

  again(): void {
    this.#giveRest();
  }

  leave(): void {
    const { open } = this.#at;
    if (!open.giveUpExpired()) for (const { offset } of this.#blamed) open.giveUp(offset);
    this.#blamed = [];
    this.#loaded = undefined;
    this.#giveRest();
  }

  async end(): Promise<string | undefined> {
    const run = this.#run;
    this.#forgetRun();
    this.#blamed = [];
    this.#loaded = undefined;
    this.#at.open.end();
    this.#at.gathers.end();
    const failure = await run?.end();
    this.isPaused = false;
    return failure;
  }

  async #deliver(item: Open<K, V, Topic>): Promise<void> {
    const { turn } = this.#at;
    await this.#give(async (run) => {
      this.#given.add(item.offset);
      await run.deliver(item.event);
      try {
        turn.judge(undefined);
      } catch (error) {
        throw run.isHolding && error instanceof Postponement ? oneOfMany() : error;
      }
    }, item);
  }

  /** Lets the run do something, and notes what it has failed with. */
  async #give(
    work: (run: StreamRun<K, V, Topic, ManualEvent<K, V, Topic>>) => Promise<void>,
    item?: Open<K, V, Topic>,
  ): Promise<void> {
    const { open, paused } = this.#at;
    const run = this.#run ?? new StreamRun(this.#body, this.#timing, eventsOnly);
    this.#run = run;
    try {
      await open.call(() => work(run));
    } catch (error) {
      // A run that goes on is not to blame for what it was given before.
      const isRunOver = run.hasFailed;
      const gathered = item !== undefined && (!isRunOver || run.isGathering) ? [] : this.#gathered;
      this.#blamed = item === undefined ? gathered : [...gathered, item];
      if (isRunOver) this.#forgetRun();
      throw error;
    }
    if (!run.isHolding) this.#gathered = [];
    else if (item !== undefined) this.#gathered.push(item);
    if (run.isOver && this.#run === run) {
      this.isPaused = true;
      paused();
    }
  }

  #forgetRun(): void {
    this.#run = undefined;
    this.#given = new Set();
    this.#gathered = [];
  }

  /** What is open and the run has not had comes to it between two records. */
  #giveRest(): void {
    const { gathers, open } = this.#at;
    for (const item of open.items) {
      if (!this.#given.has(item.offset)) gathers.between(item.kept, () => this.#giveAgain(item));
    }
  }

  async #giveAgain(item: Open<K, V, Topic>): Promise<void> {
    const { core, gathers, open } = this.#at;
    const isDue = open.find(item.offset) === item && !this.#given.has(item.offset);
    if (!isDue || this.isPaused) return;
    const mark = core.undo.mark();
    try {
      await this.#deliverKept(item);
    } catch (error) {
      if (error instanceof Postponement) {
        core.undo.rollback(mark);
        gathers.later(error.delayMs, () => {
          this.#given.delete(item.offset);
          gathers.turnTo(item.kept);
          return this.#giveAgain(item);
        });
        return;
      }
      if (!isWorthRetrying(this.onError, error)) throw error;
      core.undo.rollback(mark);
      await this.#retry(item, error);
    }
  }

  async #retry(item: Open<K, V, Topic>, first: unknown): Promise<void> {
    const { core, own } = this.#at;
    const place = { topic: own.topic, partition: own.partition, offset: item.offset };
    const { name, onError } = this;
    const attempt = {
      again: () => this.#deliverKept(item),
      failed: (error: unknown) =>
        named(error, "SG8020", `agent "${name}" threw`).at({ agent: name, ...place }),
    };
    const givenUp = await retry<LastStep>(core, onError, attempt, first);
    if (givenUp !== undefined) throw givenUp.error;
    this.#giveRest();
  }

  async #deliverKept(item: Open<K, V, Topic>): Promise<void> {
    const { own } = this.#at;
    own.cursor = item.kept.cursor;
    own.timestamp = item.kept.timestamp;
    await this.#deliver(item);
  }
}

function eventsOnly(): never {
  throw new StreamgenError(
    "SG8433",
    'a stream with ack: "manual" was asked for values, which cannot be acknowledged: take stream.events()',
  );
}
