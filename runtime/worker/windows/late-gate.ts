import { StreamgenError } from "../../errors.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import { DeadLetters } from "../failures/dead-letters.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TopicDeclaration, WindowedTableDeclaration } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { type Lateness, latenessFor } from "./lateness.ts";

export interface LateGateOptions {
  readonly tables: readonly WindowedTableDeclaration[];
  /** The topic that gets what comes too late. */
  readonly lateTo?: TopicDeclaration;
  readonly record: LoadedRecord<unknown>;
  readonly task: TaskCore;
}

/**
 * Leaves out the records that come too late for a function: those for which every window is closed, in
 * every table that it writes. So is one that is too far ahead of the clock. Both are put aside where the
 * function says so.
 */
export class LateGate implements AgentRunner {
  readonly #runner: AgentRunner;
  readonly #options: LateGateOptions;
  readonly #lateness: readonly Lateness[];
  readonly #letters: DeadLetters | undefined;

  constructor(runner: AgentRunner, options: LateGateOptions) {
    this.#runner = runner;
    this.#options = options;
    const { lateTo, record, tables, task } = options;
    this.#lateness = tables.map((table) => latenessFor(table, record, task));
    const topic = task.core.services.topics.nameOf(record.topic);
    const source = { topic, partition: task.partition };
    this.#letters = lateTo && new DeadLetters(task.core, lateTo, source);
  }

  get name(): AgentRunner["name"] {
    return this.#runner.name;
  }

  get onError(): AgentRunner["onError"] {
    return this.#runner.onError;
  }

  get isPaused(): boolean {
    return this.#runner.isPaused;
  }

  get held(): number | undefined {
    return this.#runner.held;
  }

  get open(): AgentRunner["open"] {
    return this.#runner.open;
  }

  get isTimed(): boolean | undefined {
    return this.#runner.isTimed;
  }

  run(): unknown {
    const { record, task } = this.#options;
    if (record.value === null || !this.#isLate()) return this.#runner.run();
    task.core.services.signals.count("late");
    if (this.#letters !== undefined) this.#putAside(this.#letters);
    return undefined;
  }

  get failedWith(): AgentRunner["failedWith"] {
    return this.#runner.failedWith;
  }

  again(): void {
    this.#runner.again?.();
  }

  leave(): void {
    this.#runner.leave?.();
  }

  end(): Promise<string | undefined> {
    return this.#runner.end();
  }

  #putAside(letters: DeadLetters): void {
    const { record, task } = this.#options;
    const { isAhead, streamTime } = task.time;
    const time = timeText(record.timestamp);
    const reason = isAhead
      ? `its time ${time} is too far ahead of the clock`
      : `its windows are closed: its time is ${time}, and stream time ${timeText(streamTime)}`;
    const { partition, topic } = record;
    const place = { agent: this.name, topic, partition, offset: record.cursor.offset };
    const error = new StreamgenError("SG8303", `the record is late: ${reason}`, place);
    const { code, message } = error;
    letters.send(record.cursor, { agent: this.name, code, message, attempts: 0 });
    const { signals } = task.core.services;
    signals.count("deadLetters");
    signals.emit("deadLettered", { error, topic: letters.topic });
  }

  #isLate(): boolean {
    return this.#options.task.time.isAhead || this.#lateness.every((isLate) => isLate());
  }
}

/** The last moment that a `Date` can hold, and the first one by its negative. */
const dateMax = 8_640_000_000_000_000;

const timeText = (ms: number): string =>
  Math.abs(ms) <= dateMax ? new Date(ms).toISOString() : String(ms);
