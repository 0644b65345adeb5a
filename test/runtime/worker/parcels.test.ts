/** Generated code runs: a table by prefixes, over the embedded log. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { arrivalsTopic, weightsTopic } from "../../../fixtures/parcels/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/parcels/in/generated/worker.ts";
import type { Arrival, Weight } from "../../../fixtures/parcels/in/src/parcels.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const start = 1_700_000_000_000;

function arrival(parcel: string, depot: string, grams: number, minute: number): Arrival {
  return { parcel, depot, grams, at: new Date(start + minute * 60_000) };
}

test("a prefix finds the parcels of a country", async () => {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  await log.createTopics([
    {
      ...{ name: "arrivals", partitions: 2, replicas: 1 },
      ...{ cleanup: "delete", retentionMs: -1, config: {} },
    },
  ]);
  const settings = { log, registry, now: clock.now };
  const producer = await createProducer(arrivalsTopic, settings);
  await producer.send(arrival("DE-1", "Ulm", 5, 0));
  await producer.send(arrival("DE-2", "Ulm", 6, 1));
  await producer.send(arrival("AT-1", "Linz", 7, 2));
  await producer.send(arrival("DE-1", "Bonn", 8, 3));
  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  await worker.idle();
  await clock.advance(60_000);
  await worker.idle();
  const found: Weight[] = [];
  for await (const { value } of readTopic(weightsTopic, settings)) {
    if (value !== null) found.push(value);
  }
  const sum = (country: string): number =>
    found.filter((one) => one.country === country).reduce((all, { grams }) => all + grams, 0);
  assert.equal(sum("DE"), 14);
  assert.equal(sum("AT"), 7);
  await worker.stop();
});
