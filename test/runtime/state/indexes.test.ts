/** Indexes against a walk through all rows, with random writes, rollbacks, commits, drops and restores. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Codec, intKey, stringKey } from "@streamgen/runtime/codec";
import { CacheBudget } from "../../../runtime/state/cache/budget.ts";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import type { Store } from "../../../runtime/state/store.ts";
import { indexOf } from "../../../runtime/state/tended/index-of.ts";
import {
  type IndexedTable,
  makeIndexedLookup,
  makeIndexedTable,
} from "../../../runtime/state/tended/indexed-table.ts";
import { rowByte } from "../../../runtime/state/tended/layout.ts";
import type { TendedCodec } from "../../../runtime/state/tended/tended-codec.ts";
import { TendedRows } from "../../../runtime/state/tended/tended-rows.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";
import { type Random, random } from "../../random.ts";
import { newFolder, withEngine } from "./rocksdb/folder.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

interface Parcel {
  depot: string;
  grams: number | undefined;
}

const parcelCodec: Codec<Parcel> = {
  schema: {
    type: "record",
    name: "Parcel",
    fields: [
      { name: "depot", type: "string" },
      { name: "grams", type: "int" },
    ],
  },
  write(writer, { depot, grams }) {
    writer.string(depot);
    writer.int(grams ?? -1);
  },
  read(reader) {
    const depot = reader.string();
    const grams = reader.int();
    return { depot, grams: grams < 0 ? undefined : grams };
  },
  toJson: ({ depot }) => ({ depot }),
  fromJson: () => ({ depot: "", grams: undefined }),
};

const parcels: TendedCodec<string, Parcel, undefined> = {
  name: "parcels",
  key: stringKey,
  value: parcelCodec,
  missing: () => undefined,
  indexes: {
    depot: indexOf(stringKey, (row: Parcel) => row.depot),
    grams: indexOf(intKey, (row: Parcel) => row.grams),
  },
};

const place = { changelogOffset: 1, sourceOffsets: {}, streamTime: 0, wallTimeMs: 0 };
const keys = ["", "a", "a\0", "a\0\x01", "b", "é", "\0", "zz"];
const depots = ["Ulm", "", "Ulm\0", "Bonn"];
const always = { check: () => undefined, isOpen: true };
const by = <V>(
  table: Pick<IndexedTable<string, V, undefined>, "by">,
  name: string,
  value: unknown,
) => [...table.by(name, value as never)];

/** A table, its changelog and what it must hold. */
class Twin {
  readonly undo = new UndoLog();
  readonly rows: PartitionTable;
  readonly table: IndexedTable<string, Parcel, undefined>;
  readonly changelog: (readonly [Buffer, Buffer | null])[];
  expected: Map<string, Parcel>;
  committed: ReadonlyMap<string, Parcel>;

  constructor(store: Store, from?: Twin) {
    this.rows = new PartitionTable(store, this.undo, { budget: new CacheBudget(8192) });
    this.table = makeIndexedTable(this.rows, parcels, always);
    this.changelog = from?.changelog ?? [];
    this.committed = from?.committed ?? new Map();
    this.expected = new Map(this.committed);
    const restored = new TendedRows(this.rows, parcels);
    const noBytes = Buffer.alloc(0);
    for (const [key, value] of this.changelog) {
      restored.restore(key, value ?? noBytes, value === null ? -1 : 0, value?.length ?? 0);
    }
  }

  write(numbers: Random): void {
    const key = numbers.pick(keys);
    const grams = numbers.chance(0.7) ? numbers.int(3) : undefined;
    const parcel = { depot: numbers.pick(depots), grams };
    switch (numbers.int(6)) {
      case 0:
        this.table.delete(key);
        this.expected.delete(key);
        return;
      case 1:
        assert.deepEqual(this.table.take(key), this.expected.get(key));
        this.expected.delete(key);
        return;
      case 2: {
        // The row that is handed out is changed in place.
        const change = (row: Parcel | undefined) =>
          row === undefined ? parcel : Object.assign(row, parcel);
        this.table.update(key, change);
        this.expected.set(key, parcel);
        return;
      }
      case 3:
        if (!numbers.chance(0.1)) return;
        this.table.clear();
        this.expected.clear();
        return;
      default:
        this.table.set(key, parcel);
        this.expected.set(key, parcel);
    }
  }

