import assert from "node:assert/strict";
import test from "node:test";
import { CacheBudget } from "../../../runtime/state/cache/budget.ts";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import type { Checkpoint } from "../../../runtime/state/store.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";
import { random } from "../../random.ts";

const place: Checkpoint = { changelogOffset: 1, sourceOffsets: {}, streamTime: 0, wallTimeMs: 0 };
const bytes = (text: string): Buffer => Buffer.from(text);
const shown = (rows: Iterable<readonly [Buffer, Buffer]>): string =>
  [...rows].map(([key, value]) => `${key}=${value}`).join(" ");

/** Seals, and shows what was written. */
function written(table: PartitionTable): readonly string[] {
  const cursor = table.seal();
  const rows: string[] = [];
  while (cursor.next()) rows.push(`${cursor.key()}=${cursor.value()}`);
  return rows;
}

function open(budget?: CacheBudget): {
  readonly table: PartitionTable;
  readonly undo: UndoLog;
  readonly store: MemoryStore;
} {
  const store = new MemoryStore();
  const undo = new UndoLog();
  const table = new PartitionTable(store, undo, budget === undefined ? {} : { budget });
  return { table, undo, store };
}

test("reads see what is staged, views see what is committed", () => {
  const { table } = open();
  table.write(bytes("a"), bytes("1"));
  assert.equal(String(table.read(bytes("a"))), "1");
  assert.equal(table.readCommitted(bytes("a")), undefined);
  table.seal();
  table.write(bytes("a"), bytes("2"));
  assert.equal(String(table.read(bytes("a"))), "2");
  assert.equal(table.readCommitted(bytes("a")), undefined);
  table.acknowledge();
  assert.equal(String(table.read(bytes("a"))), "2");
  assert.equal(String(table.readCommitted(bytes("a"))), "1");
});

test("a commit writes each key once, with its last value, and deletions as such", () => {
  const { table } = open();
  table.write(bytes("a"), bytes("1"));
  table.write(bytes("a"), bytes("2"));
  table.write(bytes("b"), bytes("1"));
  table.write(bytes("b"), null);
  assert.deepEqual(written(table), ["a=2", "b=null"]);
});

test("nothing reaches the store before the commit is acknowledged", async () => {
  const { table, store } = open();
  table.write(bytes("a"), bytes("1"));
  table.seal();
  await table.flush(place);
  assert.equal(store.get(bytes("a")), undefined);
  table.acknowledge();
  table.write(bytes("a"), bytes("2"));
  await table.flush({ ...place, changelogOffset: 9 });
  assert.equal(String(store.get(bytes("a"))), "1");
  assert.equal(store.checkpoint?.changelogOffset, 9);
  assert.equal(String(table.read(bytes("a"))), "2");
});

test("a value committed during a flush stays for the next one", async () => {
  const { table, store } = open();
  const commit = (value: string): void => {
    table.write(bytes("a"), bytes(value));
    table.seal();
    table.acknowledge();
  };
  commit("1");
  const flushing = table.flush(place);
  commit("2");
  await flushing;
  assert.equal(String(store.get(bytes("a"))), "1");
  assert.equal(String(table.readCommitted(bytes("a"))), "2");
  await table.flush(place);
  assert.equal(String(store.get(bytes("a"))), "2");
});

test("a flush that fails loses nothing", async () => {
  const { table, store } = open();
  table.write(bytes("a"), bytes("1"));
  table.seal();
  table.acknowledge();
  const { write } = store;
  store.write = async () => Promise.reject(new Error("disk full"));
  await assert.rejects(table.flush(place), /disk full/);
  assert.equal(String(table.readCommitted(bytes("a"))), "1");
  store.write = write;
  await table.flush(place);
  assert.equal(String(store.get(bytes("a"))), "1");
});

test("a flush behind one that fails does not reach the store without it", async () => {
  const { table, store } = open();
  const commit = (key: string): void => {
    table.write(bytes(key), bytes("1"));
    table.seal();
    table.acknowledge();
  };
  const write = store.write.bind(store);
  let isFull = true;
  store.write = async (...given) => {
    if (!isFull) return write(...given);
    isFull = false;
    throw new Error("disk full");
  };
  commit("a");
  const first = table.flush(place);
  commit("b");
  const second = table.flush({ ...place, changelogOffset: 2 });
  await assert.rejects(first, /disk full/);
  await assert.rejects(second, /disk full/);
  assert.equal(shown(store.scan()), "");
  await table.flush({ ...place, changelogOffset: 2 });
  assert.equal(shown(store.scan()), "a=1 b=1");
  assert.equal(store.checkpoint?.changelogOffset, 2);
});

