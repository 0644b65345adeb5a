/** Generated code runs: functions that acknowledge by hand. */
import assert from "node:assert/strict";
import test from "node:test";
import { event, openDriver } from "@streamgen/runtime/testing";
import { sizesTable } from "../../../fixtures/acknowledging/in/generated/tables.ts";
import { picturesTopic, sumsTopic } from "../../../fixtures/acknowledging/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/acknowledging/in/generated/worker.ts";
import type { Pictures } from "../../../fixtures/acknowledging/in/src/uploads.ts";
import { openUploads, upload, uploads } from "../../../fixtures/acknowledging/in/src/uploads.ts";

test("what was not stored comes again after a crash; what was summed does not", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(picturesTopic, [
    { name: "a", bytes: 10 },
    { name: "b", bytes: 20 },
    { name: "c", bytes: 5000 },
    { name: "d", bytes: 30 },
  ]);
  await driver.advance("1s");
  assert.deepEqual(uploads().names, ["a", "b", "c", "d"]);
  for (const name of ["c", "a"]) uploads().store(name);
  await driver.advance("1s");
  assert.deepEqual(await driver.values(sumsTopic), [5030]);
  await driver.crash();
  assert.deepEqual(uploads().names, ["b", "d"]);
  await driver.push(picturesTopic, [{ name: "e", bytes: 2000 }]);
  assert.deepEqual(await driver.values(sumsTopic), [5030, 2030]);
  assert.equal(await driver.table(sizesTable).get("e"), 2030);
});

test("a fake event says that it was acknowledged", () => {
  const store = openUploads();
  const picture = event<Pictures>({ name: "a", bytes: 1 });
  upload(picture, store);
  assert.equal(picture.outcome, undefined);
  store.store("a");
  assert.deepEqual(picture.outcome, { kind: "ack" });
});
