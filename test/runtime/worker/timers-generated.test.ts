/** Generated code runs: timers by intervals and by the clock, of tasks, workers and the app, and hooks. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { clicksTopic } from "../../../fixtures/timers/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/timers/in/generated/worker.ts";
import { manualClock } from "../../../runtime/clock.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import { silent } from "./small.ts";

test("timers and hooks of every kind run together", async () => {
  const begin = Date.parse("2026-07-04T00:59:50Z");
  const clock = manualClock(begin);
  const log = memoryLog({ clock });
  const registry = modelRegistry();
  await log.createTopics([
    { name: "clicks", partitions: 1, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);
  const clicks = await createProducer(clicksTopic, { log, registry, now: clock.now });
  await clicks.send({ page: "home" });
  await clicks.send({ page: "home" });
  const worker = createWorker({ log, registry, clock, logger: silent });
  await worker.start();
  await worker.idle();
  const told = (): readonly string[] => log.records("reports").map(({ value }) => String(value));
  const first = ["assigned: 1 tasks, 0 rows", "recovered: 1 tasks, 0 rows"];
  assert.deepEqual([...told()].sort(), first);
  await clock.advance(12_000);
  // Three o'clock in Berlin.
  const three = Date.parse("2026-07-04T01:00:00Z");
  const sorted = told()
    .filter((text) => !first.includes(text))
    .sort();
  assert.deepEqual(sorted, [
    "0: home had 2",
    `a day begins at ${three}`,
    `alive at ${three}`,
    `the app lives at ${three - 5000}`,
    `the app lives at ${three}`,
  ]);
  // Nine in the evening in New York, on a Friday.
  await clock.advance(28_500);
  assert.ok(told().includes(`working at ${three + 30_000}`));
  const stopping = worker.stop();
  await clock.advance(1000);
  await stopping;
  assert.ok(told().includes("stopping: 1 tasks"));
});
