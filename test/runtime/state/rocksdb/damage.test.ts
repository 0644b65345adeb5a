import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { checkpointKey, entryKey } from "../../../../runtime/state/rocksdb/keys.ts";
import { openNative } from "../../../../runtime/state/rocksdb/native-database.ts";
import { openFolder } from "../../../../runtime/state/rocksdb/open-folder.ts";
import { packRows } from "../../../../runtime/state/write-batch.ts";
import { checkpointAt, newFolder, put, shown, withEngine } from "./folder.ts";

const memoryBytes = 48 * 2 ** 20;
const damaged = { code: "SG7010" };
const fileOf = (folder: string, sign: RegExp): string => {
  const name = readdirSync(folder).find((each) => sign.test(each));
  assert.ok(name, `no file ${sign} in ${folder}`);
  return path.join(folder, name);
};
const rowName = (table: string, index: number): Buffer =>
  Buffer.from(`${table}-${String(index).padStart(6, "0")}`);

/** Unlike the keys, which RocksDB shortens, it is found in a file. */
const rowValue = (table: string, index: number): Buffer =>
  Buffer.from(`value of row ${index} of ${table}`.padEnd(100, "."));

/** Two tables of 3000 rows each, on disk as one file. They have the numbers 1 and 2. */
const template = newFolder("template");
await withEngine(template, async (engine) => {
  for (const name of ["first", "second"]) {
    const store = await engine.open(name, 0);
    const rows = Array.from(
      { length: 3000 },
      (_, index) => [rowName(name, index), rowValue(name, index)] as const,
    );
    await store.write(packRows(rows), checkpointAt(3000));
    await store.close();
  }
});

function makeTables(): string {
  const folder = newFolder("damage");
  cpSync(template, folder, { recursive: true });
  return folder;
}

function flip(file: string, at: (bytes: Buffer) => number): void {
  const bytes = readFileSync(file);
  const index = at(bytes);
  bytes[index] = (bytes[index] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
}

const middle = (bytes: Buffer): number => bytes.length >> 1;
const table = /\.sst$/;
const manifest = /^MANIFEST/;
const current = /^CURRENT$/;

const beyondReading: readonly (readonly [what: string, damage: (folder: string) => void])[] = [
  ["a truncated table file", (folder) => truncateSync(fileOf(folder, table), 1000)],
  ["a missing table file", (folder) => rmSync(fileOf(folder, table))],
  ["a table file without an end", (folder) => flip(fileOf(folder, table), (all) => all.length - 4)],
  ["a missing CURRENT", (folder) => rmSync(fileOf(folder, current))],
  ["a CURRENT that says something else", (folder) => writeFileSync(fileOf(folder, current), "?")],
  ["an empty CURRENT", (folder) => truncateSync(fileOf(folder, current))],
  ["a missing MANIFEST", (folder) => rmSync(fileOf(folder, manifest))],
  ["a flipped MANIFEST", (folder) => flip(fileOf(folder, manifest), middle)],
  ["a truncated MANIFEST", (folder) => truncateSync(fileOf(folder, manifest), 20)],
  ["an empty MANIFEST", (folder) => truncateSync(fileOf(folder, manifest))],
];

for (const [what, damage] of beyondReading) {
  test(`${what}: the database is made anew, with a warning`, async () => {
    const folder = makeTables();
    damage(folder);
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const { database, directory, isReplaced } = await openFolder(
      openNative,
      folder,
      memoryBytes,
      warn,
    );
    assert.deepEqual(await database.page(Buffer.alloc(4), Buffer.alloc(4, 255), 10), []);
    assert.equal(directory.find(identity("first")), undefined);
    await database.close();
    assert.equal(isReplaced, true);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /all of them are removed, and rebuilt from their changelogs/);
  });
}

const identity = (name: string) => ({
  app: "shop",
  table: name,
  partition: 0,
  changelog: `shop-${name}-changelog`,
});

test("files that are not RocksDB's stay where they are when a database is removed", async () => {
  const folder = makeTables();
  writeFileSync(path.join(folder, "notes.txt"), "mine");
  truncateSync(fileOf(folder, manifest));
  const { result } = await withEngine(folder, async (engine) =>
    shown(await engine.open("first", 0)),
  );
  assert.equal(result, "");
  assert.equal(readFileSync(path.join(folder, "notes.txt"), "utf8"), "mine");
});

