/** Generated code with joins on a field runs: orders of two partitions, and their customers of three. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  billsTopic,
  incomingTopic,
  signupsTopic,
} from "../../../fixtures/foreign-joins/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/foreign-joins/in/generated/worker.ts";
import { compacted } from "./crashing.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

test("each order has its customer, whichever changes, whose row is in another group's tasks", async () => {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  const topic = { replicas: 1, cleanup: "delete", retentionMs: -1, config: {} } as const;
  await log.createTopics([
    { name: "orders", partitions: 2, ...topic },
    { name: "signups", partitions: 3, ...topic },
  ]);
  const orders = await createProducer(incomingTopic, settings);
  const customers = await createProducer(signupsTopic, settings);
  const bills = async () => {
    const last = new Map<string, string>();
    for await (const { key, value } of readTopic(billsTopic, settings)) {
      assert.ok(key !== null);
      if (value === null) last.delete(key);
      else last.set(key, `${value.name} ${value.total}`);
    }
    return [...last].sort().map(([key, text]) => `${key}: ${text}`);
  };
  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  for (let number = 1; number <= 4; number += 1) {
    await orders.send({ id: `o${number}`, customer: BigInt(number % 3), total: number });
  }
  await orders.send({ id: "o5", total: 5 });
  await customers.send({ id: 1n, name: "ann" });
  await customers.send({ id: 2n, name: "eve" });
  await worker.idle();
  assert.deepEqual(await bills(), [
    "o1: ann 1",
    "o2: eve 2",
    "o3: guest 3",
    "o4: ann 4",
    "o5: guest 5",
  ]);
  assert.equal(compacted(log, "app-named-changelog").size, 3);
  await customers.send({ id: 1n, name: "anna" });
  await customers.send({ id: 2n, name: "eve", left: true });
  await orders.send({ id: "o3", customer: 1n, total: 3 });
  await orders.send({ id: "o4", total: 4, cancelled: true });
  await worker.idle();
  assert.deepEqual(await bills(), ["o1: anna 1", "o2: guest 2", "o3: anna 3", "o5: guest 5"]);
  assert.equal(compacted(log, "app-named-changelog").size, 2);
  await worker.stop();
});
