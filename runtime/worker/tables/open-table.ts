import { StreamgenError } from "../../errors.ts";
import { PartitionTable } from "../../state/partition-table.ts";
import type { RestorableRows } from "../../state/restorable-rows.ts";
import { damagedStore, type Store } from "../../state/store.ts";
import { isFixed } from "../../state/windows/keyed-spec.ts";
import type { OutTopic } from "../outputs/outbox.ts";
import type { Services } from "../services/services.ts";
import type { TableDeclaration } from "../spec.ts";
import { KeyedRestore } from "../windows/keyed-restore.ts";
import type { Expiry } from "../windows/window-expiry.ts";
import type { WorkerCore } from "../worker-core.ts";

/** The rows of a table in one task. */
export interface OpenRows {
  readonly declaration: TableDeclaration;
  readonly rows: PartitionTable;
  /** The rows as the changelog has them. */
  readonly restorable: RestorableRows;
}

/** A table of one task: its rows, its changelog and how far that belongs to a commit. */
export interface OpenTable extends OpenRows {
  readonly changelog: OutTopic;
  /** Where the table has windows. */
  readonly expiry?: Expiry;
  /** The changelog offset that belongs to the last commit. */
  end: number;
}

/** Opens a table's store, or a new one in place of what cannot be used. */
export async function openRows(
  declaration: TableDeclaration,
  partition: number,
  core: WorkerCore,
  storeName: string = declaration.tended?.store ?? declaration.name,
): Promise<OpenRows> {
  const { cache, signals } = core.services;
  const { tended } = declaration;
  const store = await openStore(core.services, storeName, partition);
  const rows = new PartitionTable(store, core.undo, {
    budget: cache,
    missed: () => signals.count("misses"),
  });
  return { declaration, rows, restorable: tended?.open(rows) ?? restorableOf(declaration, rows) };
}

/** The same with the changelog that it writes. */
export async function openTable(
  declaration: TableDeclaration,
  partition: number,
  core: WorkerCore,
): Promise<OpenTable> {
  const { changelog } = declaration;
  const { topics } = core.services;
  return {
    ...(await openRows(declaration, partition, core)),
    changelog: core.outbox.topic(topics.nameOf(changelog), {
      partitions: topics.partitionsOf(changelog),
      recordMaxBytes: topics.recordMaxBytesOf(changelog),
    }),
    end: 0,
  };
}

function restorableOf({ windows }: TableDeclaration, rows: PartitionTable): RestorableRows {
  return windows === undefined || isFixed(windows) ? rows : new KeyedRestore(rows, windows);
}

async function openStore(services: Services, table: string, partition: number): Promise<Store> {
  const { stores } = services;
  try {
    return await stores.open(table, partition);
  } catch (error) {
    if (!(error instanceof StreamgenError) || error.code !== damagedStore) throw error;
    reportWipe(services, table, partition, error.message);
    await stores.wipe(table, partition);
    return stores.open(table, partition);
  }
}

/** Tells that a store is made anew out of its changelog. */
export function reportWipe(
  { logger, signals }: Services,
  table: string,
  partition: number,
  reason: string,
): void {
  signals.count("storesWiped");
  logger.warn("a store is wiped and restored from its changelog", { table, partition, reason });
}
