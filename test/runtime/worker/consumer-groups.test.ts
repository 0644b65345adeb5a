/** Functions in a consumer group of their own: tasks, offsets and failures apart from the others. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, type TopicProducer } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { openDriver } from "@streamgen/runtime/testing";
import { weightsTable } from "../../../fixtures/parcel-desk/in/generated/tables.ts";
import {
  alarmsTopic,
  boardTopic,
  parcelsTopic,
  scansTopic,
} from "../../../fixtures/parcel-desk/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/parcel-desk/in/generated/worker.ts";
import { archive } from "../../../fixtures/parcel-desk/in/src/archive.ts";
import type { Parcel } from "../../../fixtures/parcel-desk/in/src/desk.ts";
import { source } from "../../../runtime/worker/sources/source-driver.ts";
import { stillLog } from "./ledger.ts";
import { Bench, each, out, silent, spec, words } from "./small.ts";

const parcel = (id: string, depot = "north"): Parcel => ({ id, depot, grams: 600 });

async function desk(): Promise<{
  readonly log: ReturnType<typeof stillLog>["log"];
  readonly parcels: TopicProducer<string, Parcel>;
  worker(): ReturnType<typeof createWorker>;
  board(): readonly string[];
}> {
  archive.lines.length = 0;
  archive.isOpen = true;
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const external = { replicas: 1, cleanup: "delete", retentionMs: -1, config: {} } as const;
  await log.createTopics([
    { name: parcelsTopic.name, partitions: 2, ...external },
    { name: scansTopic.name, partitions: 1, ...external },
    { name: alarmsTopic.name, partitions: 1, ...external },
  ]);
  return {
    log,
    parcels: await createProducer(parcelsTopic, { log, registry, now: clock.now }),
    worker: () => createWorker({ log, clock, registry, logger: silent }),
    board: () => log.records(boardTopic.name).map(({ value }) => String(value)),
  };
}

test("one group begins at the end, the other with the first record; each has its offsets", async () => {
  const { log, parcels, worker, board } = await desk();
  await parcels.send(parcel("old"));
  const first = worker();
  await first.start();
  await first.idle();
  await parcels.send(parcel("new"));
  await first.idle();
  await first.stop();
  assert.deepEqual([...board()].sort(), ["at north", "new new", "north has 1200 g"]);
  const ids = archive.lines.map((line) => line.split(" ")[0]);
  assert.deepEqual(ids.sort(), ["new", "old"]);
  const read = (group: string) => [...new Set(log.committed(group).map(({ topic }) => topic))];
  assert.deepEqual(read("desk"), [
    "alarms",
    "desk-showDepot-depot-repartition",
    "parcels",
    "scans",
  ]);
  assert.deepEqual(read("desk-archive"), ["desk-weighDepot-depot-repartition", "parcels"]);
});

test("a function that fails stops its own group's task, and is behind by nothing it has missed", async () => {
  const { parcels, worker, board } = await desk();
  const first = worker();
  await first.start();
  await first.idle();
  archive.isOpen = false;
  for (const id of ["a", "b", "c"]) await parcels.send(parcel(id));
  await assert.rejects(first.idle(), /the archive is away/);
  for (const id of ["d", "e"]) await parcels.send(parcel(id));
  // The board's tasks are not those that have stopped.
  for (let turns = 0; turns < 1000 && board().length < 10; turns += 1) {
    await first.commit();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(
    [...board()].filter((line) => line.startsWith("new")).sort(),
    [..."abcde"].map((id) => `new ${id}`),
  );
  assert.equal(archive.lines.length, 0);
  await first.stop().catch(() => undefined);
  archive.isOpen = true;
  const second = worker();
  await second.start();
  await second.idle();
  await second.stop();
  assert.deepEqual(archive.lines.map((line) => line.split(" ")[0]).sort(), [..."abcde"]);
});

test("workers share the partitions of each group; nothing is counted twice when one crashes", async () => {
  archive.isOpen = true;
  await using driver = await openDriver(createWorker, { workers: 2 });
  const depots = ["north", "south", "west"];
  for (let n = 0; n < 30; n += 1) {
    const depot = depots[n % 3] ?? "";
    await driver.push(parcelsTopic, [{ id: `p${n}`, depot, grams: 10 }]);
    if (n === 10) await driver.idle();
    if (n === 20) await driver.crash();
  }
  await driver.idle();
  const holders = (group: string) => driver.log.members(group).map(({ owned }) => owned.length > 0);
  assert.deepEqual(holders("desk"), [true, true]);
  assert.deepEqual(holders("desk-archive"), [true, true]);
  const weights = driver.table(weightsTable);
  for (const depot of depots) assert.equal(await weights.get(depot), 100, depot);
  assert.equal(driver.log.records(boardTopic.name).length, 60);
});

test("workers whose functions all have groups of their own are in no other", async () => {
  const copy = each("copy", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(value);
  });
  const sources = [source({ topic: words, agents: [copy] })];
  const audit = { name: "words@audit", consumerGroup: "audit", sources, tables: [], timers: [] };
  const bench = new Bench(spec([audit]));
  await bench.send(["a"]);
  await bench.run();
  assert.equal(bench.log.members("small").length, 0);
  assert.equal(bench.log.members("small-audit").length, 1);
  await bench.worker.stop();
  assert.deepEqual(bench.values("out"), ["a"]);
});