  check(numbers: Random): void {
    const all = [...this.expected].sort(([a], [b]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    const depot = numbers.pick(depots);
    assert.deepEqual(
      by(this.table, "depot", depot),
      all.filter(([, row]) => row.depot === depot),
    );
    const grams = numbers.int(3);
    const lookup = makeIndexedLookup(this.rows, parcels);
    assert.deepEqual(
      by(lookup, "grams", grams),
      all.filter(([, row]) => row.grams === grams),
    );
    assert.deepEqual([...this.table.entries()], all);
    assert.deepEqual(
      [...this.table.keys()],
      all.map(([key]) => key),
    );
    assert.equal(this.table.size, all.length);
    assert.equal(lookup.size, all.length);
    const key = numbers.pick(keys);
    assert.deepEqual(this.table.get(key), this.expected.get(key));
    assert.deepEqual(
      [...lookup.prefix("a")],
      all.filter(([row]) => row.startsWith("a")),
    );
    assert.deepEqual(
      [...this.table.range("a", "b")],
      all.filter(([row]) => row.startsWith("a")),
    );
  }

  commit(): void {
    this.undo.release();
    const written = this.rows.seal();
    while (written.next()) {
      const key = Buffer.from(written.key());
      const value = written.value();
      if (key[0] !== rowByte) continue;
      this.changelog.push([key.subarray(1), value === null ? null : Buffer.from(value)]);
    }
    this.rows.acknowledge();
    this.committed = new Map(this.expected);
  }

  rollback(mark: number, before: ReadonlyMap<string, Parcel>): void {
    this.undo.rollback(mark);
    this.expected = new Map(before);
  }

  drop(): void {
    this.undo.release();
    this.rows.drop();
    this.expected = new Map(this.committed);
  }
}

async function compare(open: (round: number) => Promise<Store>, rounds: number): Promise<void> {
  const numbers = random(seed);
  let twin = new Twin(await open(0));
  for (let round = 1; round <= rounds; round += 1) {
    for (let count = numbers.int(6); count > 0; count -= 1) twin.write(numbers);
    const before = new Map(twin.expected);
    const mark = twin.undo.mark();
    twin.write(numbers);
    if (numbers.chance(0.3)) twin.rollback(mark, before);
    twin.check(numbers);
    if (numbers.chance(0.5)) twin.commit();
    if (numbers.chance(0.1)) twin.drop();
    if (numbers.chance(0.2)) await twin.rows.flush(place);
    if (numbers.chance(0.05)) {
      const next = new Twin(await open(round), twin);
      await twin.rows.close();
      twin = next;
    }
    twin.check(numbers);
  }
  await twin.rows.close();
}

test(`indexes find what a walk finds, in memory, seed ${seed}`, async () => {
  await compare(async () => new MemoryStore(), 1500);
});

test(`indexes find what a walk finds, on disk, seed ${seed}`, async () => {
  await withEngine(newFolder("indexes"), (engine) =>
    compare((round) => engine.open(`t${round}`, 0), 150),
  );
});

test("an entry that finds nothing after a restore is removed by who finds that out", async () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const restored = new TendedRows(rows, parcels);
  const value = (depot: string): Buffer =>
    Buffer.from([depot.length * 2, ...Buffer.from(depot), 2]);
  for (const depot of ["Ulm", "Bonn"]) {
    const bytes = value(depot);
    restored.restore(Buffer.from("p"), bytes, 0, bytes.length);
  }
  const count = (): number => [...rows.rows()].length;
  assert.equal(count(), 4);
  const lookup = makeIndexedLookup(rows, parcels);
  assert.deepEqual(by(lookup, "depot", "Ulm"), []);
  assert.equal(count(), 4, "a lookup writes nothing");
  const closed = makeIndexedTable(rows, parcels, { ...always, isOpen: false });
  assert.deepEqual(by(closed, "depot", "Ulm"), []);
  assert.equal(count(), 4, "nor does a table between records");
  const table = makeIndexedTable(rows, parcels, always);
  assert.deepEqual(by(table, "depot", "Ulm"), []);
  assert.equal(count(), 3);
  assert.deepEqual(by(table, "depot", "Bonn"), [["p", { depot: "Bonn", grams: 1 }]]);
});

test("what cannot be written changes no index, and says so as in any table", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  const table = makeIndexedTable(rows, parcels, always);
  table.set("a", { depot: "Ulm", grams: 1 });
  assert.throws(() => table.set("a", { depot: "Bonn", grams: 1.5 }), { code: "SG5010" });
  assert.throws(() => table.update("a", () => ({ depot: "Bonn", grams: 1.5 })), { code: "SG5010" });
  assert.deepEqual(by(table, "depot", "Bonn"), []);
  assert.equal(by(table, "depot", "Ulm").length, 1);
  assert.throws(() => by(table, "weight", 1), { code: "SG7203", place: { table: "parcels" } });
});
