/** Sessions and sliding windows against their definitions over all events at once. One seed is one run. */
import assert from "node:assert/strict";
import test from "node:test";
import { stringCodec, stringKey } from "@streamgen/runtime/codec";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";
import type { TableWindows } from "../../../runtime/state/windows/keyed-spec.ts";
import { openWindows } from "../../../runtime/state/windows/open-windows.ts";
import { type Random, random } from "../../random.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
/** Keys that begin alike, and that have the bytes which end a part. */
const keys = ["a", "ab", "a\u0000", "a\u0000\u0001", ""];

/** An event, named by a letter and its number. */
interface Happening {
  readonly key: string;
  readonly time: number;
  readonly name: string;
}

interface Held {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
}

class Bench {
  readonly sight = { streamTime: Number.NEGATIVE_INFINITY, newest: Number.NEGATIVE_INFINITY };
  readonly rows;

  constructor(windows: TableWindows<string>) {
    const table = new PartitionTable(new MemoryStore(), new UndoLog());
    const codec = {
      ...{ name: "table", key: stringKey, value: stringCodec, missing: () => "" },
      windows,
    };
    this.rows = openWindows<string, string, string>(table, codec, this.sight);
  }

  add({ key, name, time }: Happening): string {
    this.sight.streamTime = Math.max(this.sight.streamTime, time);
    this.sight.newest = this.sight.streamTime;
    return this.rows.update(time, key, (names) => (names === "" ? name : `${names} ${name}`));
  }

  get held(): readonly Held[] {
    return [...this.rows.finals()].map(({ key, value, window }) => ({
      ...{ key, ...window },
      names: value.split(" ").sort(),
    }));
  }
}

const inOrder = (list: readonly Held[]): readonly Held[] =>
  [...list].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.start - b.start));

function happenings(numbers: Random, count: number, spanMs: number): readonly Happening[] {
  return Array.from({ length: count }, (_, index) => ({
    key: keys[numbers.int(keys.length)] ?? "",
    // Around 0, with several of one time.
    time: numbers.int(spanMs) - spanMs / 2,
    name: `n${index}`,
  }));
}

const forEver = { graceMs: 1_000_000, expiresMs: 0 };
const mergeNames = (a: string, b: string): string => `${a} ${b}`;

function sessionsOf(all: readonly Happening[], gapMs: number): readonly Held[] {
  return keys.flatMap((key) => {
    const own = all.filter((each) => each.key === key).sort((a, b) => a.time - b.time);
    const groups: Happening[][] = [];
    for (const each of own) {
      const group = groups.at(-1);
      const last = group?.at(-1);
      if (group === undefined || last === undefined || each.time - last.time > gapMs) {
        groups.push([each]);
      } else group.push(each);
    }
    return groups.map((group) => ({
      key,
      start: group[0]?.time ?? 0,
      end: (group.at(-1)?.time ?? 0) + 1,
      names: group.map(({ name }) => name).sort(),
    }));
  });
}

test("sessions are what is left between gaps, in whatever order events come", () => {
  const numbers = random(seed);
  for (let round = 0; round < 60; round += 1) {
    const gapMs = 1 + numbers.int(30);
    const bench = new Bench({ kind: "session", gapMs, ...forEver, merge: mergeNames });
    const all = happenings(numbers, numbers.int(60), 400);
    for (const each of all) {
      const value = bench.add(each);
      assert.equal(bench.rows.get(each.time, each.key), value, `seed ${seed}`);
    }
    assert.deepEqual(inOrder(bench.held), inOrder(sessionsOf(all, gapMs)), `seed ${seed}`);
    for (const key of keys) {
      const own = [...bench.rows.windows(0, key)];
      assert.deepEqual(
        own.map(({ window }) => window.start),
        inOrder(sessionsOf(all, gapMs)).flatMap((each) => (each.key === key ? [each.start] : [])),
      );
    }
  }
});

function namesIn(all: readonly Happening[], key: string, from: number, to: number): string[] {
  return all
    .filter((each) => each.key === key && each.time >= from && each.time < to)
    .map(({ name }) => name)
    .sort();
}

