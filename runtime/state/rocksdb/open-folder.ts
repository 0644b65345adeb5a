import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { StreamgenError } from "../../errors.ts";
import type { Database, OpenDatabase } from "./database.ts";
import { Directory } from "./directory.ts";
import { isDamage, storeFailure } from "./failure.ts";
import { isManifestTorn } from "./manifest.ts";

/** A database that can be used, and what is in it. */
export interface OpenFolder {
  readonly database: Database;
  readonly directory: Directory;
  /** Whether a damaged one was removed before. */
  readonly isReplaced: boolean;
}

/** The binding copies a path into 4097 bytes, and RocksDB adds names of files to it. */
const pathMaxBytes = 3800;
/** What RocksDB writes, its lock aside: another process may hold that. */
const rocksFile = /^(CURRENT|IDENTITY|SESSION_ID|LOG(\.old\.\d+)?|\d+\.(sst|log|blob|dbtmp))$/;
const rocksNumbered = /^(MANIFEST|OPTIONS)-\d+(\.dbtmp)?$/;
const oldLog = /^LOG\.old\.\d+$/;

/**
 * Opens the database of a folder. One that is damaged beyond reading is removed, `warn` says so, and an
 * empty one takes its place: changelogs have all that was in it.
 */
export async function openFolder(
  open: OpenDatabase,
  folder: string,
  memoryBytes: number,
  warn: (message: string) => void,
): Promise<OpenFolder> {
  await makeFolder(folder);
  try {
    return await openOnce(open, folder, { memoryBytes, isReplaced: false });
  } catch (error) {
    const failure = storeFailure(error, folder);
    if (!isDamage(failure)) throw failure;
    warn(`${failure.message}: all of them are removed, and rebuilt from their changelogs`);
    await removeDatabase(folder);
  }
  try {
    return await openOnce(open, folder, { memoryBytes, isReplaced: true });
  } catch (error) {
    throw storeFailure(error, folder);
  }
}

/** Removes the files of a database that is closed, and no others. */
export async function removeDatabase(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      if (!rocksFile.test(name) && !rocksNumbered.test(name)) continue;
      await rm(path.join(folder, name), { force: true });
    }
  } catch (error) {
    throw storeFailure(error, folder);
  }
}

async function openOnce(
  open: OpenDatabase,
  folder: string,
  how: { readonly memoryBytes: number; readonly isReplaced: boolean },
): Promise<OpenFolder> {
  const isTorn = await isManifestTorn(folder);
  const database = await open(folder, how.memoryBytes);
  try {
    // Only now is it sure that nobody else is writing it.
    if (isTorn) throw new Error("the MANIFEST is truncated");
    const directory = await Directory.load(database);
    await removeOldLogs(folder);
    return { database, directory, isReplaced: how.isReplaced };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The binding would look for a parent that it can make for ever. */
async function makeFolder(folder: string): Promise<void> {
  if (Buffer.byteLength(folder) > pathMaxBytes) {
    const message = `the name of the state folder is longer than ${pathMaxBytes} bytes`;
    throw new StreamgenError("SG7017", message);
  }
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw storeFailure(error, folder);
  }
}

/** RocksDB begins a log of its own doings at each start, and would keep a thousand of them. */
async function removeOldLogs(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => oldLog.test(name));
  for (const name of names) await rm(path.join(folder, name), { force: true });
}
