/** examples/streams: the forms that a stream has, each in a file of its own. */
import assert from "node:assert/strict";
import test from "node:test";
import { batch, context, event, openDriver, sink, stream } from "@streamgen/runtime/testing";
import * as topics from "../../examples/streams/generated/topics.ts";
import { createWorker } from "../../examples/streams/generated/worker.ts";
import {
  type Payment,
  type Payments,
  type Settled,
  settle,
} from "../../examples/streams/src/acknowledge.ts";
import { type Clicks, hundreds } from "../../examples/streams/src/batches.ts";
import type { Step, Steps } from "../../examples/streams/src/iterate.ts";
import { logEvents, logItems, logNumbers, logShort } from "../../examples/streams/src/iterate.ts";

test("raw: bytes are passed on as they are, and visits go through two functions", async () => {
  await using streams = await openDriver(createWorker);
  const [small, large] = [Buffer.from("small"), Buffer.alloc(2000)];
  await streams.push(topics.uploadsTopic, [small, large], { key: "a" });
  const [upload, ...more] = await streams.records(topics.archiveTopic);
  assert.deepEqual([upload?.key, Buffer.from(upload?.value ?? [])], ["a", small]);
  assert.deepEqual(more, []);
  await streams.pushBytes(topics.visitsTopic, { key: null, value: Buffer.from('{"page":"/"}') });
  assert.deepEqual(await streams.values(topics.knownVisitsTopic), [
    { page: "/", language: "en", client: "web" },
  ]);
});

test("fan-out: both functions get each record, and fail for themselves", async () => {
  await using streams = await openDriver(createWorker);
  await streams.push(topics.allNewsTopic, [{ headline: "one" }, { headline: "" }]);
  await streams.idle();
  const read = streams.lines
    .filter(({ text }) => text === "A" || text === "B")
    .map(({ text, fields }) => `${text} ${fields["headline"]}`);
  assert.deepEqual(read, ["A one", "B one", "A "]);
  assert.equal(streams.skipped.length, 1);
});

const payment = (more: Partial<Payment>): Payment => ({
  ...{ id: "1", amount: 5, state: "settled" },
  ...more,
});

test("acknowledge: what is refused, put off and passed on", async () => {
  const settled = sink<Settled>();
  const pending = event<Payments>(payment({ state: "pending" }));
  settle(pending, settled);
  assert.deepEqual(pending.outcome, { kind: "nack", delay: "30s" });
  settle(event<Payments>(payment({})), settled);
  assert.deepEqual(settled.sent, [payment({})]);
  await using streams = await openDriver(createWorker);
  await streams.push(topics.paymentsTopic, [payment({ amount: 0 }), payment({ id: "2" })]);
  assert.deepEqual(await streams.values(topics.settledTopic), [payment({ id: "2" })]);
  const confirmed = streams.lines.filter(({ text }) => text === "confirmed");
  assert.deepEqual(confirmed.map(({ fields }) => fields["id"]).sort(), ["1", "2"]);
  const [refused] = await streams.records(topics.refusedTopic);
  assert.match(String(refused?.headers["sg-dlq-message"]), /nothing to pay/);
});

const time = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

test("merge: two topics in the order of their times", async () => {
  // Both topics are there before anybody reads them: records are merged as far as they have come.
  await using streams = await openDriver(createWorker, { workers: 0 });
  await streams.push(topics.payoutsTopic, [{ account: "ann", at: time(2), paid: 30 }]);
  await streams.push(topics.depositsTopic, [
    { account: "ann", at: time(1), deposited: 50 },
    { account: "ann", at: time(3), deposited: 5 },
  ]);
  await streams.startWorker();
  const amounts = (await streams.values(topics.statementsTopic)).map(({ amount }) => amount);
  assert.deepEqual(amounts, [50, 20, 25]);
  assert.deepEqual(await streams.values(topics.journalTopic), [
    "deposits of ann",
    "payouts of ann",
    "deposits of ann",
  ]);
});

test("regroup: by a field, and by what a function makes of the value", async () => {
  await using streams = await openDriver(createWorker);
  await streams.push(topics.purchasesTopic, [
    { id: "1", account: "ann", amount: 10, place: "DE-10115" },
    { id: "2", account: "bob", amount: 20, place: "DE-20095" },
    { id: "3", account: "ann", amount: 30, place: "FR-75001" },
  ]);
  const spent = new Map(
    (await streams.values(topics.spentByAccountTopic)).map((one) => [one.account, one.amount]),
  );
  assert.deepEqual([...spent].sort(), [
    ["ann", 40],
    ["bob", 20],
  ]);
  const sold = new Map(
    (await streams.values(topics.soldByCountryTopic)).map((one) => [one.country, one.purchases]),
  );
  assert.deepEqual([...sold].sort(), [
    ["DE", 2],
    ["FR", 1],
  ]);
});

const steps = (...texts: readonly string[]): Step[] => texts.map((text) => ({ text }));

test("iterate: values, items, events, numbers, operators", async () => {
  const ctx = context();
  const place = (_: Step, index: number) => ({ key: `k${index}`, headers: { source: "test" } });
  const given = () => stream<Steps>(steps("go on", "stop"), place);
  await logItems(given(), ctx);
  await logEvents(given(), ctx);
  await logNumbers(given(), ctx);
  await logShort(given(), ctx);
  assert.deepEqual(ctx.lines, [
    "info item key=k0 text=go on",
    "info item key=k1 text=stop",
    "info event key=k0 text=go on partition=0 offset=0 source=test",
    "info event key=k1 text=stop partition=0 offset=1 source=test",
    "info step number=1 text=go on",
    "info step number=2 text=stop",
    "info short word=go",
    "info short word=on",
  ]);
  await using streams = await openDriver(createWorker);
  await streams.push(topics.stepsTopic, steps("a"), { key: "k" });
  await streams.idle();
  const texts = streams.lines.filter(({ fields }) => "text" in fields).map(({ text }) => text);
  assert.deepEqual(texts.sort(), ["event", "item", "step", "value"]);
});

test("batches: exactly so many, or those that came in ten seconds", async () => {
  const clicks = Array.from({ length: 150 }, (_, number) => ({
    page: `/${number % 3}`,
    user: "ann",
  }));
  const found: unknown[] = [];
  for await (const one of hundreds(stream<Clicks>(clicks.slice(0, 100)))) found.push(one);
  assert.deepEqual(found, [{ clicks: 100, pages: 3 }]);
  assert.equal(batch<Clicks>(clicks)[149]?.offset, 149n);
  await using streams = await openDriver(createWorker);
  await streams.push(topics.clicksTopic, clicks);
  await streams.advance("10s");
  assert.deepEqual(
    (await streams.values(topics.hundredsTopic)).map((one) => one.clicks),
    [100],
  );
  assert.deepEqual(
    (await streams.values(topics.recentsTopic)).map((one) => one.clicks),
    [100, 50],
  );
  const inserts = (await streams.values(topics.insertsTopic)).map(
    (text) => text.split("), ").length,
  );
  assert.deepEqual(inserts, [100, 50]);
});
