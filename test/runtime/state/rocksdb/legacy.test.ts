import assert from "node:assert/strict";
import test from "node:test";
import { rocksdbStores } from "../../../../runtime/state/rocksdb/engine.ts";
import { legacyRocksdbStores } from "../../../../runtime/state/rocksdb-legacy/engine.ts";
import { checkpointAt, newFolder, put, shown } from "./folder.ts";

test("newer RocksDB reads an older one's folder; the older one makes a newer one's anew, and says so", async () => {
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
