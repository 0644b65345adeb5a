/** examples/temperatures: the mean of each ten seconds, and what is hotter than the last minute. */
import assert from "node:assert/strict";
import test from "node:test";
import { oneWindow, openDriver } from "@streamgen/runtime/testing";
import {
  heatsTopic,
  meansTopic,
  readingsTopic,
} from "../../examples/temperatures/generated/topics.ts";
import { createWorker } from "../../examples/temperatures/generated/worker.ts";
import {
  type Highest,
  type Reading,
  tellHeat,
} from "../../examples/temperatures/src/temperatures.ts";

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const reading = (degrees: number, seconds = 0): Reading => ({
  ...{ sensor: "roof", degrees },
  at: at(seconds),
});

test("only what is higher is told", () => {
  const highest = oneWindow<Highest>([["roof", 20]]);
  assert.equal(tellHeat(reading(20), highest), undefined);
  assert.deepEqual(tellHeat(reading(21), highest), { sensor: "roof", degrees: 21 });
  assert.equal(highest.get("roof"), 21);
});

test("a window's mean is told once, when it is closed", async () => {
  await using weather = await openDriver(createWorker);
  await weather.push(readingsTopic, [reading(10, 1), reading(20, 9), reading(30, 11)]);
  await weather.crash();
  // Late, but within the grace of five seconds; then one that closes the first window.
  await weather.push(readingsTopic, [reading(30, 8), reading(10, 15)]);
  const first = { sensor: "roof", from: at(0), count: 3, degrees: 20 };
  assert.deepEqual(await weather.values(meansTopic), [first]);
  // Nothing comes any more: the last window is closed by the clock.
  await weather.advance("2m");
  const last = { sensor: "roof", from: at(10), count: 2, degrees: 20 };
  assert.deepEqual(await weather.values(meansTopic), [first, last]);
});

test("a reading is compared with those of the last minute", async () => {
  await using weather = await openDriver(createWorker);
  const readings = [reading(20, 0), reading(19, 30), reading(19.5, 65), reading(21, 70)];
  await weather.push(readingsTopic, readings);
  const heats = await weather.values(heatsTopic);
  assert.deepEqual(
    heats.map(({ degrees }) => degrees),
    [20, 19.5, 21],
  );
});
