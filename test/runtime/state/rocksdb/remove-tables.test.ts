import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { rocksdbStores } from "../../../../runtime/state/rocksdb/engine.ts";
import { removeTables } from "../../../../runtime/state/rocksdb/remove-tables.ts";
import { temporaryFolder } from "../../../temporary.ts";

async function makeTables(folder: string): Promise<void> {
  const engine = await rocksdbStores({ folder, app: "app" });
  await engine.open("counts", 0);
  await engine.close();
}

test("the tables of all threads are removed, and no other file", async () => {
  const folder = temporaryFolder();
  await makeTables(folder);
  await makeTables(path.join(folder, "thread-2"));
  writeFileSync(path.join(folder, "notes.txt"), "mine");
  mkdirSync(path.join(folder, "threads"));
  await removeTables(folder);
  assert.ok(!existsSync(path.join(folder, "CURRENT")));
  assert.ok(!existsSync(path.join(folder, "thread-2", "CURRENT")));
  const left = readdirSync(folder).filter((name) => name !== "LOCK");
  assert.deepEqual(left.sort(), ["notes.txt", "thread-2", "threads"]);
  await makeTables(folder);
});

test("while a worker uses one of them, none is removed", async () => {
  const folder = temporaryFolder();
  await makeTables(folder);
  const engine = await rocksdbStores({ folder: path.join(folder, "thread-1"), app: "app" });
  await assert.rejects(removeTables(folder), { code: "SG7011" });
  assert.ok(existsSync(path.join(folder, "CURRENT")));
  await engine.close();
});

test("a folder that is none is an error", async () => {
  await assert.rejects(removeTables(path.join(temporaryFolder(), "nothing")), /nothing/);
});
