/** Ranges and prefixes against a sorted Map, with random writes, rollbacks, commits and flushes. */
import assert from "node:assert/strict";
import test from "node:test";
import { intKey, recordKey, stringCodec, stringKey } from "@streamgen/runtime/codec";
import { CacheBudget } from "../../../runtime/state/cache/budget.ts";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import type { RowCodec } from "../../../runtime/state/row-bytes.ts";
import type { Store } from "../../../runtime/state/store.ts";
import { makeTable, type TableHandle } from "../../../runtime/state/table-handle.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";
import { type Random, random } from "../../random.ts";
import { newFolder, withEngine } from "./rocksdb/folder.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

const texts: RowCodec<string, string, undefined> = {
  name: "texts",
  key: stringKey,
  value: stringCodec,
  missing: () => undefined,
};

type Rows = ReadonlyMap<string, string>;

function between(rows: Rows, from: string, to: string): readonly (readonly [string, string])[] {
  const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return [...rows]
    .filter(([key]) => order(key, from) >= 0 && order(key, to) < 0)
    .sort(([a], [b]) => order(a, b));
}

function beginning(rows: Rows, text: string): readonly (readonly [string, string])[] {
  return between(rows, "", "\u{10ffff}\u{10ffff}").filter(([key]) => key.startsWith(text));
}

/** Letters whose order in UTF-16 is another one than in UTF-8 are among them. */
const letters = ["a", "b", "é", "\u{ffee}", "\u{1f600}"];
const keyFrom = (numbers: Random): string =>
  Array.from({ length: numbers.int(4) }, () => numbers.pick(letters)).join("");

/** A table and what it must hold: as agents see it, and as of the last commit. */
class Twin {
  readonly #undo = new UndoLog();
  readonly #rows: PartitionTable;
  readonly table: TableHandle<string, string, undefined>;
  staged = new Map<string, string>();
  #sealed: Rows | undefined;
  #committed: Rows = new Map();
  #offset = 0;

  constructor(store: Store) {
    // So small that rows leave the memory.
    this.#rows = new PartitionTable(store, this.#undo, { budget: new CacheBudget(4096) });
    this.table = makeTable(this.#rows, texts, () => undefined);
  }

  write(key: string, value: string): void {
    this.table.set(key, value);
    this.staged.set(key, value);
  }

  delete(key: string): void {
    this.table.delete(key);
    this.staged.delete(key);
  }

  rolledBack(body: () => void): void {
    const before = new Map(this.staged);
    const mark = this.#undo.mark();
    body();
    this.#undo.rollback(mark);
    this.staged = before;
  }

  async step(numbers: Random): Promise<void> {
    this.#undo.release();
    switch (numbers.int(4)) {
      case 0:
        if (this.#sealed !== undefined) return;
        this.#rows.seal();
        this.#sealed = new Map(this.staged);
        return;
      case 1:
        if (this.#sealed === undefined) return;
        this.#rows.acknowledge();
        this.#committed = this.#sealed;
        this.#sealed = undefined;
        return;
      case 2:
        this.#offset += 1;
        await this.#rows.flush({
          ...{ changelogOffset: this.#offset, sourceOffsets: {}, streamTime: 0, wallTimeMs: 0 },
        });
        return;
      default:
        if (!numbers.chance(0.2)) return;
        this.#rows.drop();
        this.#sealed = undefined;
        this.staged = new Map(this.#committed);
    }
  }

  close(): Promise<void> {
    return this.#rows.close();
  }
}

function check(twin: Twin, numbers: Random): void {
  const [from, to] = [keyFrom(numbers), keyFrom(numbers)];
  assert.deepEqual([...twin.table.range(from, to)], between(twin.staged, from, to));
  const text = keyFrom(numbers);
  assert.deepEqual([...twin.table.prefix(text)], beginning(twin.staged, text));
}

/** Rows behind the one that is looked at may change, and are seen as they are by then. */
function writeMeanwhile(twin: Twin, numbers: Random): void {
  const expected = [...twin.staged.keys()];
  const seen: string[] = [];
  const gone = new Set<string>();
  for (const [key, value] of twin.table.prefix("")) {
    assert.equal(value, twin.staged.get(key), "a row is seen as it is when its turn comes");
    seen.push(key);
    const other = numbers.pick(expected);
    if (numbers.chance(0.3)) twin.write(other, `${value}!`);
    else if (numbers.chance(0.2)) {
      twin.delete(other);
      gone.add(other);
    }
  }
  assert.equal(new Set(seen).size, seen.length, "no row comes twice");
  assert.deepEqual(
    expected.filter((key) => !gone.has(key) && !seen.includes(key)),
    [],
    "no row that stays is left out",
  );
}

async function compare(store: Store, rounds: number): Promise<void> {
  const numbers = random(seed);
  const twin = new Twin(store);
  const write = (): void => {
    const key = keyFrom(numbers);
    if (numbers.chance(0.3)) twin.delete(key);
    else twin.write(key, `v${numbers.int(1000)}`);
  };
  for (let round = 0; round < rounds; round += 1) {
    for (let count = numbers.int(8); count > 0; count -= 1) write();
    if (numbers.chance(0.3)) twin.rolledBack(write);
    check(twin, numbers);
    if (numbers.chance(0.2)) writeMeanwhile(twin, numbers);
    await twin.step(numbers);
    check(twin, numbers);
  }
  await twin.close();
}

test(`ranges and prefixes give what a sorted Map gives, in memory, seed ${seed}`, async () => {
  await compare(new MemoryStore(), 1500);
});

test(`ranges and prefixes give what a sorted Map gives, on disk, seed ${seed}`, async () => {
  await withEngine(newFolder("ranges"), async (engine) => compare(await engine.open("t", 0), 150));
});

test("a range is walked as far as somebody asks, and holds what its bounds were", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const numbers = makeTable(
    rows,
    { name: "n", key: intKey, value: stringCodec, missing: () => undefined },
    () => undefined,
  );
  for (let key = -50; key < 50; key += 1) numbers.set(key, `${key}`);
  const range = numbers.range(-3, 40);
  numbers.get(7);
  assert.deepEqual(range.next().value, [-3, "-3"]);
  assert.deepEqual(range.next().value, [-2, "-2"]);
  assert.deepEqual([...numbers.range(5, 5)], []);
  assert.deepEqual([...numbers.range(5, -5)], []);
  assert.deepEqual(
    [...numbers.range(-2, 2)].map(([key]) => key),
    [-2, -1, 0, 1],
  );
});

test("keys that do not sort have no ranges, and keys that are no texts no prefixes", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const records = makeTable(
    rows,
    { name: "r", key: recordKey(stringCodec), value: stringCodec, missing: () => undefined },
    () => undefined,
  );
  const refusal = { code: "SG7201", place: { table: "r" } };
  assert.throws(() => records.range("a", "b"), refusal);
  assert.throws(() => records.prefix("a"), { code: "SG7202" });
  const ints = makeTable(
    rows,
    { name: "i", key: intKey, value: stringCodec, missing: () => undefined },
    () => undefined,
  );
  assert.throws(() => ints.prefix("1"), { code: "SG7202", place: { table: "i" } });
});
