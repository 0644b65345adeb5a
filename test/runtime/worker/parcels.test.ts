/** Generated code runs: a table by prefixes and by fields, and a table of sets, over the embedded log. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type TopicRecord } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  arrivalsTopic,
  closingsTopic,
  deliveriesTopic,
  detoursTopic,
  movesTopic,
  weightsTopic,
} from "../../../fixtures/parcels/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/parcels/in/generated/worker.ts";
import type { Arrival } from "../../../fixtures/parcels/in/src/parcels.ts";
import type { TopicSettings } from "../../../runtime/log/log.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const start = 1_700_000_000_000;

function arrival(parcel: string, depot: string, grams: number, minute: number): Arrival {
  return { parcel, depot, grams, at: new Date(start + minute * 60_000) };
}

const input = (name: string): TopicSettings => ({
  ...{ name, partitions: 2, replicas: 1 },
  ...{ cleanup: "delete", retentionMs: -1, config: {} },
});

async function values<V>(records: AsyncIterable<TopicRecord<string, V>>): Promise<V[]> {
  const found: V[] = [];
  for await (const { value } of records) if (value !== null) found.push(value);
  return found;
}

async function open() {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  await log.createTopics([input("arrivals"), input("deliveries"), input("closings")]);
  const settings = { log, registry, now: clock.now };
  const arrivals = await createProducer(arrivalsTopic, settings);
  const deliveries = await createProducer(deliveriesTopic, settings);
  const closings = await createProducer(closingsTopic, settings);
  const worker = createWorker({ log, clock, registry, logger: silent });
  return { settings, arrivals, deliveries, closings, worker, clock };
}

test("prefixes find the parcels of a country, and sets the depots that they have seen", async () => {
  const { settings, arrivals, worker, clock } = await open();
  await arrivals.send(arrival("DE-1", "Ulm", 5, 0));
  await arrivals.send(arrival("DE-2", "Ulm", 6, 1));
  await arrivals.send(arrival("AT-1", "Linz", 7, 2));
  await arrivals.send(arrival("DE-1", "Bonn", 8, 3));
  await worker.start();
  await worker.idle();
  await clock.advance(60_000);
  await worker.idle();
  const found = await values(readTopic(weightsTopic, settings));
  const sum = (country: string): number =>
    found.filter((one) => one.country === country).reduce((all, { grams }) => all + grams, 0);
  assert.equal(sum("DE"), 2 * 8 + 6);
  assert.equal(sum("AT"), 7);
  await worker.stop();
});

test("a parcel that comes to a depot again is told of, until it is delivered", async () => {
  const { settings, arrivals, deliveries, worker, clock } = await open();
  await arrivals.send(arrival("DE-1", "Ulm", 5, 0));
  await arrivals.send(arrival("DE-1", "Bonn", 5, 1));
  await arrivals.send(arrival("DE-1", "Ulm", 5, 2));
  await worker.start();
  await worker.idle();
  await clock.advance(3_600_000);
  await worker.idle();
  await deliveries.send({ parcel: "DE-1", at: new Date(start + 180_000) });
  await worker.idle();
  await arrivals.send(arrival("DE-1", "Bonn", 5, 4));
  await worker.idle();
  const depots = ["Bonn", "Ulm"];
  const found = await values(readTopic(detoursTopic, settings));
  const byName = found.sort((a, b) => (a.parcel < b.parcel ? -1 : 1));
  assert.deepEqual(byName, [
    { parcel: "DE-1", depots },
    { parcel: "audit", depots },
  ]);
  await worker.stop();
});

test("parcels are found by the depot where they are, and by an optional number", async () => {
  const { settings, arrivals, closings, worker, clock } = await open();
  await arrivals.send({ ...arrival("DE-1", "Ulm", 5, 0), customs: 7 });
  await arrivals.send(arrival("DE-2", "Ulm", 5, 0));
  await arrivals.send(arrival("DE-3", "Bonn", 5, 1));
  await arrivals.send(arrival("DE-2", "Bonn", 5, 2));
  await worker.start();
  await worker.idle();
  // One for each partition: a task finds its own parcels.
  for (const partition of [0, 1]) await closings.send({ depot: "Bonn" }, { partition });
  await worker.idle();
  const moved = await values(readTopic(movesTopic, settings));
  assert.deepEqual(moved.map(({ parcel }) => parcel).sort(), ["DE-2", "DE-3"]);
  await clock.advance(3_600_000);
  await worker.idle();
  for (const partition of [0, 1]) await closings.send({ depot: "Ulm" }, { partition });
  await worker.idle();
  const all = await values(readTopic(movesTopic, settings));
  assert.deepEqual(all.map(({ parcel }) => parcel).sort(), ["DE-1", "DE-2", "DE-3"]);
  await worker.stop();
});
