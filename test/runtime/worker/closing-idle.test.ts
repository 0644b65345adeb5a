/** Windows that close because no record comes: how far time goes on. */
import assert from "node:assert/strict";
import test from "node:test";
import { closing, createProducer, type WindowedTableSpec } from "@streamgen/runtime";
import { intCodec, stringKey } from "@streamgen/runtime/codec";
import { Bench, group, keyOf, out, spec, type TextAgent, words } from "./small.ts";

const counts: WindowedTableSpec<string, number, number | undefined> = {
  name: "counts",
  key: stringKey,
  value: intCodec,
  missing: () => undefined,
  changelog: "small-counts-changelog",
  windows: { sizeMs: 10_000, advanceMs: 10_000, graceMs: 60_000, expiresMs: 0 },
};

const count: TextAgent = {
  kind: "each",
  name: "count",
  onError: "stop",
  ownRows: [counts],
  dropsLate: [counts],
  open(task) {
    const rows = task.windowed(counts);
    return (value) => void rows.update(keyOf(value), (n = 0) => n + 1);
  },
};

const closings = [
  closing({
    table: counts,
    agents: [
      {
        name: "tell",
        onError: "stop",
        idleMs: 5000,
        open(task) {
          const sink = task.sink(out);
          return ({ value, window }) => sink.send(`${window.start / 1000}: ${value}`);
        },
      },
    ],
  }),
];

test("time goes on as far as the newest window with rows closes, however often it is quiet", async () => {
  const groups = [group([count], { tables: [counts], closings })];
  const bench = new Bench(spec(groups));
  await bench.create("words");
  await bench.worker.start();
  const producer = await createProducer(words, { log: bench.log, now: bench.clock.now });
  // Each in the window after the last one; more than the grace lies between the first and the last.
  for (const seconds of [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]) {
    await producer.send("a", { key: "a", timestamp: seconds * 1000 });
    await bench.worker.idle();
    await bench.clock.advance(10_000);
    await bench.worker.idle();
  }
  await producer.close();
  const expected = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((start) => `${start}: 1`);
  assert.deepEqual(bench.values("out"), expected);
  assert.equal(bench.worker.health().counts["late"] ?? 0, 0);
  await bench.worker.stop();
});
