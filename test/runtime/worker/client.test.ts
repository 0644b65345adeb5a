/** The generated client, beside the generated worker of the same pipeline. */
import assert from "node:assert/strict";
import test from "node:test";
import { modelRegistry } from "@streamgen/runtime/codec";
import { memoryLog } from "@streamgen/runtime/log";
import {
  alertsReader,
  ordersProducer,
  ordersReader,
} from "../../../fixtures/shop/in/generated/client.ts";
import { createWorker } from "../../../fixtures/shop/in/generated/worker.ts";
import type { Order } from "../../../fixtures/shop/in/src/shop.ts";
import { silent } from "./small.ts";

const order = (number: number): Order => ({
  id: `00000000-0000-4000-8000-00000000000${number}`,
  customerId: "ann",
  amount: number,
  items: 1,
  placedAt: new Date(1000 + number),
  status: "new",
  tags: [],
});

const ordersSettings = {
  name: "orders",
  partitions: 6,
  replicas: 1,
  cleanup: "delete",
  retentionMs: -1,
  config: {},
} as const;

async function collect<T>(records: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const record of records) all.push(record);
  return all;
}

test("what a client sends is what a worker gets and a client reads", async () => {
  const settings = { log: memoryLog(), registry: modelRegistry(), now: () => 5 };
  await settings.log.createTopics([ordersSettings]);
  const producer = await ordersProducer(settings);
  for (const number of [1, 2, 3, 4, 5]) await producer.send(order(number));
  await producer.close();

  const orders = await collect(ordersReader(settings));
  assert.deepEqual(
    orders.map(({ key, value }) => [key, value?.amount]),
    [1, 2, 3, 4, 5].map((amount) => ["ann", amount]),
  );
  assert.deepEqual(
    orders.map(({ timestamp, offset }) => [timestamp, offset]),
    [1001, 1002, 1003, 1004, 1005].map((time, offset) => [time, offset]),
  );

  const worker = createWorker({ ...settings, logger: silent });
  await worker.start();
  await worker.idle();
  await worker.stop();
  const alerts = await collect(alertsReader(settings));
  assert.deepEqual(
    alerts.map(({ key, value }) => [key, value]),
    [["ann", { customerId: "ann", orders: 5 }]],
  );
});

test("a reader of an empty topic ends, and one of no topic says so", async () => {
  const settings = { log: memoryLog(), now: () => 5 };
  await assert.rejects(collect(ordersReader(settings)), { code: "SG8040" });
  await assert.rejects(ordersProducer(settings), { code: "SG8040" });
  await settings.log.createTopics([ordersSettings]);
  assert.deepEqual(await collect(ordersReader(settings)), []);
});

test("a topic's name in the log comes from the configuration", async () => {
  const log = memoryLog();
  await log.createTopics([{ ...ordersSettings, name: "orders-eu" }]);
  const config = {
    app: "shop",
    delivery: "exactly-once",
    commitIntervalMs: 100,
    partitions: 6,
    replicas: 1,
    topics: { orders: { name: { env: "ORDERS" } } },
  } as const;
  const settings = { log, now: () => 5, config };
  await assert.rejects(ordersProducer(settings), { code: "SG8002" });
  const producer = await ordersProducer({ ...settings, env: { ORDERS: "orders-eu" } });
  await producer.send(order(1));
  await producer.close();
  assert.equal(log.records("orders-eu").length, 1);
});
