import type { ErrorPlace, StreamgenError } from "../../errors.ts";
import type { PartitionTable } from "../../state/partition-table.ts";
import type { Final } from "../../state/windows/window-rows.ts";
import { lastStep, type TickPolicy } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { type ClosedRow, type ClosedRows, closedRows } from "./closed-rows.ts";
import type { Closing, ClosingSpec } from "./closing-spec.ts";
import type { StreamTime } from "./stream-time.ts";

/** Hands the rows of one table's closed windows to the functions that wait for them. */
export interface ClosingDriver {
  /** The shortest time without records after which windows close by themselves; absent: they do not. */
  readonly idleMs: number | undefined;
  /** Whether windows have closed whose rows were not all handed on. */
  readonly isBehind: boolean;
  /**
   * The stream time by which the open windows that have rows are closed, of those that hold the stream
   * time or are earlier; absent where there are none.
   */
  readonly idleUntil: number | undefined;
  /** Loads the next row of a closed window. False: there is none. */
  load(): boolean;
  /**
   * Hands the loaded row to each function in turn, and moves the mark. Throws, or rejects, where the task
   * must stop.
   */
  process(): Promise<void> | undefined;
  /** Goes back to the mark as it is committed. */
  rewind(): void;
}

/** Closes over a closing's types. */
export function closing<K, V, Found>(spec: ClosingSpec<K, V, Found>): Closing {
  return {
    table: spec.table,
    agents: spec.agents.map((agent) => agent.name),
    open: (task) => new Driver(spec, task),
  };
}

interface Waiting<K, V> {
  readonly name: string;
  readonly onError: TickPolicy;
  readonly handle: (final: Final<K, V>) => unknown;
}

/** A function that is awaited. */
interface UnderWay<K, V> {
  readonly index: number;
  readonly agent: Waiting<K, V>;
  readonly mark: number;
  readonly row: ClosedRow<K, V>;
}

class Driver<K, V, Found> implements ClosingDriver {
  readonly idleMs: number | undefined;
  readonly #spec: ClosingSpec<K, V, Found>;
  readonly #task: TaskCore;
  readonly #rows: PartitionTable;
  readonly #time: StreamTime;
  readonly #closed: ClosedRows<K, V>;
  readonly #agents: readonly Waiting<K, V>[];
  /** The rows that are being handed on, up to the window that was open when this began. */
  #going: { readonly rows: Iterator<ClosedRow<K, V>>; readonly until: number } | undefined;
  /** Windows up to there are done. */
  #closedUntil = Number.NEGATIVE_INFINITY;
  #row: ClosedRow<K, V> | undefined;

  constructor(spec: ClosingSpec<K, V, Found>, task: TaskCore) {
    this.#spec = spec;
    this.#task = task;
    this.#rows = task.rowsOf(spec.table.name);
    this.#time = task.time;
    this.#closed = closedRows(spec.table, this.#rows);
    this.#agents = spec.agents.map(({ name, onError, open }) => ({
      ...{ name, onError },
      handle: open(task),
    }));
    const idle = spec.agents.flatMap(({ idleMs }) => idleMs ?? []);
    this.idleMs = idle.length === 0 ? undefined : Math.min(...idle);
  }

  get isBehind(): boolean {
    return this.#going !== undefined || this.#until > this.#closedUntil;
  }

  get idleUntil(): number | undefined {
    const { streamTime } = this.#time;
    return Number.isFinite(streamTime) ? this.#closed.idleUntil(streamTime) : undefined;
  }

  load(): boolean {
    const until = this.#until;
    if (this.#going === undefined && until > this.#closedUntil) {
      // Behind the last row that every function got.
      const mark = this.#rows.read(this.#closed.markKey);
      this.#going = { rows: this.#closed.between(mark, until), until };
    }
    if (this.#going === undefined) return false;
    const next = this.#going.rows.next();
    if (next.done !== true) {
      this.#row = next.value;
      return true;
    }
    this.#closedUntil = this.#going.until;
    this.#going = undefined;
    return false;
  }

  process(): Promise<void> | undefined {
    const row = this.#row;
    if (row === undefined) return undefined;
    const { core, partition } = this.#task;
    const place = `${this.#spec.table.name}/${partition}/${row.key.toString("base64url")}`;
    // What is sent belongs to the window: it has the time of its last millisecond.
    core.moment.open(row.end - 1, place, row.start);
    return this.#runFrom(0, row);
  }

  rewind(): void {
    this.#going = undefined;
    this.#closedUntil = Number.NEGATIVE_INFINITY;
  }

  get #until(): number {
    return this.#closed.closedUntil(this.#time.streamTime);
  }

  #runFrom(first: number, row: ClosedRow<K, V>): Promise<void> | undefined {
    const { undo } = this.#task.core;
    for (let index = first; index < this.#agents.length; index += 1) {
      const agent = this.#agents[index];
      if (agent === undefined) break;
      const mark = undo.mark();
      try {
        // Each gets its own value: what one does to it stays with it.
        const result = agent.handle(row.final());
        if (result instanceof Promise) return this.#awaitFrom({ index, agent, mark, row }, result);
      } catch (error) {
        const retrying = this.#failed({ index, agent, mark, row }, error);
        if (retrying !== undefined) return retrying.then(() => this.#runFrom(index + 1, row));
      }
    }
    this.#rows.write(this.#closed.markKey, row.mark);
    return undefined;
  }

  async #awaitFrom(work: UnderWay<K, V>, result: Promise<unknown>): Promise<void> {
    try {
      await result;
    } catch (error) {
      await this.#failed(work, error);
    }
    await this.#runFrom(work.index + 1, work.row);
  }

  /**
   * Undoes what the function did with this row, and calls it again or leaves the row out. Throws, or
   * rejects, if the task is to stop.
   */
  #failed({ agent, mark, row }: UnderWay<K, V>, error: unknown): Promise<void> | undefined {
    const { core } = this.#task;
    if (!isWorthRetrying(agent.onError, error)) {
      this.#giveUp(agent, mark, error);
      return undefined;
    }
    core.undo.rollback(mark);
    return this.#retry(agent, row, error);
  }

  async #retry(agent: Waiting<K, V>, row: ClosedRow<K, V>, first: unknown): Promise<void> {
    const { core } = this.#task;
    const attempt = {
      again: () => agent.handle(row.final()),
      failed: (error: unknown) => this.#located(agent, error),
    };
    const givenUp = await retry(core, agent.onError, attempt, first);
    if (givenUp !== undefined) this.#giveUp(agent, core.undo.mark(), givenUp.error);
  }

  #located({ name }: Waiting<K, V>, error: unknown): StreamgenError {
    const place: ErrorPlace = {
      agent: name,
      table: this.#spec.table.name,
      partition: this.#task.partition,
    };
    return named(error, "SG8020", `agent "${name}" threw`).at(place);
  }

  #giveUp(agent: Waiting<K, V>, mark: number, error: unknown): void {
    const { core } = this.#task;
    const located = this.#located(agent, error);
    if (lastStep(agent.onError) === "stop") throw located;
    core.undo.rollback(mark);
    const { logger, signals } = core.services;
    signals.count("skipped");
    signals.emit("skipped", { error: located });
    const { code, message } = located;
    logger.warn("a closed window was skipped", { code, reason: message, ...located.place });
  }
}
