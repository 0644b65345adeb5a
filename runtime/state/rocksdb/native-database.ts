import { createRequire } from "node:module";
import type { Database, DatabaseBatch, DatabaseRow } from "./database.ts";
import { bindingFailure } from "./failure.ts";

/** What is used of rocksdb-native 3.18, which has no types of its own. */
interface NativeRocks {
  ready(): Promise<void>;
  close(): Promise<void>;
  flush(): Promise<void>;
  deleteRange(from: Buffer, to: Buffer): Promise<void>;
  read(options: { readonly capacity: number }): {
    get(key: Buffer): Promise<Buffer | null>;
    flush(): Promise<void>;
    destroy(): void;
  };
  write(options: { readonly capacity: number }): {
    tryPut(key: Buffer, value: Buffer): void;
    tryDelete(key: Buffer): void;
    flush(): Promise<void>;
    destroy(): void;
  };
  iterator(
    range: { readonly gte: Buffer; readonly lt: Buffer },
    options: { readonly limit: number; readonly capacity: number },
  ): NodeJS.EventEmitter;
}
type NativeRocksClass = new (
  folder: string,
  options: Readonly<Record<string, number>>,
) => NativeRocks;

const require = createRequire(import.meta.url);
/** RocksDB's own default; the binding cannot change it. */
const blockCacheBytes = 32 * 2 ** 20;
const memtables = 2;
const memtableMinBytes = 4 * 2 ** 20;

/** The database through rocksdb-native: RocksDB 10, prebuilt, asynchronous on libuv's threads. */
export async function openNative(folder: string, memoryBytes: number): Promise<Database> {
  const Rocks = load();
  const room = Math.floor((memoryBytes - blockCacheBytes) / memtables);
  const db = new Rocks(folder, {
    writeBufferSize: Math.max(memtableMinBytes, room),
    maxWriteBufferNumber: memtables,
    maxOpenFiles: 512,
    maxBackgroundJobs: 2,
    tableBlockSize: 4096,
  });
  await db.ready();
  return new NativeDatabase(db);
}

function load(): NativeRocksClass {
  try {
    return require("rocksdb-native");
  } catch (error) {
    throw bindingFailure("rocksdb-native", error);
  }
}

class NativeDatabase implements Database {
  readonly #db: NativeRocks;

  constructor(db: NativeRocks) {
    this.#db = db;
  }

  async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]> {
    const batch = this.#db.read({ capacity: keys.length });
    try {
      const values = keys.map((key) => batch.get(key));
      // Every promise is listened to: one error of the batch rejects them all.
      const [, ...found] = await Promise.all([batch.flush(), ...values]);
      return found.map((value) => value ?? undefined);
    } finally {
      batch.destroy();
    }
  }

  async page(from: Buffer, to: Buffer, rowsMax: number): Promise<readonly DatabaseRow[]> {
    const rows: DatabaseRow[] = [];
    // With room for one row more, the read that finds the last row knows that it is the last.
    const options = { limit: rowsMax, capacity: rowsMax + 1 };
    const iterator = this.#db.iterator({ gte: from, lt: to }, options);
    await new Promise<void>((resolve, reject) => {
      iterator.on("data", (row: { readonly key: Buffer; readonly value: Buffer }) => {
        rows.push([row.key, row.value]);
      });
      iterator.on("error", reject);
      iterator.on("close", resolve);
    });
    return rows;
  }

  batch(changes: number): DatabaseBatch {
    const batch = this.#db.write({ capacity: changes });
    return {
      put: (key, value) => batch.tryPut(key, value),
      delete: (key) => batch.tryDelete(key),
      async write() {
        try {
          await batch.flush();
        } finally {
          batch.destroy();
        }
      },
    };
  }

  async deleteRange(from: Buffer, to: Buffer): Promise<void> {
    await this.#db.deleteRange(from, to);
  }

  /** Writes the memtable as a file, which is synchronised; the log before it is not. */
  async flush(): Promise<void> {
    await this.#db.flush();
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}
