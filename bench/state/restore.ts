import { BatchWriter } from "../../runtime/log/batch-writer.ts";
import { type MemoryLog, memoryLog } from "../../runtime/log/memory-log.ts";
import { CacheBudget } from "../../runtime/state/cache/budget.ts";
import { PartitionTable } from "../../runtime/state/partition-table.ts";
import { Restorer } from "../../runtime/state/restorer.ts";
import type { StoreEngine } from "../../runtime/state/store.ts";
import { UndoLog } from "../../runtime/state/undo.ts";
import { keyOf } from "./count.ts";
import { type Measured, stopwatch } from "./stopwatch.ts";

const partitions = 4;
const perBatch = 5000;
const valueBytes = 40;

/** Restores so many keys over four partitions into empty stores. */
export async function measureRestore(engine: StoreEngine, keys: number): Promise<Measured> {
  const log = await changelog(keys);
  const budget = new CacheBudget(128 * 1024 * 1024);
  const tables = await Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const store = await engine.open("restored", partition);
      return new PartitionTable(store, new UndoLog(), { budget });
    }),
  );
  const restorer = new Restorer(log, Date.now);
  const signal = new AbortController().signal;
  const elapsed = stopwatch();
  const restored = await Promise.all(
    tables.map((table, partition) =>
      restorer.restore({
        ...{ table, topic: "changes", partition, end: undefined, signal },
        progress: () => undefined,
        wiped: () => undefined,
      }),
    ),
  );
  const measured = elapsed(keys);
  const records = restored.reduce((sum, each) => sum + each.records, 0);
  if (records !== keys) throw new Error(`${records} of ${keys} were restored`);
  const memory = Math.round(budget.usedBytes / 1024 / 1024);
  for (const table of tables) await table.close();
  await log.close();
  return { ...measured, note: `${memory} MiB` };
}

async function changelog(keys: number): Promise<MemoryLog> {
  const log = memoryLog();
  const settings = { replicas: 1, cleanup: "compact", retentionMs: -1, config: {} } as const;
  await log.createTopics([{ ...settings, name: "changes", partitions }]);
  const producer = await log.producer({});
  const value = Buffer.alloc(valueBytes, 7);
  for (let from = 0; from < keys; from += perBatch) {
    const batch = new BatchWriter();
    for (let index = from; index < from + perBatch; index += 1) {
      // Scattered, as writes are.
      batch.begin(0, Buffer.from(keyOf((index * 7919) % keys))).append(value);
      batch.end();
    }
    await producer.send({ topic: "changes", partition: (from / perBatch) % partitions }, batch);
  }
  await producer.close();
  return log;
}
