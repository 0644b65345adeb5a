/** What the store thread makes of a database that begins to fail while it is in use. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Database, DatabaseBatch } from "../../../../runtime/state/rocksdb/database.ts";
import type { Opened } from "../../../../runtime/state/rocksdb/messages.ts";
import { openNative } from "../../../../runtime/state/rocksdb/native-database.ts";
import { packKeys, valuesIn } from "../../../../runtime/state/rocksdb/packed.ts";
import { StoreServer } from "../../../../runtime/state/rocksdb/store-server.ts";
import { packRows } from "../../../../runtime/state/write-batch.ts";
import { checkpointAt, newFolder } from "./folder.ts";

/** A server on a real database, whose writes fail with `failure.text` while there is one. */
class Tables {
  failure: string | undefined;
  /** Batches that the database takes before that failure. */
  spared = 0;
  opens = 0;
  readonly server: StoreServer;

  constructor(folder: string) {
    this.server = new StoreServer(folder, 0, async (where, memoryBytes) => {
      this.opens += 1;
      return this.#failing(await openNative(where, memoryBytes));
    });
  }

  #failing(database: Database): Database {
    const checked = async (work: () => Promise<void>): Promise<void> => {
      this.spared -= 1;
      if (this.failure !== undefined && this.spared < 0) throw new Error(this.failure);
      await work();
    };
    return {
      getMany: (keys) => database.getMany(keys),
      page: (from, to, rowsMax) => database.page(from, to, rowsMax),
      deleteRange: (from, to) => database.deleteRange(from, to),
      close: () => database.close(),
      flush: () => checked(() => database.flush()),
      batch: (count) => {
        const changes: ((batch: DatabaseBatch) => void)[] = [];
        return {
          put: (key, value) => void changes.push((batch) => batch.put(key, value)),
          delete: (key) => void changes.push((batch) => batch.delete(key)),
          write: () =>
            checked(() => {
              const batch = database.batch(count);
              for (const change of changes) change(batch);
              return batch.write();
            }),
        };
      },
    };
  }

  async open(table: string): Promise<Opened> {
    const changelog = `${table}-changelog`;
    const request = { kind: "open", app: "shop", table, partition: 0, changelog } as const;
    const opened = await this.server.answer(request);
    assert.ok(opened !== undefined && "handle" in opened);
    return opened;
  }

  async write(handle: number, value: string, changelogOffset: number): Promise<void> {
    const { buffer: rows, byteLength, count } = packRows([[row, Buffer.from(value)]]);
    const checkpoint = checkpointAt(changelogOffset);
    await this.server.answer({ kind: "write", handle, rows, byteLength, count, checkpoint });
  }

  /** Writes many rows of one value. */
  async fill(handle: number, value: string, changelogOffset: number): Promise<void> {
    const keys = Array.from({ length: manyRows }, (_, number) => manyKey(number));
    const many = packRows(keys.map((key) => [key, Buffer.from(value)]));
    const { buffer: rows, byteLength, count } = many;
    const checkpoint = checkpointAt(changelogOffset);
    await this.server.answer({ kind: "write", handle, rows, byteLength, count, checkpoint });
  }

  async read(handle: number, key: Buffer = row): Promise<string> {
    const values = await this.server.answer({ kind: "get", handle, keys: packKeys([key]) });
    assert.ok(values instanceof ArrayBuffer);
    return String(valuesIn(values)[0]);
  }

  async wipe(table: string): Promise<void> {
    await this.server.answer({ kind: "wipe", app: "shop", table, partition: 0 });
  }

  async stop(): Promise<void> {
    await this.server.answer({ kind: "stop" });
  }
}

const row = Buffer.from("row");
/** So many that they are written in pieces. */
const manyRows = 100_000;
const manyKey = (number: number): Buffer => Buffer.from(`many ${String(number).padStart(6, "0")}`);
const [first, last] = [manyKey(0), manyKey(manyRows - 1)];
const diskFull = "While appending to file: /s/1.log: No space left on device";

test("a write that the system refuses leaves reads, and the next one opens the database again", async () => {
  const tables = new Tables(newFolder("refusing"));
  const { handle } = await tables.open("counts");
  await tables.write(handle, "1", 1);
  for (const [text, code] of [
    ["While appending to file: /s/1.log: No space left on device", "SG7012"],
    ["While fsync: /s/1.log: Input/output error", "SG7014"],
  ]) {
    tables.failure = text;
    const place = { table: "counts", partition: 0 };
    await assert.rejects(tables.write(handle, "2", 2), { code, place });
    assert.equal(await tables.read(handle), "1");
  }
  tables.failure = undefined;
  await tables.write(handle, "3", 3);
  assert.equal(await tables.read(handle), "3");
  assert.equal(tables.opens, 3);
  assert.deepEqual(tables.server.takeWarnings(), []);
  await tables.stop();
});

