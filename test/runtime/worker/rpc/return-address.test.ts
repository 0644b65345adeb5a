/** Where questions want their answers, in our headers and in Faust's. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import {
  countdownAskTopic,
  notesTopic,
  ordersTopic,
  priceAskTopic,
} from "../../../../fixtures/asking/in/generated/topics.ts";
import { createWorker } from "../../../../fixtures/asking/in/generated/worker.ts";
import { BatchWriter } from "../../../../runtime/log/batch-writer.ts";
import type { LogRecord } from "../../../../runtime/log/record.ts";

const order = { id: "a", customer: "eve", cents: 10 };

const makeTopic = (driver: Driver, name: string): Promise<void> =>
  driver.log.createTopics([
    { name, partitions: 1, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);

const headersOf = ({ headers }: LogRecord): Readonly<Record<string, string>> =>
  Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));

test("an answer has the question's id, and goes where the question says", async () => {
  await using shop = await openDriver(createWorker);
  await makeTopic(shop, "elsewhere");
  const headers = {
    "sg-reply-to": "elsewhere",
    "sg-reply-partition": "0",
    "sg-correlation-id": "question-1",
    trace: "abc",
  };
  await shop.push(priceAskTopic, [order, { ...order, cents: -1 }], { headers });
  const notes = await shop.records(notesTopic);
  const sent = [...shop.log.records("elsewhere")];
  const [answer, error, ...more] = sent.sort((a, b) => a.headers.length - b.headers.length);
  assert.ok(answer && error && more.length === 0);
  assert.deepEqual(headersOf(answer), { "sg-correlation-id": "question-1" });
  assert.deepEqual(headersOf(error), {
    "sg-correlation-id": "question-1",
    "sg-error": '{"name":"RangeError","message":"order a costs less than nothing"}',
  });
  assert.equal(error.value, null);
  // What the function sends has the question's own headers, and nothing of where its answer goes.
  const told = notes.find(({ value }) => value === "priced a");
  assert.deepEqual(Object.keys(told?.headers ?? {}), ["trace"]);
});

test("a question in Faust's headers is answered as Faust's agents answer", async () => {
  await using shop = await openDriver(createWorker);
  await makeTopic(shop, "f-reply-1");
  const headers = { "Faust-Ag-ReplyTo": "f-reply-1", "Faust-Ag-CorrelationId": "c-1" };
  await shop.push(countdownAskTopic, [2], { headers });
  await shop.idle();
  const [answer, ...more] = shop.log.records("f-reply-1");
  assert.ok(answer && more.length === 0);
  assert.equal(answer.key, null);
  assert.deepEqual(JSON.parse(String(answer.value)), {
    key: null,
    value: [2, 1, 0],
    correlation_id: "c-1",
    __faust: { ns: "@ReqRepResponse" },
  });
});

test("an answer that nobody can get is counted, and nothing waits for it", async () => {
  await using shop = await openDriver(createWorker);
  for (const [topic, partition] of [
    ["nowhere", "0"],
    ["shop-answers", "99"],
    ["shop-answers", "x"],
  ] as const) {
    const headers = {
      "sg-reply-to": topic,
      "sg-reply-partition": partition,
      "sg-correlation-id": "1",
    };
    await shop.push(priceAskTopic, [order], { headers });
  }
  await shop.idle();
  const lost = shop.lines.filter(({ text }) => text === "an answer could not be sent");
  assert.equal(lost.length, 3);
});

test("a question that cannot be read is answered by an error", async () => {
  await using shop = await openDriver(createWorker);
  await makeTopic(shop, "elsewhere");
  const batch = new BatchWriter();
  batch.begin(shop.now, null).append(Buffer.from('"many"'));
  batch.header(Buffer.from("sg-reply-to"), Buffer.from("elsewhere"));
  batch.header(Buffer.from("sg-correlation-id"), Buffer.from("1"));
  batch.end();
  const producer = await shop.log.producer({});
  await producer.send({ topic: countdownAskTopic.name, partition: 0 }, batch);
  await shop.idle();
  const [answer] = shop.log.records("elsewhere");
  assert.match(headersOf(answer ?? assert.fail())["sg-error"] ?? "", /expected a (whole )?number/);
});

test("a question has the headers of the record that led to it", async () => {
  await using shop = await openDriver(createWorker);
  await shop.push(ordersTopic, [order], { headers: { trace: "abc" } });
  await shop.idle();
  const question = shop.log.records(priceAskTopic.name).find(({ headers }) => headers.length > 1);
  const names = Object.keys(headersOf(question ?? assert.fail())).sort();
  assert.deepEqual(names, ["sg-correlation-id", "sg-reply-partition", "sg-reply-to", "trace"]);
  const told = (await shop.records(notesTopic)).find(({ value }) => value === "priced a");
  assert.deepEqual(Object.keys(told?.headers ?? {}), ["trace"]);
});
