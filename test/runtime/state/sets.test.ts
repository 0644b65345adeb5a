/** Tables of sets against a Map of Sets, with random writes, rollbacks, commits and flushes. */
import assert from "node:assert/strict";
import test from "node:test";
import { bytesKey, intKey, stringKey } from "@streamgen/runtime/codec";
import { CacheBudget } from "../../../runtime/state/cache/budget.ts";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import type { SetCodec } from "../../../runtime/state/set-bytes.ts";
import { makeSet, makeSetLookup } from "../../../runtime/state/set-handle.ts";
import type { Store } from "../../../runtime/state/store.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";
import { random } from "../../random.ts";
import { newFolder, withEngine } from "./rocksdb/folder.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

/** Keys and elements of the bytes that separate them. */
const binary: SetCodec<Uint8Array, Uint8Array> = {
  name: "binary",
  key: bytesKey,
  element: bytesKey,
};
const tags: SetCodec<string, number> = { name: "tags", key: stringKey, element: intKey };

type Expected = Map<string, Set<string>>;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const copy = (sets: Expected): Expected =>
  new Map([...sets].map(([key, set]) => [key, new Set(set)]));

async function compare(store: Store, rounds: number): Promise<void> {
  const numbers = random(seed);
  const undo = new UndoLog();
  const rows = new PartitionTable(store, undo, { budget: new CacheBudget(4096) });
  const sets = makeSet(rows, binary, () => undefined);
  let expected: Expected = new Map();
  const some = (): Buffer =>
    Buffer.from(Array.from({ length: numbers.int(4) }, () => numbers.pick([0, 1, 0xff])));
  const of = (key: Uint8Array): Set<string> => expected.get(hex(key)) ?? new Set();
  const write = (): void => {
    const [key, element] = [some(), some()];
    const set = of(key);
    switch (numbers.int(8)) {
      case 0:
        sets.clear(key);
        expected.delete(hex(key));
        return;
      case 1:
      case 2:
        assert.equal(sets.delete(key, element), set.delete(hex(element)));
        return;
      default:
        assert.equal(sets.add(key, element), !set.has(hex(element)));
        expected.set(hex(key), set.add(hex(element)));
    }
  };
  const check = (): void => {
    const [key, element] = [some(), some()];
    assert.equal(sets.has(key, element), of(key).has(hex(element)));
    assert.equal(sets.size(key), of(key).size);
    assert.deepEqual([...sets.elements(key)].map(hex), [...of(key)].sort());
  };
  for (let round = 0; round < rounds; round += 1) {
    for (let count = numbers.int(6); count > 0; count -= 1) write();
    const before = copy(expected);
    const mark = undo.mark();
    write();
    write();
    if (numbers.chance(0.3)) {
      undo.rollback(mark);
      expected = before;
    }
    check();
    undo.release();
    if (numbers.chance(0.3)) {
      rows.seal();
      rows.acknowledge();
      await rows.flush({
        ...{ changelogOffset: round, sourceOffsets: {} },
        streamTime: 0,
        wallTimeMs: 0,
      });
    }
    check();
  }
  await rows.close();
}

test(`sets hold what a Map of Sets holds, in memory, seed ${seed}`, async () => {
  await compare(new MemoryStore(), 1500);
});

test(`sets hold what a Map of Sets holds, on disk, seed ${seed}`, async () => {
  await withEngine(newFolder("sets"), async (engine) => compare(await engine.open("s", 0), 200));
});

test("elements come in their order, and may be deleted on the way", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const sets = makeSet(rows, tags, () => undefined);
  for (const tag of [300, -1, 7, 0]) sets.add("a", tag);
  sets.add("a\0", 5);
  sets.add("", 6);
  assert.deepEqual([...sets.elements("a")], [-1, 0, 7, 300]);
  const seen: number[] = [];
  for (const tag of sets.elements("a")) {
    seen.push(tag);
    sets.delete("a", 7);
    sets.delete("a", tag);
  }
  assert.deepEqual(seen, [-1, 0, 300]);
  assert.equal(sets.size("a"), 0);
  assert.deepEqual([...sets.elements("a\0")], [5]);
});

test("what is added twice makes one record in the changelog, and what was never there none", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const sets = makeSet(rows, tags, () => undefined);
  sets.add("a", 1);
  rows.seal();
  rows.acknowledge();
  assert.equal(sets.add("a", 1), false);
  assert.equal(sets.delete("a", 2), false);
  assert.equal(rows.seal().next(), false);
});

test("sets may be written only where their guard lets it, and a lookup cannot write", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const closed = makeSet(rows, tags, () => {
    throw new Error("closed");
  });
  assert.throws(() => closed.add("a", 1), /closed/);
  assert.throws(() => closed.delete("a", 1), /closed/);
  assert.throws(() => closed.clear("a"), /closed/);
  makeSet(rows, tags, () => undefined).add("a", 1);
  const lookup = makeSetLookup(rows, tags);
  assert.equal(lookup.has("a", 1), true);
  assert.equal("add" in lookup, false);
});

test("an element that its changelog could not take is refused where it is added", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const sets = makeSet(rows, binary, () => undefined);
  assert.throws(() => sets.add(Buffer.alloc(1), Buffer.alloc(1_000_000)), {
    code: "SG7002",
    place: { table: "binary" },
  });
  assert.equal(sets.size(Buffer.alloc(1)), 0);
});
