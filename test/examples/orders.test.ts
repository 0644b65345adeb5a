/** examples/orders: large orders are forwarded, totals worked out, and mail is sent. */
import assert from "node:assert/strict";
import test from "node:test";
import { event, openDriver, sink } from "@streamgen/runtime/testing";
import {
  largeOrdersTopic,
  ordersTopic,
  totalsTopic,
} from "../../examples/orders/generated/topics.ts";
import { createWorker } from "../../examples/orders/generated/worker.ts";
import {
  alert,
  type LargeOrders,
  type Order,
  type Orders,
  total,
} from "../../examples/orders/src/orders.ts";

const order = (number: number, price: number): Order => ({
  id: `00000000-0000-4000-8000-00000000000${number}`,
  ...{ account: "ann", price, quantity: 2 },
});

test("a large order is forwarded", () => {
  const large = sink<LargeOrders>();
  alert(event<Orders>(order(1, 400)), large);
  alert(event<Orders>(order(2, 600)), large);
  assert.deepEqual(large.sent, [order(2, 600)]);
});

test("a total is mailed", async () => {
  const mails: string[] = [];
  const mailer = { send: async (to: string, text: string) => void mails.push(`${to}: ${text}`) };
  assert.equal((await total(order(1, 400), mailer)).total, 800);
  assert.deepEqual(mails, ["ann: your order costs 800"]);
});

test("both functions get each order", async () => {
  await using orders = await openDriver(createWorker);
  await orders.push(ordersTopic, [order(1, 400), order(2, 600)]);
  const large = await orders.values(largeOrdersTopic);
  const totals = await orders.values(totalsTopic);
  assert.deepEqual(large, [order(2, 600)]);
  assert.deepEqual(totals.map((one) => one.total).sort(), [1200, 800]);
});
