import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { manualClock } from "../../../runtime/clock.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { CacheBudget } from "../../../runtime/state/cache/budget.ts";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import { type Restored, type RestorePlan, Restorer } from "../../../runtime/state/restorer.ts";
import { rocksdbStores } from "../../../runtime/state/rocksdb/engine.ts";
import type { Store, StoreEngine } from "../../../runtime/state/store.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";
import { packRows } from "../../../runtime/state/write-batch.ts";
import { temporaryFolder } from "../../temporary.ts";
import { KeptStores } from "./kept-stores.ts";

const nowMs = 1_700_000_000_000;
const restore = (log: MemoryLog, plan: RestorePlan, now: number = nowMs): Promise<Restored> =>
  new Restorer(log, () => now).restore(plan);

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
    wiped: () => undefined,
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
  assert.deepEqual({ ...restored }, { end: 5, records: 5, staleKeys: [], uncertain: 0 });
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

test("a store with rows that are newer than its checkpoint comes to the same", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
    ["a", "2"],
    ["b", null],
    ["c", "1"],
    ["a", "3"],
  ]);
  const store = new MemoryStore();
  await restore(log, plan(store, 2));
  const { checkpoint } = store;
  assert.ok(checkpoint !== undefined);
  // As a write leaves it whose last piece, with the checkpoint at 5, was lost.
  const piece = [
    [Buffer.from("a"), Buffer.from("2")],
    [Buffer.from("b"), null],
  ] as const;
  await store.write(packRows(piece), checkpoint);
  const restored = await restore(log, plan(store, 6));
  assert.equal(restored.records, 4);
  assert.equal(shown(store), "a=3 c=1");
});

