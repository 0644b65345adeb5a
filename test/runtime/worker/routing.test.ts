/** Generated code runs: functions that return values for several topics. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import {
  complaintsTopic,
  notesTopic,
  paymentsTopic,
  receiptsTopic,
  refundsTopic,
} from "../../../fixtures/routing/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/routing/in/generated/worker.ts";

test("each returned value goes to the topic whose type it has", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(paymentsTopic, [
    { id: "a", cents: 10 },
    { id: "b", cents: -5 },
    { id: "c", cents: 0 },
    { id: "d", cents: 500 },
  ]);
  const receipts = await driver.records(receiptsTopic);
  assert.deepEqual(receipts.map(({ key, value }) => [key, value?.cents]).sort(), [
    ["a", 10],
    ["d", 500],
    ["half of d", 250],
  ]);
  assert.deepEqual(
    (await driver.values(complaintsTopic)).map(({ payment }) => payment),
    ["b"],
  );
  assert.deepEqual(
    (await driver.values(refundsTopic)).map(({ refund, cents }) => `${refund} ${cents}`).sort(),
    ["b 5", "half of d 250"],
  );
  assert.deepEqual((await driver.values(notesTopic)).sort(), [
    "a is settled",
    "b is settled",
    "c is settled",
    "d is settled",
    "large",
  ]);
});
