/** The driver that users' tests run their pipelines with. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Driver, type DriverOptions, openDriver } from "@streamgen/runtime/testing";
import {
  areaTotalsTable,
  customerTotalsTable,
  namesTable,
} from "../../../fixtures/agents/in/generated/tables.ts";
import * as agents from "../../../fixtures/agents/in/generated/topics.ts";
import { createWorker as createAgents } from "../../../fixtures/agents/in/generated/worker.ts";
import { orderCountsTable } from "../../../fixtures/shop/in/generated/tables.ts";
import {
  alertsTopic,
  largeOrdersTopic,
  ordersTopic,
} from "../../../fixtures/shop/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/shop/in/generated/worker.ts";
import type { Order } from "../../../fixtures/shop/in/src/shop.ts";
import { answersTopic, callsTopic } from "../../../fixtures/tally/in/generated/topics.ts";
import { createWorker as createTally } from "../../../fixtures/tally/in/generated/worker.ts";

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

const orders = (count: number, more: Partial<Order> = {}): readonly Order[] =>
  Array.from({ length: count }, (_, number) => order(number, more));

const open = (options: DriverOptions = {}): Promise<Driver> => openDriver(createWorker, options);

test("what is pushed comes out, typed and in order", async () => {
  const shop = await open();
  await shop.push(ordersTopic, [
    order(1, { customerId: "bob", amount: 200, items: 2 }),
    order(2, { amount: 300 }),
    order(3, { customerId: "cyd", amount: 400 }),
  ]);
  const totals = (await shop.values(largeOrdersTopic)).map(({ total }) => total);
  assert.deepEqual(totals, [400, 300, 400]);
  assert.equal(await shop.table(orderCountsTable).get("bob"), 1);
  assert.equal(await shop.table(orderCountsTable).get("nobody"), 0);
  assert.deepEqual((await shop.table(orderCountsTable).rows()).size, 3);
  await shop.close();
});

test("records come with their keys, times and places", async () => {
  await using shop = await open();
  await shop.push(ordersTopic, [order(1, { amount: 200 })], { headers: { trace: "t-1" } });
  const [record] = await shop.records(largeOrdersTopic);
  assert.deepEqual(record, {
    key: order(1).id,
    value: { id: order(1).id, total: 200 },
    timestamp: order(1).placedAt.getTime(),
    headers: { trace: "t-1" },
    partition: record?.partition,
    offset: 0,
  });
});

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`a crash loses and repeats nothing of what a table says, ${delivery}`, async () => {
    await using shop = await open({ delivery });
    await shop.push(ordersTopic, orders(3));
    await shop.idle();
    await shop.push(ordersTopic, orders(3));
    await shop.crash();
    assert.equal(await shop.table(orderCountsTable).get("ann"), 6);
    assert.deepEqual(await shop.values(alertsTopic), [{ customerId: "ann", orders: 5 }]);
  });

  test(`crashes and rebalances between any two records change nothing, ${delivery}`, async () => {
    await using shop = await open({ delivery, workers: 2 });
    const customers = ["ann", "bob", "cyd", "dan"];
    for (const number of Array(10).keys()) {
      await shop.push(
        ordersTopic,
        customers.map((customerId) => order(number, { customerId })),
      );
      if (number % 3 === 0) await shop.rebalance();
      if (number % 3 === 1) await shop.crash();
      if (number % 3 === 2) {
        await shop.startWorker();
        await shop.crash({ restart: false });
      }
    }
    const rows = await shop.table(orderCountsTable).rows();
    assert.deepEqual(
      [...rows].sort(),
      customers.map((customer) => [customer, 10]),
    );
    const alerts = await shop.values(alertsTopic);
    assert.equal(alerts.length, 2 * customers.length);
  });
}

test("timers tick as the clock is turned, and not before", async () => {
  await using shop = await open();
  const ticks = (): number => shop.lines.filter(({ text }) => text === "customers").length;
  const start = shop.now;
  await shop.advance("9s");
  assert.equal(ticks(), 0);
  await shop.advance("1s");
  assert.equal(ticks(), 6);
  assert.equal(shop.now, start + 10_000);
  await shop.advance("1h");
  assert.equal(ticks(), 6 * 361);
});

test("a worker that waits for records does not take the log for away; one that is refused does", async () => {
  await using shop = await open({ workers: 2 });
  const told = (): readonly string[] =>
    shop.lines.filter(({ text }) => text.startsWith("the log ")).map(({ level }) => level);
  await shop.push(ordersTopic, orders(2));
  await shop.advance("5m");
  assert.deepEqual(told(), []);
  shop.log.faults.decide = ({ kind }) => (kind === "poll" ? "refuse" : undefined);
  await shop.push(ordersTopic, orders(2));
  await shop.advance("20s");
  assert.ok(told().includes("warn"));
});

test("what was pushed is processed before the clock is turned", async () => {
  await using shop = await open();
  await shop.push(ordersTopic, orders(2));
  await shop.advance("10s");
  const counts = shop.lines.flatMap(({ fields }) => fields["count"] ?? []);
  assert.equal(
    counts.reduce((sum: number, count) => sum + Number(count), 0),
    1,
  );
});

test("an error of the worker's is the test's", async () => {
  const shop = await open();
  await shop.pushBytes(ordersTopic, { key: Buffer.from("ann"), value: Buffer.from("?") });
  await assert.rejects(shop.idle(), { name: "StreamgenError" });
  await assert.rejects(shop.values(alertsTopic), { name: "StreamgenError" });
  await shop.close();
});

test("an error that nobody asked about is thrown by close", async () => {
  const shop = await open();
  await shop.pushBytes(ordersTopic, { key: Buffer.from("ann"), value: Buffer.from("?") });
  await assert.rejects(shop.close(), { name: "StreamgenError" });
});

test("functions that await something outside are waited for", async () => {
  await using tally = await openDriver(createTally);
  await tally.push(callsTopic, [
    { key: "a", number: 1 },
    { key: "a", number: 2 },
  ]);
  const answers = await tally.values(answersTopic);
  assert.deepEqual(
    answers.map(({ count }) => count),
    [1, 2],
  );
});

test("a function that never returns is said to be so", async () => {
  const tally = await openDriver(createTally, { patienceMs: 20 });
  await tally.push(callsTopic, [{ key: "nobody", number: 1 }]);
  await assert.rejects(tally.idle(), { code: "SG8701" });
  await tally.close();
});

test("tombstones, keys beside values, repartitioning and start functions", async () => {
  await using program = await openDriver(createAgents);
  const { profilesTopic, ordersTopic, auditTopic, totalsTopic } = agents;
  await program.push(profilesTopic, [{ name: "Ann" }], { key: "ann" });
  await program.push(profilesTopic, [{ name: "Bob" }], { key: "bob" });
  await program.pushTombstone(profilesTopic, "ann");
  const names = await program.table(namesTable).rows();
  assert.deepEqual(names, new Map([["bob", { name: "Bob" }]]));
  const at = new Date(program.now);
  const sale = { id: order(1).id, customer: "bob", area: "North", amount: 5, at };
  await program.push(ordersTopic, [sale, { ...sale, amount: 7, area: "NORTH" }]);
  assert.deepEqual(
    (await program.values(totalsTopic)).map(({ total }) => total),
    [5, 12],
  );
  assert.equal(await program.table(customerTotalsTable).get("bob"), 12);
  assert.equal(await program.table(areaTotalsTable).get("north"), 12);
  const audit = await program.values(auditTopic);
  assert.deepEqual(audit.slice(0, 1), ["start app"]);
  assert.ok(audit.includes(`${sale.id} Bob`));
  await assert.rejects(program.push(profilesTopic, [{ name: "Cyd" }]), { code: "SG8041" });
});

test("the same calls give the same run", async () => {
  const run = async (): Promise<unknown> => {
    await using shop = await open({ workers: 2 });
    await shop.push(ordersTopic, orders(7, { amount: 500 }));
    await shop.crash();
    await shop.advance("1m");
    return [await shop.records(alertsTopic), await shop.records(largeOrdersTopic), shop.lines];
  };
  assert.deepEqual(await run(), await run());
});

test("a table without a worker, a closed driver and a wrong span are refused", async () => {
  const shop = await open();
  await shop.stopWorker();
  await assert.rejects(shop.table(orderCountsTable).get("ann"), { code: "SG8703" });
  await assert.rejects(shop.crash(), { code: "SG8703" });
  // A program without types may say anything.
  const wrong = JSON.parse('"10 minutes"');
  await assert.rejects(shop.advance(wrong), { code: "SG8401" });
  await shop.close();
  await shop.close();
  await assert.rejects(shop.idle(), { code: "SG8703" });
});
