import { BatchCursor } from "../../log/batch-cursor.ts";
import { batchField, writeInt64 } from "../../log/batch-header.ts";
import type { Unmatched, UnmatchedRows } from "../../state/joins/unmatched-rows.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import type { ErrorPolicy } from "../failures/error-policy.ts";
import { RecordFailures } from "../failures/record-failures.ts";
import { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { ClosingDriver } from "../windows/closing-driver.ts";
import type { JoinHalf } from "./join-half.ts";

export interface UnmatchedOptions {
  readonly rows: UnmatchedRows;
  readonly idleMs: number | undefined;
  readonly graceMs: number;
  /** Those sides whose records are given without a partner. */
  readonly givers: readonly UnmatchedGiver[];
}

/** Hands the records that no partner has come for to a join's function: as records, only later. */
export class UnmatchedDriver implements ClosingDriver {
  readonly idleMs: number | undefined;
  readonly #task: TaskCore;
  readonly #options: UnmatchedOptions;
  /** Those that are being handed on. */
  #going: Iterator<Unmatched> | undefined;
  #next: Unmatched | undefined;

  constructor(task: TaskCore, options: UnmatchedOptions) {
    this.#task = task;
    this.#options = options;
    this.idleMs = options.idleMs;
  }

  get isBehind(): boolean {
    return this.#going !== undefined || this.#firstOpen > this.#options.rows.firstEnd;
  }

  get idleUntil(): number | undefined {
    const { givers, graceMs, rows } = this.#options;
    if (rows.isEmpty) return undefined;
    const aheadMs = Math.max(...givers.map(({ half }) => half.reach.aheadMs));
    return this.#task.time.newest + aheadMs + graceMs + 1;
  }

  load(): boolean {
    const { rows } = this.#options;
    if (this.#going === undefined && this.#firstOpen > rows.firstEnd) {
      this.#going = rows.due(this.#firstOpen);
    }
    const next = this.#going?.next();
    this.#next = next?.done === false ? next.value : undefined;
    if (this.#next === undefined) this.#going = undefined;
    return this.#next !== undefined;
  }

  process(): Promise<void> | undefined {
    const unmatched = this.#next;
    const giver = this.#options.givers.find(({ half }) => half.side === unmatched?.side);
    if (unmatched === undefined || giver === undefined) return undefined;
    const result = giver.give(unmatched);
    if (result !== undefined) return result.then(() => this.#options.rows.done(unmatched));
    this.#options.rows.done(unmatched);
    return undefined;
  }

  rewind(): void {
    this.#going = undefined;
    this.#options.rows.rewind();
  }

  /** What ends before this had no partner, and gets none. */
  get #firstOpen(): number {
    return this.#task.time.streamTime - this.#options.graceMs;
  }
}

/** Gives the unmatched records of one side to the function, with the same `onError` as their pairs. */
export interface UnmatchedGiver {
  readonly half: Pick<JoinHalf<unknown>, "reach" | "side">;
  give(unmatched: Unmatched): Promise<void> | undefined;
}

interface Giving<V> {
  readonly name: string;
  readonly onError: ErrorPolicy;
  readonly half: JoinHalf<V>;
  call(value: V): unknown;
}

export function makeGiver<V>(task: TaskCore, giving: Giving<V>): UnmatchedGiver {
  return new Giver(task, giving);
}

class Giver<V> implements UnmatchedGiver {
  readonly half: JoinHalf<V>;
  readonly #task: TaskCore;
  readonly #record: LoadedRecord<V>;
  readonly #runner: AgentRunner;
  readonly #failures: RecordFailures;

  constructor(task: TaskCore, { call, half, name, onError }: Giving<V>) {
    const record = new LoadedRecord<V>(half.topic, task.partition);
    const run = () => (record.value === null ? undefined : call(record.value));
    this.half = half;
    this.#task = task;
    this.#record = record;
    this.#runner = { name, onError, isPaused: false, run, end: async () => undefined };
    this.#failures = new RecordFailures({
      ...{ record, task, runners: [this.#runner] },
      refresh: () => this.#decode(),
      isDone: () => false,
    });
  }

  give({ end, offset, record }: Unmatched): Promise<void> | undefined {
    const { core, partition } = this.#task;
    const cursor = cursorOf(record, offset);
    this.#record.cursor = cursor;
    this.#record.timestamp = end - this.half.reach.aheadMs;
    core.moment.open(this.#record.timestamp, `${this.half.topic}/${partition}`, offset, cursor);
    try {
      this.#decode();
    } catch (error) {
      return this.#decodeLater(error);
    }
    return this.#call();
  }

  #call(): Promise<void> | undefined {
    const mark = this.#task.core.undo.mark();
    const failed = (error: unknown) => this.#failures.failed(this.#runner, mark, error);
    try {
      const result = this.#runner.run();
      return result instanceof Promise ? result.then(() => undefined, failed) : undefined;
    } catch (error) {
      return failed(error);
    }
  }

  async #decodeLater(error: unknown): Promise<void> {
    await this.half.wait(error, this.#record.cursor.offset);
    this.#decode();
    await this.#call();
  }

  #decode(): void {
    const { bytes, valueEnd, valueStart } = this.#record.cursor;
    this.#record.value = this.half.read(bytes, valueStart, valueEnd);
  }
}

/** A record that was kept as a batch of its own, where it was in its partition. */
function cursorOf(batch: Buffer, offset: number): BatchCursor {
  const bytes = Buffer.from(batch);
  writeInt64(bytes, batchField.baseOffset, offset);
  const cursor = new BatchCursor(bytes, [0]);
  cursor.next();
  return cursor;
}
