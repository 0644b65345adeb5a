import { after } from "node:test";
import { rocksdbStores } from "../../../../runtime/state/rocksdb/engine.ts";
import { legacyRocksdbStores } from "../../../../runtime/state/rocksdb-legacy/engine.ts";
import { storeContract } from "../store-contract.ts";
import { newFolder } from "./folder.ts";
import { legacyRuns } from "./legacy-node.ts";

const bindings = [
  { name: "rocksdb-native", stores: rocksdbStores },
  ...(legacyRuns ? [{ name: "rocksdb", stores: legacyRocksdbStores }] : []),
];

for (const { name, stores } of bindings) {
  const engine = await stores({ folder: newFolder(name), app: "shop" });
  after(() => engine.close());
  let partition = 0;
  storeContract(name, () => {
    partition += 1;
    return engine.open("counts", partition);
  });
}
