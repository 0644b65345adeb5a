/** A topic's records in others as they are: `through` and `echo`. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import { spentTable } from "../../../fixtures/copies/in/generated/tables.ts";
import {
  backupTopic,
  byCustomerTopic,
  largeTopic,
  ordersTopic,
  pricesHereTopic,
  pricesTopic,
  toldTopic,
} from "../../../fixtures/copies/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/copies/in/generated/worker.ts";
import type { Order } from "../../../fixtures/copies/in/src/orders.ts";
import type { LogRecord } from "../../../runtime/log/record.ts";
import { random } from "../../random.ts";

const order = (id: string, customer: string, amount = 1): Order => ({ id, customer, amount });

const bytesOf = ({ key, value, timestamp, headers }: LogRecord) => ({
  key: key?.toString("hex"),
  value: value?.toString("hex"),
  timestamp,
  headers: headers.map(([name, text]) => [name, text?.toString()]),
});

/** What a topic holds, in an order that does not depend on partitions. */
function contents(driver: Driver, topic: string): readonly string[] {
  return driver.log
    .records(topic)
    .map((record) => JSON.stringify(bytesOf(record)))
    .sort();
}

test("what goes through a topic is there once, under its key, and read from there", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(ordersTopic, [
    order("1", "ann", 2),
    order("2", "bob", 3),
    order("3", "ann", 4),
  ]);
  await driver.advance("1s");
  const sent = await driver.records(byCustomerTopic);
  const pairs = sent.map(({ key, value }) => `${key} ${value?.id}`);
  assert.deepEqual(pairs.sort(), ["ann 1", "ann 3", "bob 2"]);
  const values = (topic: string) =>
    driver.log
      .records(topic)
      .map(({ value }) => value?.toString("hex"))
      .sort();
  assert.deepEqual(values("orders-by-customer"), values("orders"), "byte for byte");
  assert.equal(await driver.table(spentTable).get("ann"), 6);
  const told = await driver.values(toldTopic);
  assert.deepEqual([...told].sort(), [
    "ann has 2",
    "ann has 6",
    "bob has 3",
    "orders-by-customer ann 2",
    "orders-by-customer ann 6",
    "orders-by-customer bob 3",
  ]);
});

test("copies have the key, the value, the time and the headers of the record", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(ordersTopic, [order("1", "ann"), order("2", "bob")], {
    headers: { trace: "t-1" },
  });
  // A batch that is not full waits for a second.
  await driver.advance("1s");
  await driver.idle();
  assert.deepEqual(contents(driver, "large"), contents(driver, "orders"));
  const twice = contents(driver, "orders").flatMap((line) => [line, line]);
  assert.deepEqual(contents(driver, "backup"), twice);
  const [copy] = driver.log.records("large");
  assert.deepEqual(copy && bytesOf(copy).headers, [["trace", "t-1"]]);
});

test("a copy is there even where the function gives the record up", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(ordersTopic, [order("1", "ann", 13), order("2", "ann", 13)]);
  // A batch that is not full waits for a second.
  await driver.advance("1s");
  await driver.idle();
  assert.equal(driver.skipped.length, 2);
  assert.deepEqual(contents(driver, "large"), contents(driver, "orders"));
});

test("without a key in the value the record's own goes on, tombstones among them", async () => {
  await using driver = await openDriver(createWorker);
  await driver.push(pricesTopic, [7], { key: "apple" });
  await driver.pushTombstone(pricesTopic, "apple");
  assert.deepEqual([...(await driver.values(toldTopic))], ["apple costs 7", "apple costs null"]);
  const sent = await driver.records(pricesHereTopic);
  assert.deepEqual(
    sent.map(({ key, value }) => [key, value]),
    [
      ["apple", 7],
      ["apple", null],
    ],
  );
});

test("nothing goes through or is copied twice, or not at all, whenever a worker crashes", async () => {
  const seed = Number(process.env["SEED"] ?? 11);
  const numbers = random(seed);
  await using driver = await openDriver(createWorker, { workers: 2 });
  const spent = new Map<string, number>();
  for (let n = 0; n < 60; n += 1) {
    const customer = `c${numbers.int(4)}`;
    const amount = 1 + numbers.int(12);
    spent.set(customer, (spent.get(customer) ?? 0) + amount);
    await driver.push(ordersTopic, [order(String(n), customer, amount)]);
    const dice = numbers.int(8);
    if (dice === 0) await driver.crash();
    if (dice === 1) await driver.rebalance();
    if (dice === 2) await driver.advance("1s");
  }
  // A batch that is not full waits for a second.
  await driver.advance("1s");
  await driver.idle();
  const message = `seed ${seed}`;
  assert.deepEqual(contents(driver, "large"), contents(driver, "orders"), message);
  const twice = contents(driver, "orders").flatMap((line) => [line, line]);
  assert.deepEqual(contents(driver, backupTopic.name), twice, message);
  assert.equal(driver.log.records(byCustomerTopic.name).length, 60, message);
  for (const [customer, sum] of spent) {
    assert.equal(await driver.table(spentTable).get(customer), sum, `${message}: ${customer}`);
  }
  assert.equal(driver.log.records(largeTopic.name).length, 60, message);
});
