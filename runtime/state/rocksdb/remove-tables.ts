import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { rocksdbStores } from "./engine.ts";
import { storeFailure } from "./failure.ts";
import { removeDatabase } from "./open-folder.ts";

/** The folder of one thread of a worker, below that of the worker. */
const threadFolder = /^thread-\d+$/;

/**
 * Removes the tables in a folder, those of each thread of a worker among them, and no other file.
 * Throws SG7011 where a worker uses them, and then removes none; SG7013 or SG7014 where the folder
 * cannot be changed.
 */
export async function removeTables(folder: string): Promise<void> {
  const folders = [...(await threadsIn(folder)).map((name) => path.join(folder, name)), folder];
  const used = folders.filter((each) => existsSync(path.join(each, "CURRENT")));
  for (const each of used) await checkUnused(each);
  for (const each of used) await removeDatabase(each);
}

/** Whoever opens a database has it for himself. */
async function checkUnused(folder: string): Promise<void> {
  const engine = await rocksdbStores({ folder, app: "" });
  await engine.close();
}

async function threadsIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && threadFolder.test(entry.name))
      .map(({ name }) => name);
  } catch (error) {
    throw storeFailure(error, folder);
  }
}
