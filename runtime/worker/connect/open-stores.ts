import { memoryStores } from "../../state/memory-store.ts";
import type { StoreEngine } from "../../state/store.ts";
import type { WorkerThread } from "../contract.ts";
import type { Logger } from "../scope.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineSpec } from "../spec.ts";

/** For a process; threads share it. */
const storeMemoryBytes = 64 * 1024 * 1024;

export interface OpenStoresOptions {
  readonly logger: Logger;
  /** Which thread of how many: they share the memory. */
  readonly thread?: WorkerThread;
}

/** The stores of the settings; a pipeline without tables opens none. Throws SG7011 to SG7017. */
export async function openStores(
  spec: PipelineSpec,
  { app, state, topicNames }: Settings,
  { logger, thread }: OpenStoresOptions,
): Promise<StoreEngine> {
  const tables = spec.groups.flatMap((group) => [
    ...group.tables,
    ...group.sources.flatMap((source) => source.tables),
  ]);
  if (state.store === "memory" || tables.length === 0) return memoryStores();
  const changelogs = new Map(
    tables.map(({ name, changelog, tended }) => [
      tended?.store ?? name,
      topicNames.get(changelog) ?? changelog,
    ]),
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
