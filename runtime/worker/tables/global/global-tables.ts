import { StreamgenError } from "../../../errors.ts";
import type { LookupHandle } from "../../../state/table-handle.ts";
import type { IndexedLookup } from "../../../state/tended/indexed-table.ts";
import type { ViewHandle } from "../../scope.ts";
import type { Services } from "../../services/services.ts";
import type { TableSpec } from "../../spec.ts";
import { WorkerCore } from "../../worker-core.ts";
import type { IndexedTableSpec } from "../indexed-table.ts";
import { openRows, reportWipe } from "../open-table.ts";
import type { SourcedTable } from "../sourced-table.ts";
import { GlobalFeed, type GlobalPartition } from "./global-feed.ts";
import { GlobalIndexedRows, GlobalRows } from "./global-rows.ts";

/**
 * The tables that are whole on this worker: all partitions of their topics, restored before anything
 * else runs, and read on from there outside of any consumer group.
 */
export class GlobalTables {
  readonly #tables: readonly SourcedTable[];
  readonly #partitions = new Map<string, readonly GlobalPartition[]>();
  readonly #feeds: GlobalFeed[] = [];
  #core: WorkerCore | undefined;

  constructor(tables: readonly SourcedTable[]) {
    this.#tables = tables;
  }

  /** Restores each table to what its topic holds now. `changed` is called when more has been read. */
  async open(services: Services, changed: () => void): Promise<void> {
    if (this.#tables.length === 0) return;
    const core = new WorkerCore(services, 0);
    this.#core = core;
    for (const table of this.#tables) await this.#open(table, core);
    await core.formats.ready();
    await Promise.all([...this.#partitions.values()].flat().map((each) => restore(each, core)));
    for (const partitions of this.#partitions.values()) {
      const feed = new GlobalFeed(services, partitions, changed);
      this.#feeds.push(feed);
      await feed.start();
    }
  }

  /** Whether all that the topics hold is read. */
  async isAtEnd(): Promise<boolean> {
    const ends = await Promise.all(this.#feeds.map((feed) => feed.isAtEnd()));
    return ends.every((isAtEnd) => isAtEnd);
  }

  lookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found> {
    return new GlobalRows(table, this.#rowsOf(table.name));
  }

  indexedLookup<K, V, Found>(table: IndexedTableSpec<K, V, Found>): IndexedLookup<K, V, Found> {
    return new GlobalIndexedRows(table, this.#rowsOf(table.name));
  }

  /** `undefined` for a table that is none of these. */
  view<K, V, Found>(table: TableSpec<K, V, Found>): ViewHandle<K, V, Found> | undefined {
    if (!this.#tables.some(({ name }) => name === table.name)) return undefined;
    const rows = (): LookupHandle<K, V, Found> => this.lookup(table);
    return {
      get: async (key) => rows().get(key),
      has: async (key) => rows().has(key),
      async *entries() {
        yield* rows().entries();
      },
    };
  }

  async close(): Promise<void> {
    this.#core?.end();
    const feeds = await Promise.allSettled(this.#feeds.map((feed) => feed.close()));
    const partitions = [...this.#partitions.values()].flat();
    const rows = await Promise.allSettled(partitions.map((each) => each.rows.close()));
    this.#feeds.length = 0;
    this.#partitions.clear();
    const failed = [...feeds, ...rows].find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** Throws SG7212 before the tables are restored, and after their end. */
  #rowsOf(name: string) {
    const partitions = this.#partitions.get(name);
    if (partitions !== undefined) return partitions.map(({ rows }) => rows);
    throw new StreamgenError("SG7212", `global table "${name}" is not open`, { table: name });
  }

  async #open(declaration: SourcedTable, core: WorkerCore): Promise<void> {
    const { topics } = core.services;
    const { changelog, name, onError } = declaration;
    const opened: GlobalPartition[] = [];
    this.#partitions.set(name, opened);
    for (let partition = 0; partition < topics.partitionsOf(changelog); partition += 1) {
      const open = await openRows(declaration, partition, core, globalStore(declaration));
      opened.push({
        ...open,
        ...{ topic: topics.nameOf(changelog), partition, position: 0 },
        taker: declaration.open(open.restorable, { core, partition, onError }),
      });
    }
  }
}

/** What the store of a global table is called: a table that was not global has other rows. */
export const globalStore = ({ name, tended }: SourcedTable): string =>
  `${tended?.store ?? name} everywhere`;

async function restore(into: GlobalPartition, core: WorkerCore): Promise<void> {
  const { declaration, partition, restorable, taker, topic } = into;
  const { log, restorer, signals } = core.services;
  const [range] = await log.offsets([into]);
  const { end } = await restorer.restore({
    ...{ table: restorable, topic, partition, signal: core.signal },
    // What comes behind waits for an open transaction.
    end: range?.stableEnd ?? 0,
    progress: (records, of) =>
      signals.emit("restoring", {
        ...{ group: declaration.name, table: declaration.name, partition, records, of },
      }),
    wiped: (reason) => reportWipe(core.services, declaration.name, partition, reason),
    take: (cursor) => taker.take(cursor),
  });
  into.position = end;
}