test("a log whose middle is damaged leaves the batches before", async () => {
  const folder = newFolder("wal");
  const copy = newFolder("wal-copy");
  await withEngine(folder, async (engine) => {
    const store = await engine.open("first", 0);
    for (const text of ["1", "2", "3"]) await put(store, { [`row ${text}`]: text }, Number(text));
    cpSync(folder, copy, { recursive: true });
  });
  flip(fileOf(copy, /\.log$/), (bytes) => bytes.indexOf("row 2"));
  await withEngine(copy, async (engine) => {
    const store = await engine.open("first", 0);
    assert.deepEqual(store.checkpoint, checkpointAt(1));
    assert.equal(shown(store), "row 1=1");
  });
});

test("a damaged row is found when it is read, and its table alone is given up", async () => {
  const folder = makeTables();
  flip(fileOf(folder, table), (bytes) => bytes.indexOf(rowValue("second", 1500)) + 4);
  const { warnings } = await withEngine(folder, async (engine) => {
    const store = await engine.open("second", 0);
    const place = { table: "second", partition: 0 };
    assert.deepEqual(store.checkpoint, checkpointAt(3000));
    assert.equal(store.get(rowName("second", 10))?.length, 100);
    await assert.rejects(store.getMany([rowName("second", 1500)]), { ...damaged, place });
    assert.throws(() => store.get(rowName("second", 1500)), { ...damaged, place });
    assert.throws(() => shown(store), { ...damaged, place });
    await store.close();
  });
  assert.deepEqual(warnings, []);
  await withEngine(folder, async (engine) => {
    await assert.rejects(engine.open("second", 0), damaged);
    const first = await engine.open("first", 0);
    assert.equal(first.get(rowName("first", 2999))?.length, 100);
    await engine.wipe("second", 0);
    const second = await engine.open("second", 0);
    assert.equal(second.checkpoint, undefined);
    await put(second, { a: "1" }, 1);
    assert.equal(shown(second), "a=1");
    assert.deepEqual(first.checkpoint, checkpointAt(3000));
  });
});

/** Puts something else in place of one of the database's own rows. */
async function replace(folder: string, key: Buffer, value: string): Promise<void> {
  const { database } = await openFolder(openNative, folder, memoryBytes, assert.fail);
  const batch = database.batch(1);
  batch.put(key, Buffer.from(value));
  await batch.write();
  await database.close();
}

const entry = (more: object): string =>
  JSON.stringify({ format: 1, isDamaged: false, ...identity("first"), ...more });
const unusable: readonly (readonly [what: string, key: Buffer, value: string])[] = [
  ["a newer format", entryKey(1), entry({ format: 2 })],
  ["another changelog", entryKey(1), entry({ changelog: "shop-other-changelog" })],
  ["a checkpoint that is none", checkpointKey(1), '{"v":1,"changelogOffset":-1}'],
  ["a checkpoint of a newer format", checkpointKey(1), '{"v":2}'],
];

test("a store of another kind is refused, and wiped alone", async () => {
  for (const [what, key, value] of unusable) {
    const folder = makeTables();
    await replace(folder, key, value);
    await withEngine(folder, async (engine) => {
      await assert.rejects(engine.open("first", 0), damaged, what);
      const other = await engine.open("second", 0);
      await engine.wipe("first", 0);
      const store = await engine.open("first", 0);
      assert.equal(store.checkpoint, undefined, what);
      assert.equal(shown(store), "", what);
      assert.deepEqual(other.checkpoint, checkpointAt(3000));
    });
  }
});

test("an entry that cannot be read leaves an empty table", async () => {
  const folder = makeTables();
  await replace(folder, entryKey(1), "{");
  await withEngine(folder, async (engine) => {
    const store = await engine.open("first", 0);
    assert.equal(store.checkpoint, undefined);
    assert.equal(shown(store), "");
    assert.deepEqual((await engine.open("second", 0)).checkpoint, checkpointAt(3000));
  });
});

test("another app finds its own tables in the same folder", async () => {
  const folder = makeTables();
  await withEngine(
    folder,
    async (engine) => {
      const store = await engine.open("first", 0);
      assert.equal(store.checkpoint, undefined);
      await put(store, { a: "1" }, 1);
    },
    { app: "other" },
  );
  await withEngine(folder, async (engine) => {
    assert.deepEqual((await engine.open("first", 0)).checkpoint, checkpointAt(3000));
  });
});
