/** Where records are handled, and how far time is there: what windows mean. */
import type { Moving } from "./interpret.ts";
import {
  type Agent,
  isLoose,
  type Pipeline,
  startMs,
  type TableModel,
  type Windows,
} from "./model.ts";
import { show } from "./show.ts";

/** How far ahead of the clock, which stands still, records may be. */
const aheadMaxMs = 3_600_000;

interface Row {
  readonly key: unknown;
  readonly start: number;
  value: number;
}

interface Closed {
  readonly agent: Agent;
  readonly table: TableModel;
  readonly key: unknown;
  readonly start: number;
  readonly value: number;
}

/** The windows of one table that hold the time of a record. */
export interface FoundWindows {
  /** What the one that is read has, or 0. */
  shown(key: unknown): number;
  add(key: unknown, by: number): void;
}

/** One partition's time, and its rows by table. */
class Task {
  time = Number.NEGATIVE_INFINITY;
  readonly rows = new Map<number, Map<string, Row>>();

  of(table: number): Map<string, Row> {
    const rows = this.rows.get(table) ?? new Map<string, Row>();
    this.rows.set(table, rows);
    return rows;
  }
}

const isAhead = (at: number, { time }: Task): boolean => at > time && at > startMs + aheadMaxMs;

export class Tasks {
  readonly #pipeline: Pipeline;
  readonly #tasks = new Map<string, Task>();

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  /** Time goes on where the record is read by agents that take it in its order. */
  arrive(record: Moving): void {
    if (record.from === "tallies") return;
    const task = this.#task(`in${record.from}`, record.partition);
    if (!isAhead(record.at, task)) task.time = Math.max(task.time, record.at);
  }

  /** Whether every window of the record is closed, in every table that the agent writes. */
  isLate(agent: Agent, record: Moving): boolean {
    const windowed = agent.tables.flatMap(({ windows }) => windows ?? []);
    if (agent.keepsLate || windowed.length === 0) return false;
    const task = this.#taskOf(agent, record);
    if (isAhead(record.at, task)) return true;
    return windowed.every((windows) =>
      holding(windows, record.at).every((start) => isClosed(windows, start, task.time)),
    );
  }

  windows(agent: Agent, number: number, record: Moving): FoundWindows {
    const windows = agent.tables.find((table) => table.number === number)?.windows;
    if (windows === undefined) throw new Error(`t${number} has no windows`);
    const task = this.#taskOf(agent, record);
    const rows = task.of(number);
    const starts = holding(windows, record.at);
    const open = starts.filter((start) => !isClosed(windows, start, task.time));
    const [first] = open.length > 0 ? open : starts;
    return {
      shown: (key) => {
        const isGone = first === undefined || isExpired(windows, first, task.time);
        return isGone ? 0 : (rows.get(`${first} ${show(key)}`)?.value ?? 0);
      },
      add: (key, by) => {
        for (const start of open) {
          const name = `${start} ${show(key)}`;
          const row = rows.get(name) ?? { key, start, value: 0 };
          row.value += by;
          rows.set(name, row);
        }
      },
    };
  }

  /** No more records come: the functions that wait for closed windows get them, once each. */
  close(): readonly Closed[] {
    for (const [place, task] of this.#tasks) {
      for (const { table } of this.#closing(place)) this.#idle(task, table);
    }
    return [...this.#tasks].flatMap(([place, task]) =>
      this.#closing(place).flatMap(({ agent, table }) => {
        const { windows } = table;
        const rows = [...task.of(table.number).values()];
        return windows === undefined
          ? []
          : rows
              .filter(({ start }) => isClosed(windows, start, task.time))
              .map((row) => ({ ...row, agent, table }));
      }),
    );
  }

  /** What can still be read of a table. */
  shownRows(number: number): readonly string[] {
    const table = this.#pipeline.agents
      .flatMap(({ tables }) => tables)
      .find((one) => one.number === number);
    const windows = table?.windows;
    if (windows === undefined) return [];
    return [...this.#tasks.values()]
      .flatMap((task) =>
        [...task.of(number).values()].filter(
          ({ start }) => !isExpired(windows, start, task.time) && start <= task.time,
        ),
      )
      .map(({ key, start, value }) => `${show(key)} ${start} ${value}`)
      .sort();
  }

  /** Time goes on to where the newest open window with rows closes. */
  #idle(task: Task, { number, windows }: TableModel): void {
    if (windows === undefined || windows.closed !== "idle") return;
    const waiting = [...task.of(number).values()]
      .map(({ start }) => start)
      .filter((start) => start <= task.time && !isClosed(windows, start, task.time));
    if (waiting.length === 0) return;
    task.time = Math.max(...waiting) + windows.size + windows.grace;
  }

  #closing(place: string): readonly { readonly agent: Agent; readonly table: TableModel }[] {
    return this.#pipeline.agents
      .filter((agent) => place.startsWith(`${this.#groupOf(agent)} `))
      .flatMap((agent) => agent.tables.map((table) => ({ agent, table })))
      .filter(({ table }) => table.windows !== undefined && table.windows.closed !== "no");
  }

  /** Behind `groupBy`, partitions mix: all of it counts as one task, whose time is the newest record's. */
  #taskOf(agent: Agent, { at, partition }: Moving): Task {
    const task = this.#task(this.#groupOf(agent), isLoose(agent) ? 0 : partition);
    if (isLoose(agent) && !isAhead(at, task)) task.time = Math.max(task.time, at);
    return task;
  }

  #groupOf(agent: Agent): string {
    const { from, number } = agent;
    if (isLoose(agent)) return from === "tallies" ? from : `agent${number}`;
    return `in${from}`;
  }

  #task(group: string, partition: number): Task {
    const place = `${group} ${partition}`;
    const task = this.#tasks.get(place) ?? new Task();
    this.#tasks.set(place, task);
    return task;
  }
}

/** The windows that hold a time, the one that ends first before the others. */
function holding({ advance, size }: Windows, at: number): readonly number[] {
  const last = Math.floor(at / advance) * advance;
  const starts: number[] = [];
  for (let start = last; start + size > at; start -= advance) starts.unshift(start);
  return starts;
}

const isClosed = ({ grace, size }: Windows, start: number, time: number): boolean =>
  start + size + grace <= time;
const isExpired = ({ expires, grace, size }: Windows, start: number, time: number): boolean =>
  start + size + grace + expires <= time;