test("a write that meets damage takes no more of them, until a table is wiped: then all are gone", async () => {
  const tables = new Tables(newFolder("condemned"));
  const counts = await tables.open("counts");
  const sums = await tables.open("sums");
  for (const { handle } of [counts, sums]) await tables.write(handle, "1", 1);
  tables.failure = "block checksum mismatch: stored = 1, computed = 2";
  await assert.rejects(tables.write(counts.handle, "2", 2), { code: "SG7010" });
  tables.failure = undefined;
  await assert.rejects(tables.write(sums.handle, "2", 2), { code: "SG7010" });
  assert.equal(await tables.read(sums.handle), "1");
  await tables.server.answer({ kind: "release", handle: counts.handle });
  await tables.wipe("counts");
  assert.match(tables.server.takeWarnings().join(), /damaged: all of them are removed/);
  await assert.rejects(tables.read(sums.handle), {
    code: "SG7010",
    message: /"sums" were removed with a damaged database/,
  });
  await assert.rejects(tables.write(sums.handle, "3", 3), { code: "SG7010" });
  for (const table of ["counts", "sums"]) {
    const { handle, checkpoint } = await tables.open(table);
    assert.equal(checkpoint, undefined);
    assert.equal(await tables.read(handle), "undefined");
    await tables.write(handle, "4", 4);
    assert.equal(await tables.read(handle), "4");
  }
  await tables.stop();
});

test("where the database is found damaged as it is opened again, what its tables were stays apart", async () => {
  const folder = newFolder("replaced");
  const tables = new Tables(folder);
  const counts = await tables.open("counts");
  await tables.write(counts.handle, "1", 1);
  tables.failure = "While appending to file: /s/1.log: No space left on device";
  await assert.rejects(tables.write(counts.handle, "2", 2), { code: "SG7012" });
  tables.failure = undefined;
  writeFileSync(path.join(folder, "CURRENT"), "?");
  await assert.rejects(tables.write(counts.handle, "3", 3), { code: "SG7010" });
  assert.match(tables.server.takeWarnings().join(), /all of them are removed/);
  // The first table of the new database has the number that the old one's first had.
  const sums = await tables.open("sums");
  assert.equal(sums.checkpoint, undefined);
  assert.equal(await tables.read(sums.handle), "undefined");
  await tables.write(sums.handle, "4", 4);
  await assert.rejects(tables.read(counts.handle), { code: "SG7010" });
  await assert.rejects(tables.write(counts.handle, "5", 5), { code: "SG7010" });
  await tables.server.answer({ kind: "release", handle: sums.handle });
  assert.deepEqual((await tables.open("sums")).checkpoint, checkpointAt(4));
  await tables.stop();
});

test("of many rows that are cut short some are there, under the checkpoint before; again, all are", async () => {
  const folder = newFolder("pieces");
  let tables = new Tables(folder);
  let { handle } = await tables.open("counts");
  await tables.fill(handle, "1", 1);
  tables.failure = diskFull;
  tables.spared = 1;
  await assert.rejects(tables.fill(handle, "2", 2), { code: "SG7012" });
  assert.deepEqual([await tables.read(handle, first), await tables.read(handle, last)], ["2", "1"]);
  tables.failure = undefined;
  await tables.stop();

  tables = new Tables(folder);
  const again = await tables.open("counts");
  handle = again.handle;
  assert.deepEqual(again.checkpoint, checkpointAt(1));
  await tables.fill(handle, "2", 2);
  assert.deepEqual([await tables.read(handle, first), await tables.read(handle, last)], ["2", "2"]);
  await tables.stop();
});

test("of a table whose first rows are cut short nothing is left", async () => {
  const folder = newFolder("first-pieces");
  let tables = new Tables(folder);
  const { handle } = await tables.open("counts");
  tables.failure = diskFull;
  tables.spared = 1;
  await assert.rejects(tables.fill(handle, "1", 1), { code: "SG7012" });
  assert.equal(await tables.read(handle, first), "1");
  tables.failure = undefined;
  await tables.stop();

  tables = new Tables(folder);
  const again = await tables.open("counts");
  assert.equal(again.checkpoint, undefined);
  assert.equal(await tables.read(again.handle, first), "undefined");
  await tables.stop();
});
