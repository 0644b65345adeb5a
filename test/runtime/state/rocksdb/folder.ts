import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { type RocksdbOptions, rocksdbStores } from "../../../../runtime/state/rocksdb/engine.ts";
import type { Checkpoint, Store, StoreEngine } from "../../../../runtime/state/store.ts";
import { packRows } from "../../../../runtime/state/write-batch.ts";

/** A new folder, removed after the tests of the file. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `streamgen-${name}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Does something with an engine, which is closed afterwards. Gives what it warned of, too. */
export async function withEngine<T>(
  folder: string,
  use: (engine: StoreEngine) => Promise<T>,
  options: Partial<RocksdbOptions> = {},
): Promise<{ readonly result: T; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const engine = await rocksdbStores({ folder, app: "shop", warn, ...options });
  try {
    return { result: await use(engine), warnings };
  } finally {
    await engine.close();
  }
}

export const checkpointAt = (changelogOffset: number): Checkpoint => ({
  changelogOffset,
  sourceOffsets: { orders: changelogOffset * 2 },
  streamTime: changelogOffset,
  wallTimeMs: 1_700_000_000_000,
});

/** Writes rows, which are sorted here. */
export async function put(
  store: Store,
  rows: Readonly<Record<string, string | null>>,
  changelogOffset: number,
): Promise<void> {
  const list = Object.entries(rows)
    .map(([key, value]) => [Buffer.from(key), value === null ? null : Buffer.from(value)] as const)
    .sort(([a], [b]) => Buffer.compare(a, b));
  await store.write(packRows(list), checkpointAt(changelogOffset));
}

/** All rows, as text. */
export function shown(store: Store): string {
  return [...store.scan()].map(([key, value]) => `${key}=${value}`).join(" ");
}