test("dropping takes both generations back and gives the sealed keys", () => {
  const { table } = open();
  table.write(bytes("a"), bytes("1"));
  table.seal();
  table.acknowledge();
  table.write(bytes("a"), bytes("2"));
  table.write(bytes("b"), bytes("2"));
  table.seal();
  table.write(bytes("a"), null);
  table.write(bytes("c"), bytes("3"));
  assert.deepEqual(table.drop().map(String), ["a", "b"]);
  assert.equal(shown(table.rows()), "a=1");
  assert.equal(table.size, 1);
  assert.deepEqual(written(table), []);
});

test("a rollback takes back what was done since the savepoint, and no more", () => {
  const { table, undo } = open();
  table.write(bytes("a"), bytes("1"));
  const mark = undo.mark();
  table.write(bytes("a"), bytes("2"));
  table.write(bytes("a"), null);
  table.write(bytes("b"), bytes("1"));
  assert.equal(table.size, 1);
  undo.rollback(mark);
  assert.equal(shown(table.rows()), "a=1");
  assert.equal(table.size, 1);
  assert.deepEqual(written(table), ["a=1"]);
});

test("rows may be deleted while they are iterated", () => {
  const { table } = open();
  for (const key of ["a", "b", "c"]) table.write(bytes(key), bytes("1"));
  for (const [key] of table.rows()) table.write(key, null);
  assert.equal(shown(table.rows()), "");
  assert.equal(table.size, 0);
});

test("any course of writes, savepoints, commits, aborts and flushes is what a model says", async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    // Slabs of a few rows, and memory for hardly any of them.
    const budget = seed % 3 === 0 ? undefined : new CacheBudget(seed % 3 === 1 ? 0 : 12_000, 512);
    try {
      await follow(seed, seed % 2 === 0 ? 9 : 150, budget);
      if (budget !== undefined) assert.equal(budget.usedBytes, 0);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error}`, { cause: error });
    }
  }
});

type Model = Map<string, string>;
const inOrder = (model: Model): string =>
  [...model]
    .sort(([a], [b]) => Buffer.compare(bytes(a), bytes(b)))
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");

async function follow(seed: number, keys: number, budget: CacheBudget | undefined): Promise<void> {
  const numbers = random(seed);
  const { table, undo } = open(budget);
  let open_: Model = new Map();
  let sealed: Model | undefined;
  let committed: Model = new Map();
  const someKey = () => `k${"-".repeat(numbers.int(3) * 40)}${numbers.int(keys)}`;
  const someValue = () =>
    String(numbers.int(100)).repeat(numbers.chance(0.1) ? 1 + numbers.int(300) : 1);
  const record = (): void => {
    const before = new Map(open_);
    const mark = undo.mark();
    for (let write = numbers.int(8); write > 0; write -= 1) {
      const key = someKey();
      assert.equal(table.read(bytes(key))?.toString(), open_.get(key), key);
      if (numbers.chance(0.3)) {
        table.write(bytes(key), null);
        open_.delete(key);
      } else {
        const value = someValue();
        table.write(bytes(key), bytes(value));
        open_.set(key, value);
      }
    }
    if (numbers.chance(0.3)) {
      undo.rollback(mark);
      open_ = before;
    }
    undo.release();
  };
  const flights: Promise<void>[] = [];
  const steps: readonly (() => void)[] = [
    record,
    record,
    record,
    () => {
      if (sealed !== undefined) return;
      table.seal();
      sealed = new Map(open_);
    },
    () => {
      if (sealed === undefined) return;
      table.acknowledge();
      committed = sealed;
      sealed = undefined;
    },
    () => {
      table.drop();
      sealed = undefined;
      open_ = new Map(committed);
    },
    () => flights.push(table.flush(place)),
    () => assert.equal(table.size, open_.size),
    () => {
      const wanted = [someKey(), someKey(), someKey()].map(bytes);
      flights.push(table.readAhead(wanted.filter((key) => table.isMissing(key))));
    },
    () => table.touch(bytes(someKey())),
  ];
  for (let step = 0; step < 250; step += 1) {
    numbers.pick(steps)();
    if (numbers.chance(0.2)) await Promise.all(flights.splice(0));
    const key = someKey();
    assert.equal(table.read(bytes(key))?.toString(), open_.get(key), `step ${step}, ${key}`);
    const found = table.readCommitted(bytes(key));
    assert.equal(found?.toString(), committed.get(key), `step ${step}, ${key}, committed`);
    if (!numbers.chance(0.2)) continue;
    assert.equal(shown(table.rows()), inOrder(open_), `step ${step}`);
    assert.equal(shown(table.committedRows()), inOrder(committed), `step ${step}, committed`);
  }
  await Promise.all(flights);
  await table.close();
}
