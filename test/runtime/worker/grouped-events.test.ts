/** Events and streams that are read by another key show that key, and the topic they come from. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import {
  byDepotTable,
  byWeightTable,
  loadsTable,
} from "../../../fixtures/grouped-events/in/generated/tables.ts";
import { scansTopic, sightsTopic } from "../../../fixtures/grouped-events/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/grouped-events/in/generated/worker.ts";

test("a grouped event has the key of its group and the name of its own topic", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(scansTopic, [
    { parcel: "p-1", depot: "north", weight: 20 },
    { parcel: "p-2", depot: "south", weight: 5 },
    { parcel: "p-3", depot: "north", weight: 5 },
  ]);
  await driver.rebalance();
  const sights = await driver.values(sightsTopic);
  const shown = sights.map(({ key, topic, count }) => `${key} ${topic} ${count}`);
  assert.deepEqual(shown.sort(), [
    "heavy - 20",
    "light - 5",
    "light - 5",
    "north scans 1",
    "north scans 2",
    "south scans 1",
  ]);
  assert.deepEqual(
    await driver.table(byDepotTable).rows(),
    new Map([
      ["north", 2],
      ["south", 1],
    ]),
  );
  assert.equal(await driver.table(byWeightTable).get(5), 2);
  assert.equal(await driver.table(loadsTable).get("north"), 25);
});
