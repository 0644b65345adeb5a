import assert from "node:assert/strict";
import test from "node:test";
import { manualClock } from "../../../runtime/clock.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import { type RestorePlan, restore } from "../../../runtime/state/restore.ts";
import type { Store } from "../../../runtime/state/store.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";

type Row = readonly [key: string, value: string | null];

async function changelog(rows: readonly Row[]): Promise<MemoryLog> {
  const log = memoryLog({ clock: manualClock() });
  await log.createTopics([
    {
      name: "changes",
      partitions: 1,
      replicas: 1,
      cleanup: "compact",
      retentionMs: -1,
      config: {},
    },
  ]);
  await append(log, rows);
  return log;
}

async function append(log: MemoryLog, rows: readonly Row[]): Promise<void> {
  const producer = await log.producer({});
  for (const [key, value] of rows) {
    const batch = new BatchWriter();
    const out = batch.begin(0, Buffer.from(key));
    if (value === null) batch.tombstone();
    else out.append(Buffer.from(value));
    batch.end();
    await producer.send({ topic: "changes", partition: 0 }, batch);
  }
  await producer.close();
}

function plan(store: Store, end: number | undefined): RestorePlan {
  return {
    table: new PartitionTable(store, new UndoLog()),
    topic: "changes",
    partition: 0,
    end,
    progress: () => undefined,
    signal: new AbortController().signal,
  };
}

const shown = (store: Store): string =>
  [...store.scan()].map(([key, value]) => `${key}=${value}`).join(" ");

test("a table is what its changelog comes to", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
    ["a", "2"],
    ["b", null],
    ["c", "1"],
  ]);
  const store = new MemoryStore();
  const restored = await restore(log, plan(store, undefined));
  assert.equal(shown(store), "a=2 c=1");
  assert.deepEqual({ ...restored }, { end: 5, records: 5, staleKeys: [] });
  assert.equal(store.checkpoint?.changelogOffset, 5);
});

test("restoring stops at the committed end, and names the keys behind it", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
    ["a", "2"],
    ["c", "1"],
  ]);
  const store = new MemoryStore();
  const restored = await restore(log, plan(store, 2));
  assert.equal(shown(store), "a=1 b=1");
  assert.equal(restored.end, 2);
  assert.deepEqual(restored.staleKeys.map(String).sort(), ["a", "c"]);
});

test("a store that has most of it reads the rest only", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
    ["c", "1"],
  ]);
  const store = new MemoryStore();
  await restore(log, plan(store, 2));
  const restored = await restore(log, plan(store, 3));
  assert.equal(restored.records, 1);
  assert.equal(shown(store), "a=1 b=1 c=1");
});

test("a store that stands where the changelog has nothing any more is made anew", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
  ]);
  const store = new MemoryStore();
  await store.write([[Buffer.from("z"), Buffer.from("9")]], {
    changelogOffset: 77,
    sourceOffsets: {},
    streamTime: 0,
  });
  await restore(log, plan(store, undefined));
  assert.equal(shown(store), "a=1 b=1");
});

test("a store ahead of the committed end is made anew", async () => {
  const log = await changelog([
    ["a", "1"],
    ["a", "2"],
  ]);
  const store = new MemoryStore();
  await restore(log, plan(store, 2));
  await restore(log, plan(store, 1));
  assert.equal(shown(store), "a=1");
});

test("progress is told, and an abort ends it", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
  ]);
  const told: string[] = [];
  await restore(log, {
    ...plan(new MemoryStore(), undefined),
    progress: (records, of) => told.push(`${records}/${of}`),
  });
  assert.equal(told.at(-1), "2/2");
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(restore(log, { ...plan(new MemoryStore(), undefined), signal }), /enough/);
});

test("what an aborted transaction wrote is never restored", async () => {
  const log = await changelog([["a", "1"]]);
  const producer = await log.producer({ transactionalId: "t" });
  producer.begin();
  const batch = new BatchWriter();
  batch.begin(0, Buffer.from("a")).append(Buffer.from("9"));
  batch.end();
  await producer.send({ topic: "changes", partition: 0 }, batch);
  await producer.abort();
  await append(log, [["b", "1"]]);
  const store = new MemoryStore();
  await restore(log, plan(store, undefined));
  assert.equal(shown(store), "a=1 b=1");
});
