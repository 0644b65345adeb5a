import { createRequire } from "node:module";
import { StreamgenError } from "../../errors.ts";
import type { Database, DatabaseBatch, DatabaseRow } from "../rocksdb/database.ts";
import { bindingFailure } from "../rocksdb/failure.ts";
import { nextNumberKey } from "../rocksdb/keys.ts";

/** Calls back with an error, or with what was asked for. */
type Callback<T = undefined> = (error: Error | null | undefined, value?: T) => void;

/** What is used of rocksdb 5.2, which has no types of its own. */
export interface LegacyRocks {
  open(options: Readonly<Record<string, number | boolean>>, done: Callback): void;
  close(done: Callback): void;
  getMany(keys: readonly Buffer[], done: Callback<readonly (Buffer | undefined)[]>): void;
  batch(): {
    put(key: Buffer, value: Buffer): void;
    del(key: Buffer): void;
    write(options: { readonly sync: boolean }, done: Callback): void;
  };
  clear(range: { readonly gte: Buffer; readonly lt: Buffer }, done: Callback): void;
  iterator(range: { readonly gte: Buffer; readonly lt: Buffer; readonly limit: number }): {
    next(done: (error: Error | null | undefined, key?: Buffer, value?: Buffer) => void): void;
    end(done: Callback): void;
  };
}

const require = createRequire(import.meta.url);

/** The database through rocksdb 5.2.1, the last of its line: RocksDB 6.17, of 2022. */
export async function openLegacy(folder: string, memoryBytes: number): Promise<Database> {
  const db = loadLegacy()(folder);
  const options = {
    createIfMissing: true,
    cacheSize: Math.floor(memoryBytes / 2),
    writeBufferSize: Math.floor(memoryBytes / 4),
    maxOpenFiles: 512,
  };
  await settled((done) => db.open(options, done));
  return new LegacyDatabase(db);
}

/**
 * The binding. Once the last thread that has loaded it has ended, no thread of the process can load
 * it again: whoever starts threads that do has to load it, too.
 */
export function loadLegacy(): (folder: string) => LegacyRocks {
  refuseNewerNode(process.versions.node);
  try {
    return require("rocksdb");
  } catch (error) {
    throw bindingFailure("rocksdb", error);
  }
}

/**
 * SG7016 where the binding's first call would abort the process: it does on Node 22 and 24, with
 * `std::bad_alloc`.
 */
export function refuseNewerNode(version: string): void {
  if (Number.parseInt(version, 10) <= 20) return;
  throw new StreamgenError(
    "SG7016",
    `rocksdb 5.2.1 does not work on Node ${version}, only up to Node 20: use rocksdbStores, which ` +
      "opens the same folders",
  );
}

class LegacyDatabase implements Database {
  readonly #db: LegacyRocks;

  constructor(db: LegacyRocks) {
    this.#db = db;
  }

  async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]> {
    return (
      (await settled<readonly (Buffer | undefined)[]>((done) => this.#db.getMany(keys, done))) ?? []
    );
  }

  async page(from: Buffer, to: Buffer, rowsMax: number): Promise<readonly DatabaseRow[]> {
    const iterator = this.#db.iterator({ gte: from, lt: to, limit: rowsMax });
    const rows: DatabaseRow[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const take = (error: Error | null | undefined, key?: Buffer, value?: Buffer): void => {
          if (error) reject(error);
          else if (key === undefined || value === undefined) resolve();
          else {
            rows.push([key, value]);
            iterator.next(take);
          }
        };
        iterator.next(take);
      });
    } finally {
      await settled((done) => iterator.end(done));
    }
    return rows;
  }

  batch(): DatabaseBatch {
    return this.#changes(false);
  }

  async deleteRange(from: Buffer, to: Buffer): Promise<void> {
    await settled((done) => this.#db.clear({ gte: from, lt: to }, done));
  }

  /** A write that is synchronised takes the log before it along. */
  async flush(): Promise<void> {
    const [next] = await this.getMany([nextNumberKey]);
    const batch = this.#changes(true);
    if (next !== undefined) batch.put(nextNumberKey, next);
    await batch.write();
  }

  async close(): Promise<void> {
    await settled((done) => this.#db.close(done));
  }

  #changes(sync: boolean): DatabaseBatch {
    const batch = this.#db.batch();
    return {
      put: (key, value) => batch.put(key, value),
      delete: (key) => batch.del(key),
      write: async () => void (await settled((done) => batch.write({ sync }, done))),
    };
  }
}

function settled<T = undefined>(begin: (done: Callback<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    begin((error, value) => (error ? reject(error) : resolve(value)));
  });
}