test("a store that stands where the changelog has nothing any more is made anew", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
  ]);
  const store = new MemoryStore();
  await store.write(packRows([[Buffer.from("z"), Buffer.from("9")]]), {
    changelogOffset: 77,
    sourceOffsets: {},
    streamTime: 0,
    wallTimeMs: 0,
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

test("a restore that is over listens for no abort any more", async () => {
  const log = await changelog([["a", "1"]]);
  const { signal } = new AbortController();
  let during = 0;
  const progress = (): void => {
    during = getEventListeners(signal, "abort").length;
  };
  await restore(log, { ...plan(new MemoryStore(), undefined), signal, progress });
  assert.deepEqual([during, getEventListeners(signal, "abort").length], [1, 0]);
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

const day = 86_400_000;

async function flushed(rows: readonly Row[], offset: number, wallTimeMs: number): Promise<Store> {
  const store = new MemoryStore();
  const batch = packRows(rows.map(([key, value]) => [Buffer.from(key), Buffer.from(value ?? "")]));
  const changelogOffset = offset;
  await store.write(batch, { changelogOffset, sourceOffsets: {}, streamTime: 0, wallTimeMs });
  return store;
}

test("a store so old that deletions may be gone is made anew, with a reason", async () => {
  // The deletion of `a` has been compacted away.
  const log = await changelog([
    ["b", "1"],
    ["c", "1"],
  ]);
  for (const [ageMs, expected] of [
    [0.7 * day, "a=1 c=1"],
    [0.9 * day, "b=1 c=1"],
  ] as const) {
    const store = await flushed([["a", "1"]], 1, nowMs - ageMs);
    const reasons: string[] = [];
    await restore(log, { ...plan(store, 2), wiped: (reason) => reasons.push(reason) });
    assert.equal(shown(store), expected);
    assert.equal(reasons.length, ageMs > 0.8 * day ? 1 : 0);
    assert.equal(store.checkpoint?.wallTimeMs, nowMs);
  }
});

test("an old store that lacks nothing is kept", async () => {
  const log = await changelog([["a", "1"]]);
  const store = await flushed([["a", "1"]], 1, nowMs - 30 * day);
  await restore(log, plan(store, 1));
  assert.equal(shown(store), "a=1");
});

const partitions = 4;
const perPartition = 50_000;

/** 200,000 keys over four partitions; every fifth one is written twice, every seventh deleted. */
async function largeChangelog(): Promise<MemoryLog> {
  const log = memoryLog({ clock: manualClock() });
  const settings = { replicas: 1, cleanup: "compact", retentionMs: -1, config: {} } as const;
  await log.createTopics([{ ...settings, name: "changes", partitions }]);
  const producer = await log.producer({});
  for (let partition = 0; partition < partitions; partition += 1) {
    for (let from = 0; from < perPartition; from += 5000) {
      const batch = new BatchWriter();
      for (let index = from; index < from + 5000; index += 1) {
        const key = Buffer.from(`key-${partition}-${index}`);
        if (index % 5 === 0) put(batch, key, "old");
        put(batch, key, `value ${index}`.padEnd(60));
        if (index % 7 === 0) put(batch, key, null);
      }
      await producer.send({ topic: "changes", partition }, batch);
    }
  }
  await producer.close();
  return log;
}

function put(batch: BatchWriter, key: Buffer, value: string | null): void {
  const out = batch.begin(0, key);
  if (value === null) batch.tombstone();
  else out.append(Buffer.from(value));
  batch.end();
}

interface Pass {
  /** Records read by partition; -1: it was cut short. */
  readonly read: readonly number[];
  /** Where the stores stand afterwards. */
  readonly stands: readonly number[];
}

/** Opens the stores, restores all four partitions, and closes them, as one life of a worker does. */
async function restoreAll(
  log: MemoryLog,
  open: () => Promise<StoreEngine>,
  signal: AbortSignal,
  progress: (read: number) => void,
): Promise<Pass> {
  const engine = await open();
  const budget = new CacheBudget(4 * 1024 * 1024);
  const restorer = new Restorer(log, () => nowMs);
  const stores = await Promise.all(
    Array.from({ length: partitions }, (_, partition) => engine.open("changes", partition)),
  );
  const tables = stores.map((store) => new PartitionTable(store, new UndoLog(), { budget }));
  const results = await Promise.allSettled(
    tables.map((table, partition) =>
      restorer.restore({
        ...plan(new MemoryStore(), undefined),
        ...{ table, partition, signal, progress },
      }),
    ),
  );
  const stands = stores.map(({ checkpoint }) => checkpoint?.changelogOffset ?? 0);
  for (const table of tables) await table.close();
  await engine.close();
  assert.equal(budget.usedBytes, 0);
  const read = results.map((each) => (each.status === "fulfilled" ? each.value.records : -1));
  return { read, stands };
}

async function checkAll(open: () => Promise<StoreEngine>): Promise<void> {
  const engine = await open();
  for (let partition = 0; partition < partitions; partition += 1) {
    const store = await engine.open("changes", partition);
    let rows = 0;
    for (const [key, value] of store.scan()) {
      rows += 1;
      if (String(key) !== `key-${partition}-${String(value).slice(6).trimEnd()}`)
        assert.fail(`${key}=${value}`);
    }
    assert.equal(rows, perPartition - Math.ceil(perPartition / 7));
    await store.close();
  }
  await engine.close();
}

const kept = new KeptStores();
const folder = temporaryFolder();
const engines: readonly (readonly [string, () => Promise<StoreEngine>])[] = [
  ["memory", async () => kept],
  ["rocksdb", () => rocksdbStores({ folder, app: "shop" })],
];

for (const [name, open] of engines) {
  test(`a restore that is cut short goes on where it was: ${name}`, async () => {
    const log = await largeChangelog();
    const killed = new AbortController();
    let late = 0;
    const first = await restoreAll(log, open, killed.signal, (read) => {
      if (read > perPartition * 0.6) late += 1;
      if (late >= 3) killed.abort(new Error("killed"));
    });
    assert.deepEqual(first.read, [-1, -1, -1, -1]);
    assert.ok(
      first.stands.some((offset) => offset > 0),
      String(first.stands),
    );
    const second = await restoreAll(log, open, new AbortController().signal, () => undefined);
    const places = first.stands.map((_, partition) => ({ topic: "changes", partition }));
    for (const { end, partition } of await log.offsets(places)) {
      assert.equal(second.stands[partition], end);
      // Offsets of compacted records are left out: there may be fewer records than offsets.
      const left = end - (first.stands[partition] ?? 0);
      const read = second.read[partition] ?? -1;
      assert.ok(read >= 0 && read <= left, `${read} of ${left}`);
    }
    await checkAll(open);
  });
}

test("a store that cannot be written fails its own restore, and no other", async () => {
  const log = await changelog([["a", "1"]]);
  const bad = new MemoryStore();
  bad.write = () => Promise.reject(new Error("disk full"));
  const good = new MemoryStore();
  const restorer = new Restorer(log, () => nowMs);
  const [failed, done] = await Promise.allSettled([
    restorer.restore(plan(bad, undefined)),
    restorer.restore(plan(good, undefined)),
  ]);
  assert.equal(failed?.status, "rejected");
  assert.equal(done?.status, "fulfilled");
  assert.equal(shown(good), "a=1");
});

test("what compaction has put in place of a committed row is taken, and counted as uncertain", async () => {
  const log = await changelog([
    ["a", "1"],
    ["b", "1"],
    ["a", "2"],
    ["c", "1"],
  ]);
  // The first two are committed; compaction keeps the last record of each key, whoever wrote it.
  log.compact("changes");
  const store = new MemoryStore();
  const restored = await restore(log, plan(store, 2));
  assert.equal(shown(store), "a=2 b=1 c=1");
  assert.equal(restored.uncertain, 2);
  assert.deepEqual(restored.staleKeys.map(String).sort(), ["a", "c"]);
});

test("what is too young for compaction, or in a changelog without gaps, is certain", async () => {
  const rows: readonly Row[] = [
    ["a", "1"],
    ["b", "1"],
    ["c", "1"],
  ];
  const whole = new MemoryStore();
  assert.equal((await restore(await changelog(rows), plan(whole, 2))).uncertain, 0);
  assert.equal(shown(whole), "a=1 b=1");
  const log = await changelog([["b", "0"], ...rows]);
  log.compact("changes");
  const young = new MemoryStore();
  // Records of the time 0, read 8 minutes later.
  const restored = await restore(log, plan(young, 3), 479_000);
  assert.equal(restored.uncertain, 0);
  assert.equal(shown(young), "a=1 b=1");
});
