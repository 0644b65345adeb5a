import type { ErrorPlace, StreamgenError } from "../../errors.ts";
import type { PartitionTable } from "../../state/partition-table.ts";
import {
  firstRowKey,
  markKey,
  ownKey,
  startOf,
  windowPrefix,
} from "../../state/windows/window-key.ts";
import { type Final, WindowBytes } from "../../state/windows/window-rows.ts";
import { WindowShape } from "../../state/windows/window-shape.ts";
import { lastStep, type TickPolicy } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { Closing, ClosingSpec } from "./closing-spec.ts";
import type { StreamTime } from "./stream-time.ts";

/** Hands the rows of one table's closed windows to the functions that wait for them. */
export interface ClosingDriver {
  /** The shortest time without records after which windows close by themselves; absent: they do not. */
  readonly idleMs: number | undefined;
  /** Whether windows have closed whose rows were not all handed on. */
  readonly isBehind: boolean;
  /** Whether a window that holds the stream time, or an earlier one, is open and has rows. */
  readonly isWaiting: boolean;
  /** The stream time by which such windows are closed. */
  readonly closesAt: number;
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

type Row = readonly [key: Buffer, value: Buffer];

class Driver<K, V, Found> implements ClosingDriver {
  readonly idleMs: number | undefined;
  readonly #spec: ClosingSpec<K, V, Found>;
  readonly #task: TaskCore;
  readonly #rows: PartitionTable;
  readonly #time: StreamTime;
  readonly #shape: WindowShape;
  readonly #bytes: WindowBytes<K, V, Found>;
  readonly #agents: readonly Waiting<K, V>[];
  /** The rows that are being handed on, up to the window that was open when this began. */
  #going: { readonly rows: Iterator<Row>; readonly until: number } | undefined;
  /** Windows that begin before this are done. */
  #closedUntil = Number.NEGATIVE_INFINITY;
  #row: Row = [markKey, markKey];

  constructor(spec: ClosingSpec<K, V, Found>, task: TaskCore) {
    this.#spec = spec;
    this.#task = task;
    this.#rows = task.rowsOf(spec.table.name);
    this.#time = task.time;
    this.#shape = new WindowShape(spec.table.windows);
    this.#bytes = new WindowBytes(spec.table);
    this.#agents = spec.agents.map(({ name, onError, open }) => ({
      ...{ name, onError },
      handle: open(task),
    }));
    const idle = spec.agents.flatMap(({ idleMs }) => idleMs ?? []);
    this.idleMs = idle.length === 0 ? undefined : Math.min(...idle);
  }

  get isBehind(): boolean {
    return this.#going !== undefined || this.#firstOpen > this.#closedUntil;
  }

  get isWaiting(): boolean {
    const { streamTime } = this.#time;
    if (!Number.isFinite(streamTime)) return false;
    const last = this.#shape.last(streamTime);
    const open = this.#rows.rows({
      from: windowPrefix(this.#firstOpen),
      to: windowPrefix(last + 1),
    });
    return open.next().done !== true;
  }

  get closesAt(): number {
    return this.#shape.closesAt(this.#time.streamTime);
  }

  load(): boolean {
    const until = this.#firstOpen;
    if (this.#going === undefined && until > this.#closedUntil) {
      this.#going = {
        rows: this.#rows.rows({ from: this.#from(), to: windowPrefix(until) }),
        until,
      };
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
    const { core, partition } = this.#task;
    const [key] = this.#row;
    const place = `${this.#spec.table.name}/${partition}/${ownKey(key).toString("base64url")}`;
    const start = startOf(key);
    // What is sent belongs to the window: it has the time of its last millisecond.
    core.moment.open(start + this.#shape.sizeMs - 1, place, start);
    return this.#runFrom(0);
  }

  rewind(): void {
    this.#going = undefined;
    this.#closedUntil = Number.NEGATIVE_INFINITY;
  }

  get #firstOpen(): number {
    return this.#shape.firstOpen(this.#time.streamTime);
  }

  /** Behind the last row that every function got. */
  #from(): Buffer {
    const mark = this.#rows.read(markKey);
    return mark === undefined ? firstRowKey : Buffer.concat([mark, Buffer.of(0)]);
  }

  #runFrom(first: number): Promise<void> | undefined {
    const { undo } = this.#task.core;
    for (let index = first; index < this.#agents.length; index += 1) {
      const agent = this.#agents[index];
      if (agent === undefined) break;
      const mark = undo.mark();
      try {
        // Each gets its own value: what one does to it stays with it.
        const result = agent.handle(this.#bytes.final(...this.#row));
        if (result instanceof Promise) return this.#awaitFrom(index, agent, mark, result);
      } catch (error) {
        const retrying = this.#failed(agent, mark, error);
        if (retrying !== undefined) return retrying.then(() => this.#runFrom(index + 1));
      }
    }
    this.#rows.write(markKey, this.#row[0]);
    return undefined;
  }

  async #awaitFrom(
    index: number,
    agent: Waiting<K, V>,
    mark: number,
    result: Promise<unknown>,
  ): Promise<void> {
    try {
      await result;
    } catch (error) {
      await this.#failed(agent, mark, error);
    }
    await this.#runFrom(index + 1);
  }

  /**
   * Undoes what the function did with this row, and calls it again or leaves the row out. Throws, or
   * rejects, if the task is to stop.
   */
  #failed(agent: Waiting<K, V>, mark: number, error: unknown): Promise<void> | undefined {
    const { core } = this.#task;
    if (!isWorthRetrying(agent.onError, error)) {
      this.#giveUp(agent, mark, error);
      return undefined;
    }
    core.undo.rollback(mark);
    return this.#retry(agent, error);
  }

  async #retry(agent: Waiting<K, V>, first: unknown): Promise<void> {
    const { core } = this.#task;
    const attempt = {
      again: () => agent.handle(this.#bytes.final(...this.#row)),
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
