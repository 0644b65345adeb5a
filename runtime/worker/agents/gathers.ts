import type { Timer } from "../../clock.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";

/** A record in bytes of its own. */
export interface KeptRecord {
  readonly cursor: BatchCursor;
  /** Its event time. */
  readonly timestamp: number;
}

/**
 * Says what becomes of work that went wrong for another record than the loaded one: what was done
 * since `mark` is undone. `attempts`: how often the function was called. Throws where the task must stop.
 */
export type KeptFailed = (
  error: unknown,
  mark: number,
  record: KeptRecord,
  attempts?: number,
) => void;

/**
 * The records that an agent has been handed one by one and will acknowledge together. It has done
 * nothing for them yet, so that a commit may come in between: for this agent it ends before them.
 */
export class Gathers {
  readonly #task: TaskCore;
  readonly #topic: string;
  readonly #failed: KeptFailed;
  #offset: number | undefined;
  #last: KeptRecord | undefined;
  readonly #timers = new Set<Timer>();
  #due = 0;
  /** Counts ends: what was to be done before one is not done any more. */
  #epoch = 0;

  /** `topic` is the topic's name in the log. */
  constructor(task: TaskCore, topic: string, failed: KeptFailed) {
    this.#task = task;
    this.#topic = topic;
    this.#failed = failed;
  }

  /** The first of these records. */
  get offset(): number | undefined {
    return this.#offset;
  }

  /** Whether something will happen to them even if no record comes. */
  get isTimed(): boolean {
    return this.#timers.size > 0 || this.#due > 0;
  }

  /** The loaded record is one of them. */
  hold({ cursor, timestamp }: LoadedRecord<unknown>): KeptRecord {
    this.#offset ??= cursor.offset;
    const last = { cursor: cursor.copy(), timestamp };
    this.#last = last;
    return last;
  }

  /** From here on what is written and sent belongs to this record. */
  turnTo({ cursor, timestamp }: KeptRecord): void {
    const { core, partition } = this.#task;
    core.moment.open(timestamp, `${this.#topic}/${partition}`, cursor.offset, cursor);
  }

  /** Says what becomes of one of them. */
  failed(error: unknown, mark: number, record: KeptRecord, attempts?: number): void {
    this.#failed(error, mark, record, attempts);
  }

  /** Everything before this one is acknowledged. */
  moveTo(offset: number): void {
    this.#offset = offset;
  }

  /** All of them are acknowledged. */
  release(): void {
    this.#offset = undefined;
    this.#last = undefined;
  }

  /** Does `work` in `ms`, between two records. */
  later(ms: number, work: () => Promise<void>): Timer {
    let isCancelled = false;
    const timer = this.#task.core.services.clock.timer(ms, () => {
      this.#timers.delete(timer);
      this.soon(async () => {
        if (!isCancelled) await work();
      });
    });
    this.#timers.add(timer);
    return {
      cancel: () => {
        isCancelled = true;
        this.#timers.delete(timer);
        timer.cancel();
      },
    };
  }

  /** Does `work` as soon as no record is being handled. */
  soon(work: () => Promise<void>): void {
    const last = this.#last;
    if (last !== undefined) this.between(last, work);
  }

  /** The same for one of these records, which is to blame where the work fails. */
  between(record: KeptRecord, work: () => Promise<void>): void {
    const { undo } = this.#task.core;
    const epoch = this.#epoch;
    this.#due += 1;
    this.#task.interludes.push({
      ...record,
      topic: this.#topic,
      run: async () => {
        if (epoch !== this.#epoch) return;
        this.#due -= 1;
        const mark = undo.mark();
        try {
          await work();
        } catch (error) {
          this.#failed(error, mark, record);
        }
      },
    });
  }

  /** Forgets everything: the agent's run has ended. */
  end(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#due = 0;
    this.#epoch += 1;
    this.release();
  }
}
