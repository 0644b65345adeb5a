import { StreamgenError } from "../../errors.ts";
import type { BatchWriter } from "../../log/batch-writer.ts";
import { copyBytes } from "../../log/copy.ts";
import type { TopicPartition } from "../../log/log.ts";
import type { StagedCursor } from "../../state/cache/staged-cursor.ts";
import type { PartitionTable } from "../../state/partition-table.ts";
import type { Restored } from "../../state/restorer.ts";
import { rowByte } from "../../state/tended/layout.ts";
import type { Place } from "../commit/offset-metadata.ts";
import type { TaskName } from "../contract.ts";
import type { OutTopic } from "../outputs/outbox.ts";
import type { Services } from "../services/services.ts";
import type { GroupSpec } from "../spec.ts";
import type { Input } from "../tasks/input.ts";
import type { StreamTime } from "../windows/stream-time.ts";
import { openExpiry } from "../windows/window-expiry.ts";
import type { WorkerCore } from "../worker-core.ts";
import { type CommittedPlace, Flusher } from "./flusher.ts";
import type { Changelog } from "./foreign-records.ts";
import { type OpenRows, type OpenTable, openTable, reportWipe } from "./open-table.ts";
import { SourcedTables } from "./sourced-tables.ts";

/** The tables of one task: their rows, their changelogs and how far these belong to a commit. */
export class TaskTables {
  readonly #task: TaskName;
  readonly #services: Services;
  readonly #tables: readonly OpenTable[];
  readonly #time: StreamTime;
  readonly #flusher: Flusher;
  readonly #sourced: SourcedTables;

  constructor(
    task: TaskName,
    services: Services,
    {
      sourced,
      tables,
      time,
    }: {
      readonly sourced: SourcedTables;
      readonly tables: readonly OpenTable[];
      readonly time: StreamTime;
    },
  ) {
    this.#task = task;
    this.#services = services;
    this.#tables = tables;
    this.#time = time;
    this.#sourced = sourced;
    this.#flusher = new Flusher(services, task.partition, [...tables, ...sourced.tables]);
  }

  static async open(
    task: TaskName,
    group: GroupSpec,
    { core, time }: { readonly core: WorkerCore; readonly time: StreamTime },
  ): Promise<TaskTables> {
    const { tables: declarations, closings = [] } = group;
    const tables: OpenTable[] = [];
    const isAwaited = (name: string) => closings.some(({ table }) => table.name === name);
    try {
      for (const declaration of declarations) {
        const table = await openTable(declaration, task.partition, core);
        const { windows, name } = declaration;
        const expiry = windows && openExpiry(windows, table.rows, isAwaited(name));
        tables.push({ ...table, ...(expiry !== undefined && { expiry }) });
      }
      const sourced = await SourcedTables.open(task, group, core);
      return new TaskTables(task, core.services, { sourced, tables, time });
    } catch (error) {
      for (const { rows } of tables) await rows.close();
      throw error;
    }
  }

