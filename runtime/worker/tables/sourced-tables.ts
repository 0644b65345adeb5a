import type { PartitionTable } from "../../state/partition-table.ts";
import type { Place } from "../commit/offset-metadata.ts";
import type { TaskName } from "../contract.ts";
import type { Services } from "../services/services.ts";
import type { GroupSpec } from "../spec.ts";
import type { Input } from "../tasks/input.ts";
import type { WorkerCore } from "../worker-core.ts";
import { type OpenRows, openRows, reportWipe } from "./open-table.ts";
import type { RecordTaker, SourcedTable } from "./sourced-table.ts";

interface OpenSourced extends OpenRows {
  readonly declaration: SourcedTable;
  /** The topic's name in the log. */
  readonly topic: string;
  readonly taker: RecordTaker;
  /** The topic's offset that belongs to the last commit. */
  end: number;
}

/**
 * The tables of one task whose rows are records of its inputs. Nothing is logged for them: the offset
 * that is committed for an input is how far its tables are.
 */
export class SourcedTables {
  readonly tables: readonly OpenSourced[];
  readonly #task: TaskName;
  readonly #services: Services;

  static async open(
    task: TaskName,
    { sources }: GroupSpec,
    core: WorkerCore,
  ): Promise<SourcedTables> {
    const tables: OpenSourced[] = [];
    try {
      for (const declaration of sources.flatMap((source) => source.tables)) {
        tables.push(await open(declaration, task.partition, core));
      }
    } catch (error) {
      for (const { rows } of tables) await rows.close();
      throw error;
    }
    return new SourcedTables(task, core.services, tables);
  }

  constructor(task: TaskName, services: Services, tables: readonly OpenSourced[]) {
    this.#task = task;
    this.#services = services;
    this.tables = tables;
  }

  get rows(): readonly (readonly [table: string, rows: PartitionTable])[] {
    return this.tables.map(({ declaration, rows }) => [declaration.name, rows]);
  }

  get openBytes(): number {
    return this.tables.reduce((bytes, { rows }) => bytes + rows.openBytes, 0);
  }

  /** Restores each table up to where its topic's agents are. Gives the records read. */
  async restore(inputs: readonly Input[], place: Place, signal: AbortSignal): Promise<number> {
    const ends = new Map(
      inputs.map(({ topic }, index) => [
        topic,
        place.behind?.[topic]?.until ?? place.offsets[index] ?? 0,
      ]),
    );
    const restoring = this.tables.map((table) => this.#restore(table, ends, signal));
    // A store must not be closed while another table's restore still fails or goes on.
    await Promise.allSettled(restoring);
    return (await Promise.all(restoring)).reduce((sum, records) => sum + records, 0);
  }

  seal(): void {
    for (const { rows } of this.tables) rows.seal();
  }

  /** What was sealed is committed, together with the inputs' offsets. */
  acknowledge(inputs: readonly Input[]): void {
    for (const table of this.tables) {
      const input = inputs.find(({ topic }) => topic === table.topic);
      table.end = input?.reached ?? table.end;
      table.rows.acknowledge();
    }
  }

  /** Forgets what is staged: the inputs go back, and bring it again. */
  rewind(): void {
    for (const { rows } of this.tables) rows.drop();
  }

  async #restore(
    table: OpenSourced,
    ends: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ): Promise<number> {
    const { restorer, signals } = this.#services;
    const { declaration, restorable, taker, topic } = table;
    const { partition } = this.#task;
    const { name } = declaration;
    const { end, records } = await restorer.restore({
      ...{ table: restorable, topic, partition, signal },
      end: ends.get(topic),
      progress: (read, of) =>
        signals.emit("restoring", { ...this.#task, table: name, records: read, of }),
      wiped: (reason) => reportWipe(this.#services, name, partition, reason),
      take: (cursor) => taker.take(cursor),
    });
    table.end = end;
    return records;
  }
}

async function open(
  declaration: SourcedTable,
  partition: number,
  core: WorkerCore,
): Promise<OpenSourced> {
  const opened = await openRows(declaration, partition, core);
  const { onError } = declaration;
  return {
    ...opened,
    declaration,
    topic: core.services.topics.nameOf(declaration.changelog),
    taker: declaration.open(opened.restorable, { core, partition, onError }),
    end: 0,
  };
}
