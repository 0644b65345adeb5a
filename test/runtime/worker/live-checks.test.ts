/** Live checks, as they are generated: probes that travel through a pipeline, and what is reported. */
import assert from "node:assert/strict";
import test from "node:test";
import { type CheckReport, readReports } from "@streamgen/runtime";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import {
  checkReportsTopic,
  invoicesTopic,
  ordersTopic,
} from "../../../fixtures/checks/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/checks/in/generated/worker.ts";
import { setCents } from "../../../fixtures/checks/in/src/shop.ts";

async function reports(driver: Driver): Promise<readonly CheckReport[]> {
  await driver.idle();
  const found: CheckReport[] = [];
  const settings = { log: driver.log, now: () => driver.now };
  for await (const report of readReports(checkReportsTopic, settings)) found.push(report);
  return found.sort((a, b) => a.at - b.at);
}

const commits = { commitIntervalMs: 1000 };

for (const workers of [1, 3]) {
  test(`a probe that comes through passes, in one of ${workers} workers`, async () => {
    setCents(100);
    await using shop = await openDriver(createWorker, { ...commits, workers });
    await shop.advance("150s");
    const list = await reports(shop);
    assert.deepEqual(
      list.map(({ check, outcome, seen }) => ({ check, outcome, seen })),
      [1, 2].map(() => ({
        ...{ check: "ordersAreInvoiced", outcome: "pass", seen: ["paid", "invoices"] },
      })),
    );
    for (const { probe } of list) {
      const orders = await shop.records(ordersTopic);
      const sent = orders.find(({ value }) => value?.id === probe);
      assert.equal(String(sent?.headers["sg-probe"]), probe);
    }
  });
}

test("what is not the probe's own passes no check", async () => {
  setCents(0);
  await using shop = await openDriver(createWorker, commits);
  await shop.push(ordersTopic, [{ id: "real", customer: "eve", cents: 100 }]);
  await shop.advance("90s");
  assert.equal((await shop.values(invoicesTopic)).length, 1);
  const [report] = await reports(shop);
  const { outcome, seen, tookMs, waitedFor } = report ?? assert.fail();
  assert.deepEqual(
    { outcome, seen, tookMs, waitedFor },
    { outcome: "timeout", seen: [], tookMs: 20_000, waitedFor: "paid" },
  );
});

test("a report says how far the probe came, and what was wrong", async () => {
  setCents(2000);
  await using shop = await openDriver(createWorker, commits);
  await shop.advance("90s");
  setCents(7);
  await shop.advance("1m");
  const [stopped, wrong] = await reports(shop);
  assert.equal(stopped?.outcome, "timeout");
  assert.deepEqual(stopped?.seen, ["paid"]);
  assert.equal(stopped?.waitedFor, "invoices");
  assert.equal(wrong?.outcome, "fail");
  assert.deepEqual(wrong?.error, { name: "RangeError", message: "the invoice is about 8" });
  const told = shop.lines.filter(({ text }) => text === "a live check did not pass");
  assert.equal(told.length, 2);
});

test("checks go on in another worker when the leader is gone", async () => {
  setCents(100);
  await using shop = await openDriver(createWorker, { ...commits, workers: 2 });
  await shop.advance("90s");
  await shop.crash({ restart: false });
  await shop.advance("2m");
  const list = await reports(shop);
  assert.ok(list.length >= 2, `${list.length} reports`);
  assert.ok(list.every(({ outcome }) => outcome === "pass"));
});

test("a worker that stops says nothing of a check that was under way", async () => {
  setCents(0);
  await using shop = await openDriver(createWorker, commits);
  await shop.advance("61s");
  await shop.stopWorker();
  const settings = { log: shop.log, now: () => shop.now };
  for await (const report of readReports(checkReportsTopic, settings)) assert.fail(report.outcome);
});
