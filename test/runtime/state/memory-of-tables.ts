/**
 * Fills the tables of 64 tasks far beyond the memory they may have, and prints what the process took:
 * `tsx memory-of-tables.ts folder`.
 */
import { intKey, stringCodec } from "../../../runtime/codec/index.ts";
import { CacheBudget } from "../../../runtime/state/cache/budget.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import { rocksdbStores } from "../../../runtime/state/rocksdb/engine.ts";
import type { StoreEngine } from "../../../runtime/state/store.ts";
import { makeTable, type TableHandle } from "../../../runtime/state/table-handle.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";

const mib = 1024 * 1024;
const tasks = 64;
const tablesPerTask = 4;
const rowsPerTable = 2000;
const rowsPerCommit = 25;
const cacheBytes = 32 * mib;
const storeBytes = 16 * mib;
const rowText = "x".repeat(600);

interface Report {
  readonly budgetBytes: number;
  readonly dataBytes: number;
  readonly grownBytes: number;
  readonly cacheBytes: number;
  readonly cachePeakBytes: number;
  readonly wrong: number;
}

interface Table {
  readonly rows: PartitionTable;
  readonly undo: UndoLog;
  readonly handle: TableHandle<number, string, undefined>;
}

async function openTables(engine: StoreEngine, budget: CacheBudget): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (let task = 0; task < tasks; task += 1) {
    const undo = new UndoLog();
    for (let table = 0; table < tablesPerTask; table += 1) {
      const name = `table-${table}`;
      const rows = new PartitionTable(await engine.open(name, task), undo, { budget });
      const spec = { name, key: intKey, value: stringCodec, missing: () => undefined };
      tables.push({ rows, undo, handle: makeTable(rows, spec, () => undefined) });
    }
  }
  return tables;
}

async function main(folder: string): Promise<Report> {
  const engine = await rocksdbStores({ folder, app: "memory", memoryBytes: storeBytes });
  const budget = new CacheBudget(cacheBytes);
  const tables = await openTables(engine, budget);
  const before = process.memoryUsage.rss();
  let cachePeakBytes = 0;
  const place = { sourceOffsets: {}, streamTime: 0, wallTimeMs: 0 };
  for (let from = 0; from < rowsPerTable; from += rowsPerCommit) {
    for (const { handle, rows, undo } of tables) {
      for (let key = from; key < from + rowsPerCommit; key += 1) {
        handle.set(key, `${rowText}${key}`);
        undo.release();
      }
      rows.seal();
      rows.acknowledge();
      if (budget.unflushedBytes >= cacheBytes / 2) {
        await rows.flush({ ...place, changelogOffset: from });
      }
    }
    cachePeakBytes = Math.max(cachePeakBytes, budget.usedBytes);
  }
  let wrong = 0;
  for (const [index, { handle }] of tables.entries()) {
    const key = (index * 31) % rowsPerTable;
    if (handle.get(key) !== `${rowText}${key}`) wrong += 1;
  }
  const { maxRSS } = process.resourceUsage();
  for (const { rows } of tables) await rows.close();
  await engine.close();
  return {
    // What is flushed is held a second time on its way.
    budgetBytes: cacheBytes + cacheBytes / 2 + storeBytes,
    dataBytes: tables.length * rowsPerTable * rowText.length,
    grownBytes: maxRSS * 1024 - before,
    cacheBytes,
    cachePeakBytes,
    wrong,
  };
}

console.log(JSON.stringify(await main(process.argv[2] ?? "")));
