/** A worker with a table that has an index: crashes, what is on disk, views. */
import assert from "node:assert/strict";
import test from "node:test";
import { indexedTable, indexOf, type StartSpec, type ViewHandle } from "@streamgen/runtime";
import { stringCodec, stringKey } from "@streamgen/runtime/codec";
import { random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { compacted, throughCrashes } from "./crashing.ts";
import { Bench, each, group, keyOf, out, spec } from "./small.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const depotOf = (row: string): string => row.split(" ")[0] ?? "";

const parcels = indexedTable<string, string, string | undefined>({
  name: "parcels",
  key: stringKey,
  value: stringCodec,
  missing: () => undefined,
  changelog: "small-parcels-changelog",
  indexes: { depot: indexOf(stringKey, depotOf) },
});

/** "key:depot number" puts a parcel somewhere, "key:" takes it away; each answers with all there. */
const placing = each("place", (task) => {
  const rows = task.indexed(parcels);
  const sink = task.sink(out);
  return (value) => {
    const key = keyOf(value);
    const row = value.slice(key.length + 1);
    const depot = depotOf(row) || depotOf(rows.get(key) ?? "");
    if (row === "") rows.delete(key);
    else rows.set(key, row);
    const there = [...rows.by("depot", depot as never)].map(([parcel]) => parcel);
    sink.send(`${depot}:${there.join(" ")}`);
  };
});
const shape = spec([group([{ ...placing, ownRows: [parcels] }], { tables: [parcels] })]);

function places(count: number): readonly string[] {
  const numbers = random(seed);
  return Array.from({ length: count }, (_, index) => {
    const key = `p${numbers.int(12)}`;
    return numbers.chance(0.2) ? `${key}:` : `${key}:d${numbers.int(4)} ${index}`;
  });
}

function interpret(values: readonly string[]) {
  const rows = new Map<string, string>();
  const answers = values.map((value) => {
    const key = keyOf(value);
    const row = value.slice(key.length + 1);
    const depot = depotOf(row) || depotOf(rows.get(key) ?? "");
    if (row === "") rows.delete(key);
    else rows.set(key, row);
    const there = [...rows].filter(([, each]) => depotOf(each) === depot).map(([each]) => each);
    return `${depot}:${there.sort().join(" ")}`;
  });
  return { answers, left: [...rows.keys()].sort() };
}

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`indexes survive crashes between any two records, ${delivery}, seed ${seed}`, async () => {
    const values = places(4000);
    const numbers = random(seed);
    const found = await throughCrashes({
      ...{ spec: shape, values, delivery, numbers },
      crashes: 8,
    });
    const { answers, left } = interpret(values);
    if (delivery === "exactly-once") assert.deepEqual(found.out, answers);
    else assert.deepEqual(found.out.slice(-100), answers.slice(-100));
    const rows = compacted(found.log, parcels.changelog);
    assert.deepEqual([...rows.keys()].sort(), left, "the changelog has the rows, and only them");
  });
}

test("rows and entries are in one store, which is another one for other indexes", async () => {
  const stores = new KeptStores();
  const bench = new Bench(shape, { stores });
  await bench.send(["a:Ulm 1", "b:Bonn 2", "a:Bonn 3"]);
  await bench.run();
  await bench.worker.stop();
  const rows = [...stores.of("parcels by depot", 0).scan()].map(([key]) => key.toString("latin1"));
  assert.deepEqual(rows, [
    "\0a",
    "\0b",
    "\x01depot\0\x01Bonn\0\x01a",
    "\x01depot\0\x01Bonn\0\x01b",
  ]);
});

test("a table that gets an index finds the rows it had before", async () => {
  const { indexes, tended, ...plain } = parcels;
  const before = each("before", (task) => {
    const rows = task.table(plain);
    return (value) => rows.set(keyOf(value), value.slice(2));
  });
  const stores = new KeptStores();
  const bench = new Bench(spec([group([before], { tables: [plain] })]), { stores });
  await bench.send(["a:Ulm 1", "b:Ulm 2"]);
  await bench.run();
  await bench.worker.stop();
  const worker = bench.make(shape, { stores });
  await bench.send(["c:Ulm 3"]);
  await worker.start();
  await worker.idle();
  assert.deepEqual(bench.values("out"), ["Ulm:a b c"]);
  await worker.stop();
});

test("a view sees committed rows, and no entries", async () => {
  let view: ViewHandle<string, string, string | undefined> | undefined;
  const look: StartSpec = {
    name: "look",
    open(scope) {
      view = scope.view(parcels);
      return () => undefined;
    },
  };
  const shown = spec([group([placing], { tables: [parcels] })], { starts: [look] });
  const bench = new Bench(shown);
  await bench.send(["a:Ulm 1", "b:Bonn 2"]);
  await bench.run();
  assert.ok(view);
  assert.equal(await view.get("a"), "Ulm 1");
  const rows: (readonly [string, string])[] = [];
  for await (const row of view.entries()) rows.push(row);
  assert.deepEqual(rows, [
    ["a", "Ulm 1"],
    ["b", "Bonn 2"],
  ]);
  await bench.worker.stop();
});
