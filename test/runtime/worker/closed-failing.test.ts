/** Functions of closed windows that throw: called again, left out, or the task stops. */
import assert from "node:assert/strict";
import test from "node:test";
import type { TickPolicy } from "@streamgen/runtime";
import { manualClock } from "../../../runtime/clock.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import { random } from "../../random.ts";
import { append, gaugeWorker, outcome, partitions, randomReadings, recompute } from "./gauge.ts";

/** Runs the gauge, whose function of closed windows throws where `fails` says so. */
async function run(onError: TickPolicy, fails: () => boolean) {
  const seed = 7;
  const list = randomReadings(random(seed), 300);
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock });
  await append(log, list);
  let calls = 0;
  const closed = (): void => {
    calls += 1;
    if (fails()) throw new Error("no");
  };
  const { worker } = gaugeWorker({ log, clock }, { closed, onError });
  const errors: string[] = [];
  let skipped = 0;
  worker.on("skipped", ({ error }) => {
    if (error.place.agent === "tellCount") skipped += 1;
  });
  worker.on("error", ({ error }) => errors.push(error.code));
  await worker.start();
  await clock.advance(60_000);
  return { calls, errors, list, log, skipped, worker };
}

const retrying = (last: "stop" | "skip", retries = 2): TickPolicy => ({
  ...{ retries, firstWaitMs: 10, waitMaxMs: 10, last },
});

test("a window whose function throws is handed to it again", async () => {
  const numbers = random(1);
  const { errors, list, log, worker } = await run(retrying("stop", 50), () => numbers.chance(0.6));
  assert.deepEqual(errors, []);
  for (let partition = 0; partition < partitions; partition += 1) {
    assert.deepEqual(outcome(log, partition), recompute(list, partition));
  }
  assert.ok((worker.health().counts["retries"] ?? 0) > 100);
  await worker.stop();
});

test("what no call helps is left out, and the others are handed on", async () => {
  const numbers = random(2);
  const { list, log, skipped, worker } = await run(retrying("skip"), () => numbers.chance(0.6));
  const finals = (of: (partition: number) => { readonly finalCounts: readonly string[] }) =>
    Array.from({ length: partitions }, (_, partition) => of(partition).finalCounts).flat();
  const told = finals((partition) => outcome(log, partition));
  const all = finals((partition) => recompute(list, partition));
  assert.ok(skipped > 10, `${skipped} skipped`);
  assert.equal(told.length, all.length - skipped);
  await worker.stop();
});

test("where it stops, the task stops", async () => {
  const { calls, errors } = await run(retrying("stop"), () => true);
  assert.deepEqual([...new Set(errors)], ["SG8020"]);
  assert.equal(calls, 3 * errors.length);
});
