/** Tables of topics on a real broker: a global one, restored before the first record and kept up after it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createProducer, type Worker } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { paymentsTopic, ratesTopic } from "../../fixtures/rates/in/generated/topics.ts";
import { createWorker } from "../../fixtures/rates/in/generated/worker.ts";
import { silent } from "../runtime/worker/small.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";

const skip = withoutKafka();

async function rateOf(worker: Worker, currency: string): Promise<unknown> {
  const request = { method: "GET", path: `/rates/${currency}`, query: "", headers: {} };
  const { body } = await worker.handle({ ...request, body: new Uint8Array(0) });
  return JSON.parse(Buffer.from(body).toString()).perEuro;
}

test("a global table is whole on each of two workers, and follows its topic", {
  skip,
}, async () => {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), async ({ log }) => {
    const topic = (name: string, partitions: number, cleanup: "compact" | "delete") => ({
      ...{ name, partitions, replicas: 1, cleanup, retentionMs: -1, config: {} },
    });
    await log.createTopics([topic("rates", 3, "compact"), topic("payments", 2, "delete")]);
    const registry = modelRegistry();
    const settings = { log, registry, now: Date.now };
    const rates = await createProducer(ratesTopic, settings);
    const currencies = ["USD", "SEK", "NOK", "GBP", "JPY", "CHF"];
    for (const [index, currency] of currencies.entries()) {
      await rates.send({ currency, perEuro: index + 1, region: "north" });
    }
    const payments = await createProducer(paymentsTopic, settings);
    await payments.send({ customerId: "ann", amount: 100, currency: "SEK" });
    const workers = ["one", "two"].map((instance) =>
      createWorker({
        ...{ log, registry, instance, logger: silent, delivery: "at-least-once" },
      }),
    );
    try {
      await Promise.all(workers.map((worker) => worker.start()));
      for (const worker of workers) {
        for (const [index, currency] of currencies.entries()) {
          assert.equal(await rateOf(worker, currency), index + 1);
        }
      }
      await rates.send({ currency: "USD", perEuro: 7, region: "north" });
      for (const worker of workers) {
        for (let round = 0; (await rateOf(worker, "USD")) !== 7; round += 1) {
          assert.ok(round < 200, "the table does not follow its topic");
          await pause(100);
        }
      }
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all([rates.close(), payments.close()]);
    }
  });
});
