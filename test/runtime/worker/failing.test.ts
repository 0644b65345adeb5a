/** Generated code runs: payments that are tried again, put aside, refused, and that nobody can read. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  deadPaymentsTopic,
  paymentsTopic,
  receiptsTopic,
  refusedTopic,
} from "../../../fixtures/failing/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/failing/in/generated/worker.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { LogRecord } from "../../../runtime/log/record.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const header = ({ headers }: LogRecord, name: string): string =>
  String(headers.find(([each]) => each === `sg-dlq-${name}`)?.[1]);

test("what fails is tried again, and ends where its function says", async () => {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  await log.createTopics([
    {
      ...{ name: "payments", partitions: 2, replicas: 1, cleanup: "delete" },
      ...{ retentionMs: -1, config: {} },
    },
  ]);
  const producer = await createProducer(paymentsTopic, settings);
  for (const [id, account, cents] of [
    ["p-1", "anna", 100],
    ["p-2", "flaky-1", 50],
    ["p-3", "broken-1", 70],
    ["p-4", "anna", -100],
    ["p5", "bert", -5],
    ["p-6", "flaky-1", 25],
  ] as const) {
    await producer.send({ id, account, cents });
  }
  const batch = new BatchWriter();
  batch.begin(clock.now(), Buffer.from("anna")).append(Buffer.from("no JSON"));
  batch.end();
  await (await log.producer({})).send({ topic: "payments", partition: 1 }, batch);
  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  await clock.advance(10_000);
  await worker.idle();

  const receipts: string[] = [];
  for await (const { value } of readTopic(receiptsTopic, settings)) {
    if (value !== null) receipts.push(`${value.id} ${value.total}`);
  }
  assert.deepEqual(receipts.sort(), [
    ...["p-1 100", "p-2 50", "p-4 -1", "p-4 0", "p-6 75", "p5 -1", "p5 -5"],
  ]);
  const refused = log.records(refusedTopic.name).map(({ value }) => String(value));
  assert.deepEqual(refused.sort(), [
    "no JSON",
    '{"id":"p-4","account":"anna","cents":-100}',
    '{"id":"p5","account":"bert","cents":-5}',
  ]);
  const dead = log.records(deadPaymentsTopic.name).map((letter) => {
    const [topic, agent, attempts, code] = ["topic", "agent", "attempts", "code"].map((name) =>
      header(letter, name),
    );
    return `${topic} ${agent} ${attempts} ${code} ${letter.value}`;
  });
  assert.deepEqual(dead.sort(), [
    'failing-file-id-repartition file 1 SG8020 {"id":"p5","account":"bert","cents":-5}',
    "payments pay 0 SG5007 no JSON",
    'payments pay 4 SG8020 {"id":"p-3","account":"broken-1","cents":70}',
    "payments.refused fileRepartition 0 SG5007 no JSON",
  ]);
  await worker.stop();
});
