import assert from "node:assert/strict";
import test from "node:test";
import { type Codec, intCodec, intKey, stringKey } from "@streamgen/runtime/codec";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { PartitionTable } from "../../../runtime/state/partition-table.ts";
import type { RowCodec } from "../../../runtime/state/row-bytes.ts";
import { makeLookup, makeTable, type TableHandle } from "../../../runtime/state/table-handle.ts";
import { UndoLog } from "../../../runtime/state/undo.ts";

interface Profile {
  name: string;
  visits: number;
}

const profileCodec: Codec<Profile> = {
  schema: {
    type: "record",
    name: "Profile",
    fields: [
      { name: "name", type: "string" },
      { name: "visits", type: "int" },
    ],
  },
  write(writer, { name, visits }) {
    writer.string(name);
    writer.int(visits);
  },
  read: (reader) => ({ name: reader.string(), visits: reader.int() }),
  toJson: ({ name, visits }) => ({ name, visits }),
  fromJson: () => ({ name: "", visits: 0 }),
};

function open<K, V, Found>(codec: RowCodec<K, V, Found>): TableHandle<K, V, Found> {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  return makeTable(rows, codec, () => undefined);
}

const profiles: RowCodec<string, Profile, undefined> = {
  name: "profiles",
  key: stringKey,
  value: profileCodec,
  missing: () => undefined,
};
const counts: RowCodec<number, number, number> = {
  name: "counts",
  key: intKey,
  value: intCodec,
  missing: () => 0,
};

test("set encodes at once: changing the object afterwards changes no row", () => {
  const table = open(profiles);
  const profile = { name: "Ada", visits: 1 };
  table.set("ada", profile);
  profile.visits = 99;
  assert.deepEqual(table.get("ada"), { name: "Ada", visits: 1 });
});

test("update encodes at once, and gives back what was written", () => {
  const table = open(profiles);
  const given = table.update("ada", () => ({ name: "Ada", visits: 1 }));
  given.visits = 99;
  assert.deepEqual(table.get("ada"), { name: "Ada", visits: 1 });
});

test("a row that was handed out is the caller's own", () => {
  const table = open(profiles);
  table.set("ada", { name: "Ada", visits: 1 });
  const row = table.get("ada");
  if (row !== undefined) row.visits = 99;
  for (const [, value] of table.entries()) value.visits = 99;
  assert.deepEqual(table.get("ada"), { name: "Ada", visits: 1 });
});

test("where there is no row, get and update see what is missing, and it is never stored", () => {
  const table = open(counts);
  assert.equal(table.get(1), 0);
  assert.equal(table.has(1), false);
  assert.equal(table.getOr(1, 7), 7);
  assert.equal(table.take(1), 0);
  assert.equal(table.size, 0);
  assert.equal(
    table.update(1, (n) => n + 1),
    1,
  );
  assert.equal(table.has(1), true);
});

test("keys come in their own order, negative numbers first", () => {
  const table = open(counts);
  for (const key of [5, -3, 0, 200, -70_000]) table.set(key, key);
  assert.deepEqual([...table.keys()], [-70_000, -3, 0, 5, 200]);
  assert.deepEqual([...table.values()], [-70_000, -3, 0, 5, 200]);
});

test("take gives the row and deletes it; clear deletes all", () => {
  const table = open(counts);
  for (const key of [1, 2, 3]) table.set(key, key * 10);
  assert.equal(table.take(2), 20);
  table.delete(1);
  assert.deepEqual([...table.entries()], [[3, 30]]);
  table.clear();
  assert.equal(table.size, 0);
});

test("an update that throws, or gives no such value, changes nothing", () => {
  const table = open(counts);
  table.set(1, 5);
  assert.throws(
    () =>
      table.update(1, () => {
        throw new Error("no");
      }),
    /no/,
  );
  assert.throws(() => table.update(1, () => 1.5), { code: "SG5010" });
  assert.equal(table.get(1), 5);
});

test("an update may use the table itself", () => {
  const table = open(counts);
  table.set(2, 20);
  table.update(1, () => {
    table.update(2, (n) => n + 1);
    return table.get(2);
  });
  assert.deepEqual(
    [...table.entries()],
    [
      [1, 21],
      [2, 21],
    ],
  );
});

test("a table may be written only where its guard lets it, and read everywhere", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  let isOpen = true;
  const table = makeTable(rows, counts, () => {
    if (!isOpen) throw new Error("closed");
  });
  table.set(1, 1);
  isOpen = false;
  assert.throws(() => table.set(1, 2), /closed/);
  assert.throws(() => table.delete(1), /closed/);
  assert.throws(() => table.update(1, (n) => n), /closed/);
  assert.throws(() => table.take(1), /closed/);
  assert.throws(() => table.clear(), /closed/);
  assert.equal(table.get(1), 1);
});

test("a lookup shares the rows and cannot write them", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  makeTable(rows, counts, () => undefined).set(1, 5);
  const lookup = makeLookup(rows, counts);
  assert.equal(lookup.get(1), 5);
  assert.equal(lookup.size, 1);
  assert.equal("set" in lookup, false);
});

test("bytes that are no row of the table are an error that says so", () => {
  const rows = new PartitionTable(new MemoryStore(), new UndoLog());
  rows.write(Buffer.from("ada"), Buffer.from([200]));
  assert.throws(() => makeLookup(rows, profiles).get("ada"), { code: /^SG50/ });
});

test("a row that its changelog could not take is refused where it is written", () => {
  const table = open(profiles);
  assert.throws(() => table.set("ada", { name: "x".repeat(1_000_001), visits: 1 }), {
    code: "SG7002",
    place: { table: "profiles" },
  });
  assert.equal(table.has("ada"), false);
});
