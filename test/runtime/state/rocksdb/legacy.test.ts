import assert from "node:assert/strict";
import test from "node:test";
import { rocksdbStores } from "../../../../runtime/state/rocksdb/engine.ts";
import { legacyRocksdbStores } from "../../../../runtime/state/rocksdb-legacy/engine.ts";
import { refuseNewerNode } from "../../../../runtime/state/rocksdb-legacy/legacy-database.ts";
import { checkpointAt, newFolder, put, shown } from "./folder.ts";
import { legacyRuns } from "./legacy-node.ts";

test("rocksdb 5.2.1 is refused where it would end the process", async () => {
  const refusal = /SG7016|only up to Node 20: use rocksdbStores/;
  for (const version of ["22.0.0", "24.21.0"]) {
    assert.throws(() => refuseNewerNode(version), refusal);
  }
  refuseNewerNode("20.20.2");
  if (legacyRuns) return;
  await assert.rejects(legacyRocksdbStores({ folder: newFolder("newer"), app: "shop" }), refusal);
});

test("newer RocksDB reads an older one's folder; the older one makes a newer one's anew, and says so", {
  skip: legacyRuns ? false : "rocksdb 5.2.1 does not work on this Node",
}, async () => {
  const folder = newFolder("both");
  const warnings: string[] = [];
  const options = { folder, app: "shop", warn: (message: string) => void warnings.push(message) };
  const seen: string[] = [];
  for (const stores of [legacyRocksdbStores, rocksdbStores, legacyRocksdbStores]) {
    const engine = await stores(options);
    const store = await engine.open("counts", 0);
    seen.push(`${store.checkpoint?.changelogOffset ?? "empty"}: ${shown(store)}`);
    await put(store, { [`row${seen.length}`]: "1" }, seen.length);
    assert.deepEqual(store.checkpoint, checkpointAt(seen.length));
    await store.flush();
    await store.close();
    await engine.close();
  }
  assert.deepEqual(seen, ["empty: ", "1: row1=1", "empty: "]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /all of them are removed, and rebuilt from their changelogs/);
});
