import { openEngine, type RocksdbOptions } from "../rocksdb/engine.ts";
import type { StoreEngine } from "../store.ts";
import { loadLegacy } from "./legacy-database.ts";

/**
 * The same stores as `rocksdbStores`, through the package `rocksdb` 5.2.1, which has to be installed
 * beside this one. `rocksdbStores` opens a folder of these stores; these cannot read one of its files,
 * which are newer, and make such a folder anew, with a warning.
 */
export async function legacyRocksdbStores(options: RocksdbOptions): Promise<StoreEngine> {
  loadLegacy();
  return await openEngine("rocksdb", options);
}