/** For each event a window that ends with it, and one behind it where that is not empty. */
function slidingOf(all: readonly Happening[], sizeMs: number): readonly Held[] {
  return keys.flatMap((key) => {
    const times = all.flatMap((each) => (each.key === key ? [each.time] : []));
    const starts = new Set([
      ...times.map((time) => time - sizeMs + 1),
      ...times.map((time) => time + 1),
    ]);
    return [...starts].flatMap((start) => {
      const names = namesIn(all, key, start, start + sizeMs);
      return names.length === 0 ? [] : [{ key, start, end: start + sizeMs, names }];
    });
  });
}

test("sliding windows are those of KIP-450, in whatever order events come", () => {
  const numbers = random(seed + 1);
  for (let round = 0; round < 60; round += 1) {
    const sizeMs = 1 + numbers.int(30);
    const bench = new Bench({ kind: "sliding", sizeMs, ...forEver });
    const all = happenings(numbers, numbers.int(50), 200);
    for (const [index, each] of all.entries()) {
      const { key, time } = each;
      const value = bench.add(each);
      const before = namesIn(all.slice(0, index + 1), key, time - sizeMs + 1, time + 1);
      assert.deepEqual(value.split(" ").sort(), before, `seed ${seed}`);
      const at = numbers.int(200) - 100;
      const found = bench.rows.get(at, key);
      const looksBack = namesIn(all.slice(0, index + 1), key, at - sizeMs + 1, at + 1);
      assert.deepEqual(found === "" ? [] : found.split(" ").sort(), looksBack, `seed ${seed}`);
      assert.equal(bench.rows.has(at, key), looksBack.length > 0);
    }
    assert.deepEqual(inOrder(bench.held), inOrder(slidingOf(all, sizeMs)), `seed ${seed}`);
  }
});

test("a sliding window never holds what is not in it, however late events are", () => {
  const numbers = random(seed + 2);
  for (let round = 0; round < 60; round += 1) {
    const sizeMs = 1 + numbers.int(30);
    const bench = new Bench({ kind: "sliding", sizeMs, graceMs: numbers.int(10), expiresMs: 500 });
    const all: Happening[] = [];
    for (const each of happenings(numbers, 80, 60)) {
      const late = { ...each, time: each.time + all.length };
      all.push(late);
      bench.add(late);
    }
    for (const { end, key, names, start } of bench.held) {
      const possible = namesIn(all, key, start, end);
      const wrong = names.filter((name) => !possible.includes(name));
      assert.deepEqual(wrong, [], `seed ${seed}`);
      assert.equal(new Set(names).size, names.length, `seed ${seed}`);
    }
  }
});

const at = (time: number, name: string): Happening => ({ key: "a", time, name });

test("a closed session stays as it is, and an old event may still join one that goes on", () => {
  const spec = { gapMs: 10, graceMs: 0, expiresMs: 1000, merge: mergeNames };
  const bench = new Bench({ kind: "session", ...spec });
  for (const each of [at(0, "a"), at(8, "b"), at(18, "c"), at(28, "d")]) bench.add(each);
  // Ten behind the last one it would be closed; but it belongs to what is open.
  bench.add(at(5, "e"));
  bench.add(at(100, "f"));
  // Its session is closed, and so would be one of its own.
  assert.equal(bench.add(at(30, "late")), "a b c d e late");
  // Between a closed one and one that is open, it belongs to that.
  bench.add(at(95, "g"));
  assert.deepEqual(
    bench.held.map(({ end, names, start }) => [start, end, names.join("")]),
    [
      [0, 29, "abcde"],
      [95, 101, "fg"],
    ],
  );
});

test("sessions are set and deleted as one", () => {
  const bench = new Bench({ kind: "session", gapMs: 10, ...forEver, merge: mergeNames });
  bench.add(at(0, "a"));
  bench.add(at(15, "b"));
  assert.deepEqual([...bench.rows.entries(7)], [["a", "a b"]]);
  bench.rows.set(7, "a", "both");
  assert.deepEqual(
    bench.held.map(({ start, end, names }) => [start, end, ...names]),
    [[0, 16, "both"]],
  );
  assert.equal(bench.rows.has(30, "a"), false);
  bench.rows.delete(20, "a");
  assert.deepEqual(bench.held, []);
});
