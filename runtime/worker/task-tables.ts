import { PartitionTable } from "../state/partition-table.ts";
import { restore } from "../state/restore.ts";
import type { TaskName } from "./contract.ts";
import type { OutTopic } from "./outbox.ts";
import type { Services } from "./services.ts";
import type { TableDeclaration } from "./spec.ts";
import type { WorkerCore } from "./worker-core.ts";

interface OpenTable {
  readonly declaration: TableDeclaration;
  readonly rows: PartitionTable;
  readonly changelog: OutTopic;
  /** The changelog offset that belongs to the last commit. */
  end: number;
}

/** What a store is flushed at. */
const flushBytes = 64 * 1024 * 1024;
const flushMs = 30_000;

/** The tables of one task: their rows, their changelogs and how far these belong to a commit. */
export class TaskTables {
  readonly #task: TaskName;
  readonly #services: Services;
  readonly #tables: readonly OpenTable[];
  #flushedAt: number;
  #flushing: Promise<void> = Promise.resolve();

  constructor(task: TaskName, services: Services, tables: readonly OpenTable[]) {
    this.#task = task;
    this.#services = services;
    this.#tables = tables;
    this.#flushedAt = services.clock.now();
  }

  static async open(
    task: TaskName,
    declarations: readonly TableDeclaration[],
    core: WorkerCore,
  ): Promise<TaskTables> {
    const { openStore, topics } = core.services;
    const tables: OpenTable[] = [];
    for (const declaration of declarations) {
      const store = await openStore(declaration.name, task.partition);
      const name = topics.nameOf(declaration.changelog);
      tables.push({
        declaration,
        rows: new PartitionTable(store, core.undo),
        changelog: core.outbox.topic(name, topics.partitionsOf(declaration.changelog)),
        end: 0,
      });
    }
    return new TaskTables(task, core.services, tables);
  }

  get rows(): ReadonlyMap<string, PartitionTable> {
    return new Map(this.#tables.map(({ declaration, rows }) => [declaration.name, rows]));
  }

  get openBytes(): number {
    return this.#tables.reduce((bytes, { rows }) => bytes + rows.openBytes, 0);
  }

  /** The changelog offset of each table as of the last commit. */
  get ends(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#tables.map(({ declaration, end }) => [declaration.name, end]));
  }

  /**
   * Restores each table to the end that was committed; `undefined` as a whole: nothing was committed
   * yet, so the tables are empty whatever their changelogs hold. Gives the records read.
   */
  async restore(
    ends: Readonly<Record<string, number>> | undefined,
    signal: AbortSignal,
  ): Promise<number> {
    const { log, signals, views } = this.#services;
    let records = 0;
    for (const table of this.#tables) {
      const { name } = table.declaration;
      const restored = await restore(log, {
        table: table.rows,
        topic: table.changelog.name,
        partition: this.#task.partition,
        end: ends === undefined ? 0 : Object.hasOwn(ends, name) ? ends[name] : undefined,
        progress: (read, of) =>
          signals.emit("restoring", { ...this.#task, table: name, records: read, of }),
        signal,
      });
      table.end = restored.end;
      records += restored.records;
      signals.count("compensated", restored.staleKeys.length);
      table.rows.rewrite(restored.staleKeys);
      views.add(table.declaration, this.#task.partition, table.rows);
    }
    return records;
  }

  /** Closes the open generation: its writes become changelog records in the outbox. */
  seal(now: number): void {
    const { partition } = this.#task;
    for (const { rows, changelog } of this.#tables) {
      for (const [key, value] of rows.seal()) {
        const batch = changelog.batch(partition);
        const writer = batch.begin(now, key);
        if (value === null) batch.tombstone();
        else writer.append(value);
        batch.end();
      }
    }
  }

  /** Where a changelog ends once a batch of `count` records begins at `baseOffset`. */
  endsAfter(
    sent: readonly {
      readonly topic: string;
      readonly baseOffset: number;
      readonly count: number;
    }[],
  ): Readonly<Record<string, number>> {
    const ends = this.#tables.map(({ declaration, changelog, end }) => {
      const batch = sent.find(({ topic }) => topic === changelog.name);
      return [
        declaration.name,
        batch === undefined ? end : batch.baseOffset + batch.count,
      ] as const;
    });
    return Object.fromEntries(ends);
  }

  /** The sealed generation is committed. */
  acknowledge(ends: Readonly<Record<string, number>>): void {
    for (const table of this.#tables) {
      table.end = ends[table.declaration.name] ?? table.end;
      table.rows.acknowledge();
    }
  }

  /**
   * Forgets what is staged. With `wasSent`, changelogs may hold what was sealed, outside of any
   * transaction: the rows are staged again as they are.
   */
  rewind(wasSent: boolean): void {
    for (const { rows } of this.#tables) {
      const sealed = rows.drop();
      if (wasSent) rows.rewrite(sealed);
    }
  }

  /** Begins a flush if it is time for one. */
  flushIfDue(sourceOffsets: Readonly<Record<string, number>>, streamTime: number): void {
    const bytes = this.#tables.reduce((sum, { rows }) => sum + rows.unflushedBytes, 0);
    const isDue = bytes >= flushBytes || this.#services.clock.now() - this.#flushedAt >= flushMs;
    if (bytes === 0 || !isDue) return;
    this.flush(sourceOffsets, streamTime).catch((error: unknown) => {
      this.#services.logger.error("tables cannot be flushed", { reason: String(error) });
    });
  }

  /** Writes what is committed to the stores. */
  flush(sourceOffsets: Readonly<Record<string, number>>, streamTime: number): Promise<void> {
    this.#flushedAt = this.#services.clock.now();
    const earlier = this.#flushing.catch(() => undefined);
    this.#flushing = earlier.then(async () => {
      for (const { rows, end } of this.#tables) {
        await rows.flush({ changelogOffset: end, sourceOffsets, streamTime });
      }
    });
    return this.#flushing;
  }

  async close(): Promise<void> {
    await this.#flushing;
    for (const { declaration, rows } of this.#tables) {
      this.#services.views.remove(declaration, this.#task.partition);
      await rows.close();
    }
  }
}
