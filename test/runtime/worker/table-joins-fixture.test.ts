/** Generated code with a join of tables runs: orders and what is paid of them, as a topic and as a table. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type TopicSpec } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  incomingTopic,
  paidTopic,
  remindersTopic,
  statusesTopic,
} from "../../../fixtures/table-joins/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/table-joins/in/generated/worker.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

test("orders meet their payments, whichever comes first, and what is cancelled is taken back", async () => {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  const topic = {
    partitions: 2,
    replicas: 1,
    cleanup: "delete",
    retentionMs: -1,
    config: {},
  } as const;
  await log.createTopics(["orders", "payments"].map((name) => ({ name, ...topic })));
  const orders = await createProducer(incomingTopic, settings);
  const payments = await createProducer(paidTopic, settings);
  const values = async <V>(from: TopicSpec<string, V>) => {
    const found: (V | null)[] = [];
    for await (const { value } of readTopic(from, settings)) found.push(value);
    return found;
  };
  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  await payments.send({ order: "a", amount: 60 });
  await worker.idle();
  assert.deepEqual(await values(statusesTopic), []);
  const order = { id: "a", customer: "ann", total: 100 };
  await orders.send(order);
  await worker.idle();
  assert.deepEqual(await values(statusesTopic), [{ order: "a", paid: 60, due: 100 }]);
  assert.deepEqual(await values(remindersTopic), [{ order: "a", due: 40 }]);
  await payments.send({ order: "a", amount: 100 });
  await worker.idle();
  assert.deepEqual((await values(statusesTopic)).at(-1), { order: "a", paid: 100, due: 100 });
  await orders.send({ ...order, cancelled: true });
  await worker.idle();
  assert.equal((await values(statusesTopic)).at(-1), null);
  assert.equal((await values(remindersTopic)).length, 1);
  const settled = log.records("app-settled-changelog");
  assert.equal(settled.at(-1)?.value, null);
  await worker.stop();
});