  get rows(): ReadonlyMap<string, PartitionTable> {
    return new Map(this.#all.map(({ declaration, rows }) => [declaration.name, rows]));
  }

  get openBytes(): number {
    const own = this.#tables.reduce((bytes, { rows }) => bytes + rows.openBytes, 0);
    return own + this.#sourced.openBytes;
  }

  /** The changelog offset of each table as of the last commit. */
  get ends(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#tables.map(({ declaration, end }) => [declaration.name, end]));
  }

  /**
   * Restores each table to where it was committed. Where nothing was committed yet, tables are empty,
   * whatever their changelogs hold. Gives the records read.
   */
  async restore(place: Place, inputs: readonly Input[], signal: AbortSignal): Promise<number> {
    const { signals, views } = this.#services;
    const { partition } = this.#task;
    const { changelogs: ends } = place;
    const restoring = this.#tables.map((table) => this.#restore(table, ends, signal));
    const sourcing = this.#sourced.restore(inputs, place, signal);
    // A store must not be closed while another table's restore still fails or goes on.
    await Promise.allSettled([...restoring, sourcing]);
    let records = await sourcing;
    for (const [index, restored] of (await Promise.all(restoring)).entries()) {
      const table = this.#tables[index];
      if (table === undefined) continue;
      const { name } = table.declaration;
      if (ends === undefined && restored.staleKeys.length > 0) {
        throw offsetsGone(name, { topic: table.changelog.name, partition });
      }
      table.end = restored.end;
      records += restored.records;
      signals.count("compensated", restored.staleKeys.length);
      signals.count("uncertain", restored.uncertain);
      table.restorable.rewrite(restored.staleKeys);
    }
    for (const { declaration, rows } of this.#all) {
      views.add(declaration, partition, { rows, time: this.#time });
    }
    return records;
  }

  /** Closes the open generation: its writes become changelog records in the outbox. */
  seal(now: number): void {
    const { partition } = this.#task;
    for (const { changelog, expiry, restorable, rows } of this.#tables) {
      expiry?.expire?.(this.#time.streamTime);
      const written = rows.seal();
      if (restorable !== rows) logRows(written, changelog, partition, now);
      else
        while (written.next()) logRow(written, written.keyStart, changelog.batch(partition), now);
    }
    this.#sourced.seal();
  }

  /** Each table's changelog as of the last commit. */
  get changelogs(): readonly Changelog[] {
    const { partition } = this.#task;
    return this.#tables.map(({ declaration, restorable, changelog, end }) => ({
      table: declaration.name,
      topic: changelog.name,
      partition,
      end,
      readCommitted: (key) => restorable.readCommitted(key),
    }));
  }

  /** The sealed generation is committed. */
  acknowledge(ends: Readonly<Record<string, number>>): void {
    for (const table of this.#tables) {
      table.end = ends[table.declaration.name] ?? table.end;
      table.rows.acknowledge();
    }
  }

  /** The inputs' offsets of the sealed generation are committed, too. Begins a flush if it is time for one. */
  reached(inputs: readonly Input[], place: CommittedPlace): void {
    this.#sourced.acknowledge(inputs);
    this.#flusher.flushIfDue(place);
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
    this.#sourced.rewind();
  }

  /** Writes what is committed to the stores. Throws SG7040. */
  flush(place: CommittedPlace): Promise<void> {
    return this.#flusher.flush(place);
  }

  async close(): Promise<void> {
    await this.#flusher.settled();
    for (const { declaration } of this.#all) {
      this.#services.views.remove(declaration, this.#task.partition);
    }
    const closed = await Promise.allSettled(this.#all.map(({ rows }) => rows.close()));
    const failed = closed.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  get #all(): readonly OpenRows[] {
    return [...this.#tables, ...this.#sourced.tables];
  }

  #restore(
    { changelog, declaration, expiry, restorable }: OpenTable,
    ends: Readonly<Record<string, number>> | undefined,
    signal: AbortSignal,
  ): Promise<Restored> {
    const { restorer, signals } = this.#services;
    const { name } = declaration;
    const { partition } = this.#task;
    return restorer.restore({
      table: restorable,
      topic: changelog.name,
      partition,
      end: ends === undefined ? 0 : Object.hasOwn(ends, name) ? ends[name] : undefined,
      progress: (read, of) =>
        signals.emit("restoring", { ...this.#task, table: name, records: read, of }),
      wiped: (reason) => reportWipe(this.#services, name, partition, reason),
      signal,
      ...(expiry !== undefined && { isExpired: expiry.isExpired(this.#time.committed) }),
    });
  }
}

/** Makes a row's record in the changelog. */
function logRow(
  { bytes, keyEnd, valueStart, valueEnd }: StagedCursor,
  keyStart: number,
  batch: BatchWriter,
  now: number,
): void {
  const writer = batch.begin(now, bytes, keyStart, keyEnd);
  if (valueStart < 0) batch.tombstone();
  else {
    writer.need(valueEnd - valueStart);
    writer.position = copyBytes(bytes, valueStart, valueEnd, writer.bytes, writer.position);
  }
  batch.end();
}

/** The same for the rows of a tended table; what is beside them follows from them. */
function logRows(written: StagedCursor, changelog: OutTopic, partition: number, now: number): void {
  while (written.next()) {
    const { bytes, keyStart } = written;
    if (bytes[keyStart] !== rowByte) continue;
    logRow(written, keyStart + 1, changelog.batch(partition), now);
  }
}

/** Offsets that were committed once are gone, as after they have expired: tables would count twice. */
function offsetsGone(table: string, place: TopicPartition): StreamgenError {
  const message =
    `the group has no offsets, but table "${table}" has rows: the offsets have expired or were ` +
    "deleted; set them again, or begin anew with streamgen reset";
  return new StreamgenError("SG8043", message, { ...place, table });
}
