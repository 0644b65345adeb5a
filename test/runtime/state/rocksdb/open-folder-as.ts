/** Opens a folder and says what came of it: `open-folder-as.ts <folder> [user]`. */
import { setuid } from "node:process";
import { rocksdbStores } from "../../../../runtime/state/rocksdb/engine.ts";

const [folder = "", user] = process.argv.slice(2);
if (user !== undefined) setuid?.(Number(user));
try {
  const engine = await rocksdbStores({ folder, app: "shop" });
  await engine.close();
  process.stdout.write("opened\n");
} catch (error) {
  process.stdout.write(`${error instanceof Error && "code" in error ? error.code : ""} ${error}\n`);
}
