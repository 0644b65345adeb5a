import path from "node:path";
import type { StoreEngine } from "../store.ts";
import type { ThreadPlan } from "./messages.ts";
import { RocksdbStore } from "./rocksdb-store.ts";
import { StoreThread } from "./store-thread.ts";

export interface RocksdbOptions {
  /** Where the database is: made where it is missing, and used by one engine at a time. */
  readonly folder: string;
  /** The app whose tables they are. Several may share a folder, one after the other. */
  readonly app: string;
  /** The changelog topic of a table. A store that belongs to another one is not used. */
  readonly changelog?: (table: string) => string;
  /** What RocksDB's cache and memtables may take. Default: 64 MiB. */
  readonly memoryBytes?: number;
  /** Told what whoever runs the worker should know. */
  readonly warn?: (message: string) => void;
}

const defaultMemoryBytes = 64 * 2 ** 20;

/**
 * Tables on disk, in one RocksDB database on a thread of its own. A database that is damaged beyond
 * reading is removed, with a warning. Throws SG7011 where another worker uses the folder, SG7012 where
 * the disk is full, SG7013 where the folder cannot be written, SG7014 where it fails otherwise, SG7016
 * where RocksDB cannot be loaded, SG7017 where the folder is none.
 */
export function rocksdbStores(options: RocksdbOptions): Promise<StoreEngine> {
  return openEngine("rocksdb-native", options);
}

/** The same through one of the bindings. */
export async function openEngine(
  binding: ThreadPlan["binding"],
  options: RocksdbOptions,
): Promise<StoreEngine> {
  const {
    app,
    changelog = (table) => `${app}-${table}-changelog`,
    warn = () => undefined,
  } = options;
  const folder = path.resolve(options.folder);
  const memoryBytes = options.memoryBytes ?? defaultMemoryBytes;
  const thread = new StoreThread({ binding, folder, memoryBytes }, warn);
  try {
    await thread.ask({ kind: "start" });
  } catch (error) {
    await thread.end();
    throw error;
  }
  return {
    async open(table, partition) {
      const request = { kind: "open", app, table, partition, changelog: changelog(table) } as const;
      return new RocksdbStore(thread, await thread.ask(request));
    },
    async wipe(table, partition) {
      await thread.ask({ kind: "wipe", app, table, partition });
    },
    async close() {
      try {
        await thread.ask({ kind: "stop" });
      } finally {
        await thread.end();
      }
    },
  };
}
