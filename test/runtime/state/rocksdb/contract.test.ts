import { after } from "node:test";
import { rocksdbStores } from "../../../../runtime/state/rocksdb/engine.ts";
import { legacyRocksdbStores } from "../../../../runtime/state/rocksdb-legacy/engine.ts";
import { storeContract } from "../store-contract.ts";
import { newFolder } from "./folder.ts";

for (const [name, stores] of [
  ["rocksdb-native", rocksdbStores],
  ["rocksdb", legacyRocksdbStores],
] as const) {
  const engine = await stores({ folder: newFolder(name), app: "shop" });
  after(() => engine.close());
  let partition = 0;
  storeContract(name, () => {
    partition += 1;
    return engine.open("counts", partition);
  });
}
