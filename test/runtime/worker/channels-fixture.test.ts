/** Generated code runs: what functions send to channels is handled by others. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import { countsTable } from "../../../fixtures/channels/in/generated/tables.ts";
import { ordersTopic, reportsTopic } from "../../../fixtures/channels/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/channels/in/generated/worker.ts";

test("steps are done in order, those that come again behind the others", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(ordersTopic, [
    { id: "a", steps: ["cut", "twice", "glue"] },
    { id: "b", steps: [] },
    { id: "c", steps: ["cut"] },
  ]);
  const texts = (await driver.values(reportsTopic)).map(({ text }) => text);
  assert.deepEqual([...texts].sort(), [
    ...["cut 1", "cut 1", "end of 3", "end of cut", "end of cut", "end of glue", "end of twice"],
    ...["glue 3", "twice 4"],
  ]);
  assert.ok(texts.indexOf("glue 3") < texts.indexOf("twice 4"));
  assert.equal(await driver.table(countsTable).get("a"), 4);
  await driver.advance("1h");
  const later = (await driver.values(reportsTopic)).map(({ text }) => text);
  assert.ok(later.includes("end of hour"));
});
