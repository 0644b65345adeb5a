import type { Timer } from "../../clock.ts";
import { type ErrorPolicy, type LastStep, lastStep } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { BatchBounds } from "./agent-bounds.ts";
import type { AgentRunner } from "./agent-runner.ts";
import type { Gathers, KeptRecord } from "./gathers.ts";

interface BatchPlace {
  readonly record: LoadedRecord<unknown>;
  readonly gathers: Gathers;
  readonly core: WorkerCore;
}

interface Item<T> {
  readonly value: T;
  readonly record: KeptRecord;
}

type Handle<T> = (values: readonly T[]) => unknown;

/** What the agent gets of records. */
export interface BatchValues<T> {
  /** Of the loaded one; `null` for a tombstone. */
  current(): T | null;
  /** Of one that it was given before, as if it had never seen it. */
  renew(record: KeptRecord): T;
}

/**
 * An agent that gets values together. Where it throws, it is given them as often as `onError` says, and
 * once more; then each half of them, and so on, down to the one that it throws for alone: that one goes to `onError`.
 */
export class BatchRunner<T> implements AgentRunner {
  readonly name: string;
  /** The last step only: what comes out of `run` was called often enough. */
  readonly onError: LastStep;
  readonly #policy: ErrorPolicy;
  readonly isPaused = false;
  readonly #handle: Handle<T>;
  readonly #bounds: BatchBounds;
  readonly #values: BatchValues<T>;
  readonly #at: BatchPlace;
  #items: Item<T>[] = [];
  #alarm: Timer | undefined;

  constructor(
    agent: BatchBounds & { readonly name: string; readonly onError: ErrorPolicy },
    handle: Handle<T>,
    values: BatchValues<T>,
    at: BatchPlace,
  ) {
    this.name = agent.name;
    this.onError = lastStep<LastStep>(agent.onError);
    this.#policy = agent.onError;
    this.#bounds = agent;
    this.#handle = handle;
    this.#values = values;
    this.#at = at;
  }

  get held(): number | undefined {
    return this.#at.gathers.offset;
  }

  get isTimed(): boolean {
    return this.#at.gathers.isTimed;
  }

  run(): unknown {
    const value = this.#values.current();
    if (value === null) return undefined;
    const { gathers, record } = this.#at;
    this.#items.push({ value, record: gathers.hold(record) });
    if (this.#items.length >= this.#bounds.max) return this.#flush();
    this.#alarm ??= gathers.later(this.#bounds.withinMs, async () => {
      await this.#flush();
    });
    return undefined;
  }

  async end(): Promise<undefined> {
    this.#alarm = undefined;
    this.#items = [];
    this.#at.gathers.end();
    return undefined;
  }

  /** Gives what it waits for, if it waits for anything. */
  #flush(): Promise<void> | undefined {
    const items = this.#items;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    const mark = this.#at.core.undo.mark();
    try {
      const result = this.#handle(items.map(({ value }) => value));
      if (result instanceof Promise) {
        return result.then(
          () => this.#done(),
          (error: unknown) => this.#again(items, mark, error),
        );
      }
    } catch (error) {
      return this.#again(items, mark, error);
    }
    this.#done();
    return undefined;
  }

  #done(): void {
    this.#items = [];
    this.#at.gathers.release();
  }

  async #again(items: readonly Item<T>[], mark: number, error: unknown): Promise<void> {
    this.#at.core.undo.rollback(mark);
    if (!(await this.#retry(items, error))) await this.#try(items);
    this.#done();
  }

  /** Gives all of them again, as often as `onError` says. Gives whether that has helped. */
  async #retry(items: readonly Item<T>[], first: unknown): Promise<boolean> {
    const last = items.at(-1);
    if (last === undefined || !isWorthRetrying(this.#policy, first)) return false;
    const { core, gathers, record } = this.#at;
    gathers.turnTo(last.record);
    const { offset } = last.record.cursor;
    const place = { agent: this.name, topic: record.topic, partition: record.partition, offset };
    const attempt = {
      again: () => this.#handleAgain(items),
      failed: (error: unknown) => named(error, "SG8020", `agent "${this.name}" threw`).at(place),
    };
    return (await retry<LastStep>(core, this.#policy, attempt, first)) === undefined;
  }

  /** What the function did to the values stays with the call before. */
  #handleAgain(items: readonly Item<T>[]): unknown {
    return this.#handle(items.map(({ record }) => this.#values.renew(record)));
  }

  async #try(items: readonly Item<T>[]): Promise<void> {
    const { core, gathers } = this.#at;
    const last = items.at(-1);
    if (last === undefined) return;
    gathers.turnTo(last.record);
    const mark = core.undo.mark();
    try {
      await this.#handleAgain(items);
    } catch (error) {
      core.undo.rollback(mark);
      if (items.length === 1) {
        gathers.failed(error, mark, last.record);
        return;
      }
      const half = Math.ceil(items.length / 2);
      await this.#try(items.slice(0, half));
      await this.#try(items.slice(half));
    }
  }
}
