/** Where a group begins that has no offsets yet. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, type SourceSpec, source, type WorkerOptions } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  alarmsTopic,
  boardTopic,
  parcelsTopic,
  scansTopic,
} from "../../../fixtures/parcel-desk/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/parcel-desk/in/generated/worker.ts";
import { manualClock } from "../../../runtime/clock.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import { Bench, countTable, each, out, silent, spec, type TextAgent, words } from "./small.ts";

const copy: TextAgent = each("copy", (task) => {
  const sink = task.sink(out);
  const counts = task.table(countTable);
  return (value) => {
    counts.update("all", (n) => n + 1);
    sink.send(value);
  };
});

function bench(
  from: NonNullable<SourceSpec<string, string>["from"]>,
  options: WorkerOptions = {},
): { readonly bench: Bench; restart(): Promise<void> } {
  const tables = [countTable];
  const sources = [source({ topic: words, from, agents: [copy] })];
  const whole = spec([{ name: "words", sources, tables, timers: [] }]);
  const made = new Bench(whole, options);
  const restart = async (): Promise<void> => {
    const next = made.make(whole, options);
    await next.start();
    await next.idle();
    await next.stop();
  };
  return { bench: made, restart };
}

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`latest: what is there at the first start is left out, ${delivery}`, async () => {
    const { bench: desk, restart } = bench("latest", { delivery });
    await desk.send(["a", "b"]);
    await desk.run();
    await desk.send(["c"]);
    await desk.worker.idle();
    await desk.worker.stop();
    assert.deepEqual(desk.values("out"), ["c"]);
    await desk.send(["d"]);
    await restart();
    assert.deepEqual(desk.values("out"), ["c", "d"]);
  });

  test(`latest is decided once: a stop before the first record loses none, ${delivery}`, async () => {
    const { bench: desk, restart } = bench("latest", { delivery });
    await desk.send(["a"]);
    await desk.worker.start();
    await desk.worker.ready();
    await desk.worker.stop();
    await desk.send(["b"]);
    await restart();
    assert.deepEqual(desk.values("out"), ["b"]);
  });
}

test("a time is that of the records in the log", async () => {
  // Their timestamps count up from 1000.
  const { bench: desk } = bench({ time: "1970-01-01T00:00:01.002Z" });
  await desk.send(["a", "b", "c", "d"]);
  await desk.run();
  await desk.worker.stop();
  assert.deepEqual(desk.values("out"), ["c", "d"]);
});

test("so long ago is counted from the first start", async () => {
  const { bench: desk, restart } = bench({ agoMs: 998_997 });
  await desk.send(["a", "b", "c", "d", "e"]);
  await desk.run();
  await desk.worker.stop();
  assert.deepEqual(desk.values("out"), ["d", "e"]);
  await desk.clock.advance(1_000_000);
  await desk.send(["f"]);
  await restart();
  assert.deepEqual(desk.values("out"), ["d", "e", "f"]);
});

test("a time that no record has come to yet is the end", async () => {
  const { bench: desk } = bench({ time: "2030-01-01T00:00:00Z" });
  await desk.send(["a"]);
  await desk.run();
  await desk.send(["b"]);
  await desk.worker.idle();
  await desk.worker.stop();
  assert.deepEqual(desk.values("out"), ["b"]);
});

test("a group with offsets goes on where it was", async () => {
  const { bench: desk } = bench("latest");
  await desk.send(["a", "b"]);
  desk.log.setCommitted("small", [{ topic: "words", partition: 0, offset: 1, metadata: "" }]);
  await desk.run();
  await desk.worker.stop();
  assert.deepEqual(desk.values("out"), ["b"]);
});

test("a topic that is new to a group begins where it says, the others go on", async () => {
  const more = { ...words, name: "more" };
  const old = new Bench(
    spec([
      {
        name: "words",
        sources: [source({ topic: words, agents: [copy] })],
        tables: [countTable],
        timers: [],
      },
    ]),
  );
  await old.send(["a"]);
  await old.run();
  await old.worker.stop();
  await old.send(["b"]);
  await old.send(["x"], more);
  const other: TextAgent = each("other", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(value);
  });
  const sources = [
    source({ topic: words, agents: [copy] }),
    source({ topic: more, from: "latest", agents: [other] }),
  ];
  const whole = spec([{ name: "words", sources, tables: [countTable], timers: [] }], {
    topics: [words, more, out],
  });
  const worker = old.make(whole);
  await worker.start();
  await worker.idle();
  await old.send(["y"], more);
  await worker.idle();
  await worker.stop();
  assert.deepEqual(old.values("out"), ["a", "b", "y"]);
});

test("generated code begins where its source says", async () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  const clock = manualClock(now);
  const log = memoryLog({ clock });
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  const external = { replicas: 1, cleanup: "delete", retentionMs: -1, config: {} } as const;
  await log.createTopics([
    { name: parcelsTopic.name, partitions: 2, ...external },
    { name: scansTopic.name, partitions: 1, ...external },
    { name: alarmsTopic.name, partitions: 1, ...external },
  ]);
  const parcels = await createProducer(parcelsTopic, settings);
  const scans = await createProducer(scansTopic, settings);
  const alarms = await createProducer(alarmsTopic, settings);
  await parcels.send({ id: "old", depot: "north", grams: 5 });
  await scans.send("last year", { timestamp: Date.parse("2025-12-31T22:59:59Z") });
  await scans.send("this year", { timestamp: Date.parse("2025-12-31T23:00:00Z") });
  await alarms.send("older", { timestamp: now - 86_400_001 });
  await alarms.send("of a day", { timestamp: now - 86_400_000 });
  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  await worker.idle();
  await parcels.send({ id: "new", depot: "south", grams: 5 });
  await worker.idle();
  await worker.stop();
  const shown = log.records(boardTopic.name).map(({ value }) => String(value));
  assert.deepEqual(shown.sort(), ["at south", "new new", "of a day", "this year"]);
});
