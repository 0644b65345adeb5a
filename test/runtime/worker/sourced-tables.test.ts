/** Generated code runs: tables of topics, joined with streams, over the embedded log. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type Worker } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  customersTopic,
  debtsTopic,
  enrichedOrdersTopic,
  movesTopic,
  ordersTopic,
  reportsTopic,
} from "../../../fixtures/customers/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/customers/in/generated/worker.ts";
import type { Customer } from "../../../fixtures/customers/in/src/customers.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { TopicSettings } from "../../../runtime/log/log.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const start = 1_700_000_000_000;
const minutes = (count: number): Date => new Date(start + count * 60_000);

const customer = (id: string, name: string, city: string, minute: number): Customer => ({
  ...{ id, name, city, since: minutes(minute) },
  tier: name.endsWith("!") ? "gold" : "plain",
});

const input = (name: string, cleanup: TopicSettings["cleanup"] = "delete"): TopicSettings => ({
  ...{ name, partitions: 2, replicas: 1 },
  ...{ cleanup, retentionMs: -1, config: {} },
});

async function open() {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const others = ["debts", "orders", "moves"].map((name) => input(name));
  await log.createTopics([input("customers", "compact"), ...others]);
  const settings = { log, registry, now: clock.now };
  const customers = await createProducer(customersTopic, settings);
  const orders = await createProducer(ordersTopic, settings);
  const moves = await createProducer(movesTopic, settings);
  const debts = await createProducer(debtsTopic, settings);
  const stores = new KeptStores();
  const work = (): Worker =>
    createWorker({ log, clock, registry, stores, instance: "one", logger: silent });
  /** Amounts of orders are numbers from 100 up; greetings count customers. */
  const enriched = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    for await (const { value } of readTopic(enrichedOrdersTopic, settings)) {
      if (value !== null && value.amount >= 100) lines.push(`${value.amount} ${value.name}`);
    }
    return lines.sort();
  };
  return { log, clock, settings, customers, orders, moves, debts, stores, work, enriched };
}

test("an order finds its customer as of its own time", async () => {
  const { customers, enriched, orders, work } = await open();
  // Orders are in the log first: what counts is when they were placed.
  for (const index of [0, 1, 2, 3]) {
    const placedAt = minutes(10 * index);
    await orders.send({ customerId: "a", amount: 100 + index, placedAt });
  }
  await customers.send(customer("a", "Ada", "Ulm", 5));
  await customers.send(customer("a", "Ada!", "Ulm", 15));
  await customers.send(customer("b", "Bea", "Ulm", 16));
  const worker = work();
  await worker.start();
  await worker.idle();
  assert.deepEqual(await enriched(), ["100 ", "101 Ada", "102 Ada!", "103 Ada!"]);
  await worker.stop();
});

test("at one moment a row comes before the record that looks for it", async () => {
  const { customers, enriched, orders, work } = await open();
  await orders.send({ customerId: "a", amount: 100, placedAt: minutes(5) });
  await customers.send(customer("a", "Ada", "Ulm", 5));
  const worker = work();
  await worker.start();
  await worker.idle();
  assert.deepEqual(await enriched(), ["100 Ada"]);
  await worker.stop();
});

test("a table is changed through its topic, and a tombstone deletes the row", async () => {
  const { clock, customers, enriched, moves, orders, settings, work } = await open();
  await customers.send(customer("a", "Ada", "Bonn", 0));
  await customers.send(customer("b", "Bea", "Bonn", 0));
  const worker = work();
  await worker.start();
  await worker.idle();
  await moves.send({ customerId: "a", city: "Ulm", at: minutes(1) });
  await moves.send({ customerId: "b", city: "", at: minutes(1) });
  await moves.send({ customerId: "nobody", city: "Ulm", at: minutes(1) });
  await worker.idle();
  await worker.idle();
  await orders.send({ customerId: "a", amount: 100, placedAt: minutes(2) });
  await orders.send({ customerId: "b", amount: 101, placedAt: minutes(2) });
  await worker.idle();
  assert.deepEqual(await enriched(), ["100 Ada", "101 "]);
  await clock.advance(60_000);
  await worker.idle();
  let inUlm = 0;
  for await (const { value } of readTopic(reportsTopic, settings)) inUlm += value?.customers ?? 0;
  assert.equal(inUlm, 1, "the index of both tasks follows the topic");
  await worker.stop();
});

