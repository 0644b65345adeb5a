/** Tables of sessions and sliding windows against their definitions; with crashes anywhere. */
import assert from "node:assert/strict";
import test from "node:test";
import { manualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { type Random, random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { compacted } from "./crashing.ts";
import { append, partitions, type Reading, randomReadings } from "./gauge.ts";
import { type Crashing, crashing } from "./gauge-crashes.ts";
import { keyedFinals, keyedOutcome, keyedWorker, withoutHalfLate } from "./keyed-gauge.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

const listOf = (numbers: Random, count: number): readonly Reading[] =>
  withoutHalfLate(randomReadings(numbers, count));

function assertEqual(log: MemoryLog, list: readonly Reading[]): void {
  for (let partition = 0; partition < partitions; partition += 1) {
    const expected = keyedFinals(list, partition);
    assert.ok(expected.sessions.length > 10 && expected.sliding.length > 50);
    const actual = keyedOutcome(log, partition);
    assert.deepEqual(actual.sessions, expected.sessions, `seed ${seed}, partition ${partition}`);
    assert.deepEqual(actual.sliding, expected.sliding, `seed ${seed}, partition ${partition}`);
  }
}

test("sessions and sliding windows hold what they must, and close once", async () => {
  const list = listOf(random(seed), 500);
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock });
  await append(log, list);
  const worker = keyedWorker({ log, clock });
  await worker.start();
  await worker.idle();
  await worker.stop();
  assertEqual(log, list);
});

test("what has expired leaves store and changelog; the rest is there after a restart", async () => {
  const list = listOf(random(seed + 1), 400);
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock });
  await append(log, list);
  const disk = new KeptStores();
  const found: string[] = [];
  for (const stores of [disk, disk, new KeptStores()]) {
    let rows = "";
    const views: Parameters<NonNullable<Parameters<typeof keyedWorker>[2]>>[0][] = [];
    const worker = keyedWorker({ log, clock, stores }, undefined, (view) => views.push(view));
    await worker.start();
    await worker.idle();
    for (let key = 0; key < 6; key += 1) {
      for await (const { value, window } of views[0]?.windows(`key-${key}`) ?? []) {
        rows += `key-${key} ${window.start} ${value};`;
      }
      rows += await views[0]?.ago("2s").get(`key-${key}`);
    }
    found.push(rows);
    await worker.stop();
  }
  assert.ok(found[0] !== "" && found.every((rows) => rows === found[0]), `seed ${seed}`);
  // Of four hundred readings, only what is of the last seconds is left.
  for (const table of ["sessions", "sliding"]) {
    assert.ok(compacted(log, `keyed-${table}-changelog`).size < 150);
  }
});

const make: Crashing["make"] = (options, closed) => keyedWorker(options, closed);

test("exactly once, with a worker that crashes again and again", async () => {
  const numbers = random(seed + 2);
  const list = listOf(numbers, 300);
  const clock = manualClock(1_000_000);
  assertEqual(await crashing(list, "exactly-once", { clock, numbers, make }), list);
});

test("at least once, with a worker that crashes again and again", async () => {
  const numbers = random(seed + 3);
  const list = listOf(numbers, 300);
  const clock = manualClock(1_000_000);
  const log = await crashing(list, "at-least-once", { clock, numbers, make });
  for (let partition = 0; partition < partitions; partition += 1) {
    const actual = keyedOutcome(log, partition);
    const expected = keyedFinals(list, partition);
    for (const kind of ["sessions", "sliding"] as const) {
      const once = [...new Set(actual[kind])].sort();
      assert.deepEqual(once, [...expected[kind]].sort(), `seed ${seed}, partition ${partition}`);
    }
  }
});
