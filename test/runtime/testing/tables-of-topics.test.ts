/** Tables of topics in users' tests: as fakes, and in the driver. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver, sink, table } from "@streamgen/runtime/testing";
import { customerRowsTable } from "../../../fixtures/customers/in/generated/tables.ts";
import {
  customersTopic,
  enrichedOrdersTopic,
  ordersTopic,
} from "../../../fixtures/customers/in/generated/topics.ts";
import { createWorker as joining } from "../../../fixtures/customers/in/generated/worker.ts";
import {
  type Customer,
  type CustomerRows,
  enrich,
  type Reports,
  report,
} from "../../../fixtures/customers/in/src/customers.ts";
import { rateRowsTable } from "../../../fixtures/rates/in/generated/tables.ts";
import {
  convertedPaymentsTopic,
  paymentsTopic,
  ratesTopic,
} from "../../../fixtures/rates/in/generated/topics.ts";
import { createWorker as converting } from "../../../fixtures/rates/in/generated/worker.ts";
import { convert, type RateRows } from "../../../fixtures/rates/in/src/rates.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const customer = (id: string, city: string): Customer => ({
  ...{ id, name: `Name of ${id}`, city, tier: "gold", since: at(0) },
});

test("a fake is typed by the topic's keys and values, and found by fields", () => {
  const customers = table<CustomerRows>([
    ["a", customer("a", "Ulm")],
    ["b", customer("b", "Bonn")],
    ["c", customer("c", "Ulm")],
  ]);
  const order = { customerId: "a", amount: 1, placedAt: at(1) };
  assert.deepEqual(enrich(order, customers), {
    ...{ customerId: "a", amount: 1, name: "Name of a", isGold: true },
  });
  assert.equal(enrich({ ...order, customerId: "d" }, customers).name, "");
  const reports = sink<Reports>();
  report({ at: 0, partition: 0 }, customers, reports);
  assert.deepEqual(reports.sent, [{ city: "Ulm", customers: 2 }]);
  assert.deepEqual(
    [...customers.by("city", "Ulm")].map(([key]) => key),
    ["a", "c"],
  );
});

test("a global one is a table like any other", () => {
  const rates = table<RateRows>([["USD", { currency: "USD", perEuro: 2, region: "else" }]]);
  const payment = { customerId: "ann", amount: 10, currency: "USD" };
  assert.deepEqual(convert(payment, rates), { customerId: "ann", euros: 5 });
  assert.equal(convert({ ...payment, currency: "SEK" }, rates), undefined);
});

test("the driver joins by time, and reads the rows, whatever crashes and moves", async () => {
  await using shop = await openDriver(joining);
  await shop.push(customersTopic, [customer("a", "Ulm"), customer("b", "Bonn")]);
  await shop.push(ordersTopic, [{ customerId: "a", amount: 7, placedAt: at(1) }]);
  await shop.crash();
  await shop.pushTombstone(customersTopic, "b");
  await shop.rebalance();
  await shop.push(ordersTopic, [{ customerId: "b", amount: 8, placedAt: at(60 * 24 * 365) }]);
  const enriched = (await shop.values(enrichedOrdersTopic)).filter(({ isGold }) => isGold);
  assert.deepEqual(
    enriched.map(({ amount }) => amount),
    [7],
  );
  assert.deepEqual([...(await shop.table(customerRowsTable).rows()).keys()], ["a"]);
});

test("the driver reads a global table once, however many workers have it", async () => {
  await using bank = await openDriver(converting, { workers: 2 });
  await bank.push(ratesTopic, [
    { currency: "USD", perEuro: 2, region: "else" },
    { currency: "SEK", perEuro: 10, region: "north" },
  ]);
  await bank.idle();
  await bank.push(paymentsTopic, [
    { customerId: "ann", amount: 10, currency: "SEK" },
    { customerId: "bob", amount: 10, currency: "USD" },
  ]);
  const converted = await bank.values(convertedPaymentsTopic);
  assert.deepEqual(converted.map(({ euros }) => euros).sort(), [1, 5]);
  const rows = await bank.table(rateRowsTable).rows();
  assert.deepEqual([...rows.keys()].sort(), ["SEK", "USD"]);
});
