/** Where tables can live, for those who give a worker its `stores`. */
export { memoryStores } from "./memory-store.ts";
export { type RocksdbOptions, rocksdbStores } from "./rocksdb/engine.ts";
export { legacyRocksdbStores } from "./rocksdb-legacy/engine.ts";
export type { Checkpoint, Store, StoreEngine } from "./store.ts";
export type { WriteBatch, WriteBatchCursor } from "./write-batch.ts";
