import { memoryStores } from "../../state/memory-store.ts";
import type { StoreEngine } from "../../state/store.ts";
import type { WorkerThread } from "../contract.ts";
import type { Logger } from "../scope.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineSpec } from "../spec.ts";
import { globalStore } from "../tables/global/global-tables.ts";

/** For a process; threads share it. */
const storeMemoryBytes = 64 * 1024 * 1024;

export interface OpenStoresOptions {
  readonly logger: Logger;
  /** Which thread of how many: they share the memory. */
  readonly thread?: WorkerThread;
}

/** What the stores of a pipeline's tables are called, and what fills them. */
function storedTables({
  globals = [],
  groups,
}: PipelineSpec): readonly { readonly changelog: string; readonly store: string }[] {
  const local = groups.flatMap((group) => [
    ...group.tables,
    ...group.sources.flatMap((source) => source.tables),
  ]);
  return [
    ...local.map(({ changelog, name, tended }) => ({ changelog, store: tended?.store ?? name })),
    ...globals.map((table) => ({ changelog: table.changelog, store: globalStore(table) })),
  ];
}

/** The stores of the settings; a pipeline without tables opens none. Throws SG7011 to SG7017. */
export async function openStores(
  spec: PipelineSpec,
  { app, state, topicNames }: Settings,
  { logger, thread }: OpenStoresOptions,
): Promise<StoreEngine> {
  const tables = storedTables(spec);
  if (state.store === "memory" || tables.length === 0) return memoryStores();
  const changelogs = new Map(
    tables.map(({ changelog, store }) => [store, topicNames.get(changelog) ?? changelog]),
  );
  // A native library: nobody who keeps nothing on disk has to be able to load it.
  const { rocksdbStores } = await import("../../state/rocksdb/engine.ts");
  return rocksdbStores({
    folder: state.folder,
    app,
    changelog: (table) => changelogs.get(table) ?? table,
    memoryBytes: Math.floor(storeMemoryBytes / (thread?.of ?? 1)),
    warn: (message) => logger.warn(message),
  });
}
