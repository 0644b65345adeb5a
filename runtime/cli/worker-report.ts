import type { TaskName, TasksMoved, Worker } from "../worker/contract.ts";
import type { LogFields, Logger } from "../worker/scope.ts";
import type { Progress } from "./progress.ts";
import { countText, rateText, secondsText } from "./text.ts";

export interface ReportOptions {
  readonly logger: Logger;
  readonly progress: Progress;
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether progress is one line of a terminal that is rewritten; otherwise it is logged. */
  readonly isTerminal: boolean;
}

/** A group that divides its partitions sooner needs no explanation. */
const waitingMs = 3000;
/** A restore that takes less is not worth a line. */
const patienceMs = 1000;
/** Without a terminal each report is a line of its own. */
const plainEveryMs = 5000;

interface TableRestore {
  readonly begunMs: number;
  toldMs: number;
  /** By task: what was read, and how much there is. */
  readonly parts: Map<string, { readonly records: number; readonly of: number }>;
}

/** Says what a worker does: that it waits, tasks that come and go, and tables that are being restored. */
export function reportWorker(worker: Pick<Worker, "on">, options: ReportOptions): void {
  const { logger } = options;
  const restores = new Restores(options);
  reportWaiting(worker, logger);
  worker.on("assigned", (moved) => {
    if (moved.tasks.length > 0) logger.info("tasks assigned", movedFields(moved));
  });
  worker.on("revoked", (moved) => {
    restores.forget(moved.tasks);
    if (moved.tasks.length > 0) logger.info("tasks revoked", movedFields(moved));
  });
  worker.on("lost", (moved) => {
    restores.forget(moved.tasks);
    if (moved.tasks.length > 0) logger.warn("tasks lost", movedFields(moved));
  });
  worker.on("restoring", ({ group, partition, table, records, of }) => {
    restores.at(table, taskKey({ group, partition }), { records, of });
  });
  worker.on("restored", () => restores.end());
}

function movedFields({ thread, tasks }: TasksMoved): LogFields {
  return { ...(thread !== undefined && { thread }), tasks: tasksText(tasks) };
}

/** A killed member holds up its group until its session ends, and a worker without a word looks dead. */
function reportWaiting(worker: Pick<Worker, "on">, logger: Logger): void {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    isOver = true;
    clearTimeout(timer);
  };
  worker.on("started", () => {
    if (isOver) return;
    timer = setTimeout(() => {
      logger.info(
        "waiting for the group to divide its partitions: killed members count until their sessions end",
      );
    }, waitingMs);
    timer.unref();
  });
  worker.on("assigned", end);
  worker.on("error", end);
  worker.on("stopped", end);
}

/** Adds up the tasks of each table. */
class Restores {
  readonly #options: ReportOptions;
  readonly #tables = new Map<string, TableRestore>();

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  at(table: string, task: string, part: { readonly records: number; readonly of: number }): void {
    const now = this.#options.now();
    const restore = this.#tables.get(table) ?? {
      begunMs: now,
      toldMs: Number.NEGATIVE_INFINITY,
      parts: new Map(),
    };
    this.#tables.set(table, restore);
    restore.parts.set(task, part);
    const { isTerminal, progress, logger } = this.#options;
    if (now - restore.begunMs < patienceMs) return;
    if (isTerminal) progress.say(this.#text(table, restore, now));
    else if (now - restore.toldMs >= plainEveryMs) {
      restore.toldMs = now;
      const { records, of, perSecond } = sums(restore, now);
      logger.info("restoring", { table, records, of, perSecond });
    }
  }

  /** A task has all its tables: tables of which every task is complete are told. */
  end(): void {
    const { logger, progress, now } = this.#options;
    for (const [table, restore] of this.#tables) {
      const { records, of, perSecond, tookMs } = sums(restore, now());
      if (records < of) continue;
      this.#tables.delete(table);
      progress.done();
      if (tookMs >= patienceMs) logger.info("restored", { table, records, perSecond, tookMs });
    }
  }

  forget(tasks: readonly TaskName[]): void {
    for (const [table, { parts }] of this.#tables) {
      for (const task of tasks) parts.delete(taskKey(task));
      if (parts.size === 0) this.#tables.delete(table);
    }
  }

  #text(table: string, restore: TableRestore, now: number): string {
    const { records, of, tookMs } = sums(restore, now);
    const share = `${countText(records)} of ${countText(of)} records`;
    return `restoring ${table}: ${share}, ${rateText(records, tookMs)}, ${secondsText(tookMs)}`;
  }
}

interface Sums {
  readonly records: number;
  readonly of: number;
  readonly perSecond: number;
  readonly tookMs: number;
}

function sums({ parts, begunMs }: TableRestore, now: number): Sums {
  let records = 0;
  let of = 0;
  for (const part of parts.values()) {
    records += part.records;
    of += part.of;
  }
  const tookMs = now - begunMs;
  return { records, of, tookMs, perSecond: Math.round((records * 1000) / Math.max(1, tookMs)) };
}

function taskKey({ group, partition }: TaskName): string {
  return `${group}/${partition}`;
}

/** `orders/0-3 orders/7 payments/0`, in the order of groups and partitions. */
export function tasksText(tasks: readonly TaskName[]): string {
  const groups = new Map<string, number[]>();
  for (const { group, partition } of tasks) {
    groups.set(group, [...(groups.get(group) ?? []), partition]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .flatMap(([group, partitions]) => ranges(partitions).map((range) => `${group}/${range}`))
    .join(" ");
}

function ranges(numbers: readonly number[]): readonly string[] {
  const found: { readonly first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const open = found.at(-1);
    if (open !== undefined && open.last + 1 === number) open.last = number;
    else found.push({ first: number, last: number });
  }
  return found.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
}
