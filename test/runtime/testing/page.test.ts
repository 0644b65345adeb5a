/** What docs/testing.md shows, run. A test of the documentation compares them. */
import assert from "node:assert/strict";
import test from "node:test";
import { context, event, openDriver, sink, table } from "@streamgen/runtime/testing";
import type { Sink, Table } from "streamgen";
import { orderCountsTable } from "../../../fixtures/shop/in/generated/tables.ts";
import { alertsTopic, ordersTopic } from "../../../fixtures/shop/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/shop/in/generated/worker.ts";
import {
  type Alerts,
  largeOrders,
  type Order,
  type OrderCounts,
  type Orders,
  report,
  velocity,
} from "../../../fixtures/shop/in/src/shop.ts";

const order = (number: number, more: Partial<Order> = {}): Order => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  customerId: "ann",
  amount: 10,
  items: 1,
  placedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, number)),
  status: "new",
  tags: [],
  ...more,
});

test("large orders are passed on", () => {
  assert.equal(largeOrders(order(1, { amount: 100 })), undefined);
  assert.deepEqual(largeOrders(order(1, { amount: 200, items: 2 })), {
    id: order(1).id,
    total: 400,
  });
});

test("every fifth order raises an alert", () => {
  const counts = table<OrderCounts>([["ann", 4]], 0);
  const alerts = sink<Alerts>();
  velocity(order(1), counts, alerts);
  assert.equal(counts.get("ann"), 5);
  assert.deepEqual(alerts.sent, [{ customerId: "ann", orders: 5 }]);
});

test("the report says how many customers there are", () => {
  const ctx = context();
  report({ at: 0, partition: 2 }, table<OrderCounts>([["ann", 4]], 0), ctx);
  assert.deepEqual(ctx.lines, ["info customers partition=2 count=1"]);
});

test("five orders make an alert, whatever happens in between", async () => {
  await using shop = await openDriver(createWorker);
  await shop.push(ordersTopic, [order(1), order(2), order(3)]);
  await shop.crash();
  await shop.push(ordersTopic, [order(4)]);
  await shop.rebalance();
  await shop.push(ordersTopic, [order(5)]);
  assert.deepEqual(await shop.values(alertsTopic), [{ customerId: "ann", orders: 5 }]);
  assert.equal(await shop.table(orderCountsTable).get("ann"), 5);
});

test("a bad record stops its task", async () => {
  await using shop = await openDriver(createWorker);
  await shop.pushBytes(ordersTopic, { key: Buffer.from("ann"), value: Buffer.from("?") });
  await assert.rejects(shop.idle(), { code: "SG5030" });
});

interface Untyped {
  readonly counts: Table<"counts", { key: string; value: number; default: 0 }>;
}

test("fakes refuse what the types refuse", () => {
  // @ts-expect-error a table with a default needs it
  assert.equal(table<OrderCounts>([]).size, 0);
  // @ts-expect-error another type of value
  table<OrderCounts>([["ann", "four"]], 0);
  // @ts-expect-error a sink of another topic
  const wrong: Sink<Alerts> = sink<Orders>();
  assert.ok(wrong);
  // @ts-expect-error no order
  event<Orders>({ id: "1" });
  // @ts-expect-error no such key
  event<Orders>(order(1), { key: 5 });
  const right: Untyped = { counts: table<Untyped["counts"]>([["a", 1]], 0) };
  assert.equal(right.counts.get("b"), 0);
});
