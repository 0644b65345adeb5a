/** Generated code with changes runs: accounts as a topic, tiers made of them, sets and windows that tell. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type TopicSpec } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  accountsTopic,
  burstsTopic,
  paymentsTopic,
  tiersTopic,
  visitsTopic,
} from "../../../fixtures/changes/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/changes/in/generated/worker.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const base = 1_700_000_040_000;

test("what is written is told once it is committed: rows, elements, windows, and tables made of them", async () => {
  const { log, clock } = stillLog();
  await clock.advance(base + 3_600_000 - clock.now());
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  await log.createTopics([
    {
      name: "payments",
      partitions: 2,
      replicas: 1,
      cleanup: "delete",
      retentionMs: -1,
      config: {},
    },
  ]);
  const producer = await createProducer(paymentsTopic, settings);
  const pay = async (customer: string, shop: string, amount: number, second: number) => {
    const at = new Date(base + second * 1000);
    await producer.send({ customer, shop, amount, at });
  };
  const worker = createWorker({ log, clock, registry, logger: silent });
  const values = async <V>(topic: TopicSpec<string, V>) => {
    const found: { key: string | null; value: V | null; timestamp: number }[] = [];
    for await (const { key, timestamp, value } of readTopic(topic, settings)) {
      found.push({ key, value, timestamp });
    }
    return found;
  };
  await pay("ann", "bakery", 30, 1);
  await pay("ann", "kiosk", 40, 2);
  await pay("ann", "kiosk", 50, 3);
  await worker.start();
  await worker.idle();
  const account = { customer: "ann", spent: 120 };
  const timestamp = base + 3000;
  assert.deepEqual(await values(accountsTopic), [{ key: "ann", value: account, timestamp }]);
  assert.deepEqual(
    (await values(tiersTopic)).map(({ value }) => value),
    [{ customer: "ann", tier: "gold" }],
  );
  assert.deepEqual(
    (await values(visitsTopic)).map(({ value }) => value?.shops),
    [2, 2],
  );
  assert.deepEqual(
    (await values(burstsTopic)).map(({ value }) => value),
    [{ customer: "ann", from: new Date(base), payments: 3 }],
  );
  await pay("ann", "kiosk", -120, 4);
  await worker.idle();
  assert.deepEqual((await values(accountsTopic)).at(-1), {
    ...{ key: "ann", value: null },
    timestamp: base + 4000,
  });
  assert.deepEqual((await values(tiersTopic)).at(-1)?.value, { customer: "ann", tier: "basic" });
  assert.equal((await values(visitsTopic)).length, 2);
  await worker.stop();
});
