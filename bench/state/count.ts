import { intCodec, stringKey } from "../../runtime/codec/index.ts";
import { BatchWriter } from "../../runtime/log/batch-writer.ts";
import { CacheBudget } from "../../runtime/state/cache/budget.ts";
import { PartitionTable } from "../../runtime/state/partition-table.ts";
import type { Store } from "../../runtime/state/store.ts";
import { makeTable } from "../../runtime/state/table-handle.ts";
import { UndoLog } from "../../runtime/state/undo.ts";
import { type Measured, stopwatch } from "./stopwatch.ts";

const counts = { name: "counts", key: stringKey, value: intCodec, missing: () => 0 };
/** Records whose rows are read ahead together. */
const perWindow = 1000;
const flightsMax = 2;

export interface Course {
  readonly title: string;
  readonly nextKey: () => number;
  readonly cacheBytes: number;
  /** Keys whose rows are in memory before the clock starts. */
  readonly warmKeys: number;
  readonly records: number;
  readonly perCommit: number;
  /** At the latest: like a worker's, a flush also begins when it has half a cache to write. */
  readonly perFlush: number;
}

export const keyOf = (index: number): string => `customer-${String(index).padStart(7, "0")}`;

/** Counts as a task would: rows read ahead, a savepoint for each record, commits, flushes. */
export async function count(store: Store, course: Course): Promise<Measured> {
  const { cacheBytes, nextKey, perCommit, perFlush, records, warmKeys } = course;
  const budget = new CacheBudget(cacheBytes);
  const undo = new UndoLog();
  let misses = 0;
  const rows = new PartitionTable(store, undo, { budget, missed: () => (misses += 1) });
  const table = makeTable(rows, counts, () => undefined);
  const order = Int32Array.from({ length: records }, nextKey);
  const changelog = new BatchWriter();
  const flights = new Set<Promise<void>>();
  const read = { rows: 0, waitedMs: 0 };
  const all = Int32Array.from({ length: warmKeys }, (_, index) => index);
  for (let from = 0; from < warmKeys; from += perWindow) {
    await readAhead(rows, all, from, { rows: 0 });
  }
  const elapsed = stopwatch();
  let ahead = readAhead(rows, order, 0, read);
  for (let done = 0; done < records; done += perWindow) {
    const waitBegun = performance.now();
    await ahead;
    read.waitedMs += performance.now() - waitBegun;
    ahead = readAhead(rows, order, done + perWindow, read);
    for (let index = done; index < done + perWindow; index += 1) {
      undo.mark();
      table.update(keyOf(order[index] ?? 0), (n) => n + 1);
      undo.release();
    }
    if ((done + perWindow) % perCommit === 0) commit(rows, changelog);
    const isDue = (done + perWindow) % perFlush === 0 || rows.unflushedBytes >= cacheBytes / 2;
    if (isDue) await flush(rows, flights, done);
  }
  await Promise.all(flights);
  const measured = elapsed(records);
  const memory = Math.round(budget.usedBytes / 1024 / 1024);
  await rows.close();
  return {
    ...measured,
    note: `${read.rows} rows read ahead, ${Math.round(read.waitedMs)} ms waited for them, ${misses} misses, ${memory} MiB`,
  };
}

/** What the driver does before it runs records, with the keys that it has of them as bytes. */
async function readAhead(
  rows: PartitionTable,
  order: Int32Array,
  from: number,
  read: { rows: number },
): Promise<void> {
  if (!rows.isOnDisk) return;
  const wanted = new Map<number, Buffer>();
  for (let index = from; index < Math.min(order.length, from + perWindow); index += 1) {
    const number = order[index] ?? 0;
    const key = Buffer.from(keyOf(number));
    if (rows.isMissing(key)) wanted.set(number, key);
  }
  read.rows += wanted.size;
  if (wanted.size > 0) await rows.readAhead([...wanted.values()]);
}

function commit(rows: PartitionTable, changelog: BatchWriter): void {
  const written = rows.seal();
  while (written.next()) {
    const writer = changelog.begin(0, written.bytes, written.keyStart, written.keyEnd);
    writer.append(written.value() ?? Buffer.alloc(0));
    changelog.end();
  }
  changelog.clear();
  rows.acknowledge();
}

async function flush(
  rows: PartitionTable,
  flights: Set<Promise<void>>,
  changelogOffset: number,
): Promise<void> {
  while (flights.size >= flightsMax) await Promise.race(flights);
  const place = { changelogOffset, sourceOffsets: {}, streamTime: 0, wallTimeMs: 0 };
  const flight = rows.flush(place).then(() => {
    flights.delete(flight);
  });
  flights.add(flight);
}
