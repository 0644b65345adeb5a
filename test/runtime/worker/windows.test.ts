/** Windowed tables against a count of everything at once; with crashes anywhere. One seed is one run. */
import assert from "node:assert/strict";
import test from "node:test";
import { manualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { firstRowKey, startOf } from "../../../runtime/state/windows/window-key.ts";
import { WindowShape } from "../../../runtime/state/windows/window-shape.ts";
import { random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import {
  append,
  type Gauge,
  gaugeWorker,
  outcome,
  partitions,
  type Reading,
  randomReadings,
  recompute,
  streamTimeOf,
  sumTable,
} from "./gauge.ts";
import { type Crashing, crashing } from "./gauge-crashes.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

function assertEqual(log: MemoryLog, list: readonly Reading[]): void {
  for (let partition = 0; partition < partitions; partition += 1) {
    const expected = recompute(list, partition);
    assert.ok(expected.finalCounts.length > 50 && expected.finalSums.length > 50);
  }
  assertOutcome(log, list);
}

function assertOutcome(log: MemoryLog, list: readonly Reading[]): void {
  for (let partition = 0; partition < partitions; partition += 1) {
    const expected = recompute(list, partition);
    assert.deepEqual(outcome(log, partition), expected, `seed ${seed}, partition ${partition}`);
  }
}

test("windows hold what a count of everything at once gives", async () => {
  const list = randomReadings(random(seed), 600);
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock });
  await append(log, list);
  const { worker } = gaugeWorker({ log, clock });
  await worker.start();
  await worker.idle();
  await worker.stop();
  assertEqual(log, list);
});

test("what has expired leaves the store; the rest is there after a restart, from disk or changelog", async () => {
  const list = randomReadings(random(seed), 400);
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock });
  await append(log, list);
  const disk = new KeptStores();
  const found: string[] = [];
  for (const stores of [disk, disk, new KeptStores()]) {
    const { worker, views } = gaugeWorker({ log, clock, stores });
    await worker.start();
    await worker.idle();
    const rows: string[] = [];
    for (let key = 0; key < 6; key += 1) {
      for await (const { window, value } of views()?.sum.windows(`key-${key}`) ?? []) {
        rows.push(`key-${key} ${window.start} ${value}`);
      }
    }
    found.push(rows.join());
    await worker.stop();
    for (let partition = 0; partition < partitions; partition += 1) {
      const { windows } = sumTable;
      const kept = new WindowShape(windows).firstKept(streamTimeOf(list, partition));
      const starts = [...stores.of("sum", partition).scan(firstRowKey)].map(([key]) =>
        startOf(key),
      );
      assert.ok(starts.length > 0 && Math.min(...starts) >= kept, `seed ${seed}`);
    }
  }
  assert.ok(found[0] !== "" && found.every((rows) => rows === found[0]), `seed ${seed}`);
  assertEqual(log, list);
});

test("the rows of windows are read ahead together", async () => {
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock });
  const stores = new KeptStores();
  const list = (from: number): readonly Reading[] =>
    Array.from({ length: 300 }, (_, n) => ({
      key: `key-${n % 40}`,
      number: n,
      time: from + n * 20,
    }));
  const counts: Record<string, number> = {};
  for (const from of [100_000, 106_000]) {
    await append(log, list(from));
    const { worker } = gaugeWorker({ log, clock, stores });
    await worker.start();
    await worker.idle();
    Object.assign(counts, worker.health().counts);
    await worker.stop();
  }
  // Only how far windows are closed is looked for when it is needed: in each partition of two tables.
  assert.ok((counts["misses"] ?? 0) <= 2 * partitions, JSON.stringify(counts));
  assert.ok(stores.of("count", 0).askedTogether.length > 0);
  assertOutcome(log, [...list(100_000), ...list(106_000)]);
});

const make: Crashing["make"] = (options, closed) => gaugeWorker(options, { closed }).worker;

test("exactly once, with a worker that crashes again and again", async () => {
  const numbers = random(seed);
  const list = randomReadings(numbers, 300);
  const log = await crashing(list, "exactly-once", {
    clock: manualClock(1_000_000),
    numbers,
    make,
  });
  assertEqual(log, list);
});

test("at least once, with a worker that crashes again and again", async () => {
  const numbers = random(seed + 1);
  const list = randomReadings(numbers, 300);
  const log = await crashing(list, "at-least-once", {
    clock: manualClock(1_000_000),
    numbers,
    make,
  });
  const once = ({ finalCounts, finalSums }: Gauge) => ({
    finalCounts: [...new Set(finalCounts)].sort(),
    finalSums: [...new Set(finalSums)].sort(),
  });
  for (let partition = 0; partition < partitions; partition += 1) {
    const expected = once(recompute(list, partition));
    assert.deepEqual(once(outcome(log, partition)), expected, `seed ${seed}`);
  }
});
