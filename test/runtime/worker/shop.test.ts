/** Generated code runs: the shop's worker, with its codecs, over the embedded log. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, type Logger, readTopic, type TopicRecord } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  alertsTopic,
  largeOrdersTopic,
  ordersTopic,
} from "../../../fixtures/shop/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/shop/in/generated/worker.ts";
import type { Order } from "../../../fixtures/shop/in/src/shop.ts";
import { random } from "../../random.ts";
import { stillLog } from "./ledger.ts";

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

function orders(count: number): readonly Order[] {
  const numbers = random(3);
  return Array.from({ length: count }, (_, index) => ({
    id: id(index),
    customerId: `customer-${numbers.int(8)}`,
    amount: numbers.int(200),
    items: 1 + numbers.int(3),
    placedAt: new Date(1_700_000_000_000 + index * 1000),
    status: numbers.pick(["new", "paid", "shipped"] as const),
    tags: ["a", "b"],
  }));
}

async function values<V>(records: AsyncIterable<TopicRecord<string, V>>): Promise<V[]> {
  const found: V[] = [];
  for await (const { value } of records) if (value !== null) found.push(value);
  return found;
}

test("the shop emits large orders, and an alert at every fifth order of a customer", async () => {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  await log.createTopics([
    { name: "orders", partitions: 6, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);
  const settings = { log, registry, now: clock.now };
  const producer = await createProducer(ordersTopic, settings);
  const list = orders(120);
  for (const order of list) await producer.send(order);

  const lines: string[] = [];
  const note = (text: string, fields: object = {}) =>
    lines.push(`${text} ${JSON.stringify(fields)}`);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const worker = createWorker({ log, clock, registry, logger });
  await worker.start();
  await worker.idle();

  const large = await values(readTopic(largeOrdersTopic, settings));
  assert.deepEqual(
    large.sort((a, b) => a.id.localeCompare(b.id)),
    list
      .filter(({ amount }) => amount > 100)
      .map(({ id, amount, items }) => ({ id, total: amount * items })),
  );
  const alerts = await values(readTopic(alertsTopic, settings));
  const counts = new Map<string, number>();
  const expected: string[] = [];
  for (const { customerId } of list) {
    const orders = (counts.get(customerId) ?? 0) + 1;
    counts.set(customerId, orders);
    if (orders % 5 === 0) expected.push(`${customerId} ${orders}`);
  }
  const found = alerts.map(({ customerId, orders }) => `${customerId} ${orders}`);
  assert.deepEqual(found.sort(), expected.sort());

  await clock.advance(10_000);
  const customers = lines.filter((line) => line.startsWith("customers "));
  assert.equal(customers.length, 6, "the report ticks once in each task");
  await worker.stop();
});