test("an agent of the same topic sees the row of its own record", async () => {
  const { customers, settings, work } = await open();
  await customers.send(customer("a", "Ada", "Ulm", 0));
  await customers.send(customer("a", "Ada!", "Ulm", 1));
  const worker = work();
  await worker.start();
  await worker.idle();
  const greeted: string[] = [];
  for await (const { value } of readTopic(enrichedOrdersTopic, settings)) {
    if (value !== null) greeted.push(`${value.amount} ${value.name}`);
  }
  assert.deepEqual(greeted, ["1 Ada", "1 Ada!"]);
  await worker.stop();
});

for (const loses of [false, true]) {
  const what = loses ? "the topic, up to what was committed" : "its store, and reads the rest only";
  test(`after a restart a table has its rows from ${what}`, async () => {
    const { customers, enriched, orders, stores, work } = await open();
    await customers.send(customer("a", "Ada", "Ulm", 0));
    await customers.send(customer("b", "Bea", "Ulm", 0));
    const first = work();
    await first.start();
    await first.idle();
    await first.stop();
    if (loses) {
      for (const partition of [0, 1]) await stores.wipe("customers by city", partition);
    }
    // These come later than the order, although the table could have them when it is restored.
    await customers.send(customer("a", "Ada!", "Ulm", 5));
    await orders.send({ customerId: "a", amount: 100, placedAt: minutes(1) });
    await orders.send({ customerId: "b", amount: 101, placedAt: minutes(1) });
    await orders.send({ customerId: "a", amount: 102, placedAt: minutes(6) });
    const second = work();
    let restored = 0;
    second.on("restored", ({ records }) => {
      restored += records;
    });
    await second.start();
    await second.idle();
    assert.deepEqual(await enriched(), ["100 Ada", "101 Bea", "102 Ada!"]);
    assert.equal(restored, loses ? 2 : 0);
    await second.stop();
  });
}

test("nothing but the topic is kept in the log for such a table", async () => {
  const { customers, log, orders, work } = await open();
  await customers.send(customer("a", "Ada", "Ulm", 0));
  await orders.send({ customerId: "a", amount: 100, placedAt: minutes(1) });
  const worker = work();
  await worker.start();
  await worker.idle();
  await worker.stop();
  assert.deepEqual(await log.describeTopics(["app-customers-changelog"]), []);
  assert.equal(log.records("customers").length, 1);
});

test("a view reads such a table; what is unreadable is left out, and comes back as little", async () => {
  const { debts, log, stores, work } = await open();
  const worker = work();
  await debts.send(5, { key: "Ulm" });
  const producer = await log.producer({});
  for (const partition of [0, 1]) {
    const batch = new BatchWriter();
    for (const [key, value] of [
      ["Ulm", "no number"],
      [null, "7"],
    ] as const) {
      batch.begin(start, key === null ? null : Buffer.from(key)).append(Buffer.from(value));
      batch.end();
    }
    await producer.send({ topic: "debts", partition }, batch);
  }
  const ask = async (of: Worker, city: string): Promise<unknown> => {
    const request = { method: "GET", path: `/debts/${city}`, query: "", headers: {} };
    const { body } = await of.handle({ ...request, body: new Uint8Array(0) });
    return JSON.parse(Buffer.from(body).toString());
  };
  await worker.start();
  await worker.idle();
  assert.deepEqual(await ask(worker, "Ulm"), { debt: 5 });
  assert.deepEqual(await ask(worker, "Bonn"), { debt: 0 });
  assert.equal(worker.health().counts["skipped"], 4);
  await worker.stop();
  for (const partition of [0, 1]) await stores.wipe("debts", partition);
  const again = work();
  await again.start();
  await again.idle();
  assert.deepEqual(await ask(again, "Ulm"), { debt: 5 });
  await again.stop();
});
