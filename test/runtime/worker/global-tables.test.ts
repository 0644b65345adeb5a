/** Generated code runs: a table that is whole on every worker, over the embedded log. */
import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { createProducer, readTopic, type Worker } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  convertedPaymentsTopic,
  paymentsTopic,
  ratesTopic,
  summariesTopic,
} from "../../../fixtures/rates/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/rates/in/generated/worker.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { within } from "./crash-bench.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const currencies = ["USD", "SEK", "NOK", "GBP", "JPY", "CHF", "DKK"];
const north: ReadonlySet<string> = new Set(["SEK", "NOK", "DKK"]);

async function open() {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const topic = (name: string, partitions: number, cleanup: "compact" | "delete") => ({
    ...{ name, partitions, replicas: 1, cleanup, retentionMs: -1, config: {} },
  });
  await log.createTopics([topic("rates", 3, "compact"), topic("payments", 2, "delete")]);
  const settings = { log, registry, now: clock.now };
  const rates = await createProducer(ratesTopic, settings);
  const payments = await createProducer(paymentsTopic, settings);
  const rate = (currency: string, perEuro: number): Promise<number> =>
    rates.send({ currency, perEuro, region: north.has(currency) ? "north" : "else" });
  const pay = (customerId: string, currency: string): Promise<number> =>
    payments.send({ customerId, amount: 100, currency });
  const work = (name: string, stores: KeptStores = new KeptStores()) => {
    const connection = log.connect(name);
    const options = { log: connection, clock, registry, stores, instance: name };
    return { connection, stores, worker: createWorker({ ...options, logger: silent }) };
  };
  const converted = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    for await (const { value } of readTopic(convertedPaymentsTopic, settings)) {
      if (value !== null) lines.push(`${value.customerId} ${value.euros}`);
    }
    return lines.sort();
  };
  return { log, clock, settings, rate, pay, work, converted };
}

async function ask(worker: Worker, path: string): Promise<unknown> {
  const request = { method: "GET", path, query: "", headers: {} };
  const { body } = await worker.handle({ ...request, body: new Uint8Array(0) });
  return JSON.parse(Buffer.from(body).toString());
}

/** Each task of each worker. */
const customers = Array.from({ length: 8 }, (_, index) => `customer-${index}`);

test("every task finds every row, which was there before its first record", async () => {
  const { converted, pay, rate, work } = await open();
  for (const [index, currency] of currencies.entries()) await rate(currency, index + 1);
  for (const [index, customer] of customers.entries()) {
    await pay(customer, currencies[index % currencies.length] ?? "");
  }
  await pay("customer-9", "XXX");
  const { worker } = work("one");
  await worker.start();
  await worker.idle();
  const expected = customers.map((customer, index) => `${customer} ${100 / ((index % 7) + 1)}`);
  assert.deepEqual(await converted(), expected.sort());
  await worker.stop();
});

test("a row is changed by any worker through the topic, and deleted by a tombstone", async () => {
  const { clock, log, rate, work } = await open();
  await rate("USD", 2);
  await rate("SEK", 11);
  const [one, two] = [work("one").worker, work("two").worker];
  await within(clock, "started", Promise.all([one.start(), two.start()]));
  await within(clock, "idle", Promise.all([one.idle(), two.idle()]));
  const change = { currency: "USD", perEuro: 4, region: "else" };
  const headers = { "content-type": "application/json" };
  const body = Buffer.from(JSON.stringify(change));
  const posted = one.handle({ method: "POST", path: "/rates", query: "", headers, body });
  assert.equal((await within(clock, "answering", posted)).status, 204);
  const tombstones = new BatchWriter();
  tombstones.begin(1, Buffer.from("SEK"));
  tombstones.tombstone();
  tombstones.end();
  const producer = await log.producer({});
  for (const partition of [0, 1, 2]) await producer.send({ topic: "rates", partition }, tombstones);
  await within(clock, "idle", Promise.all([one.idle(), two.idle()]));
  for (const worker of [one, two]) {
    assert.deepEqual(await ask(worker, "/rates/USD"), { perEuro: 4 });
    assert.deepEqual(await ask(worker, "/rates/SEK"), { perEuro: null });
    assert.deepEqual(await ask(worker, "/regions/USD"), { region: "else" });
  }
  await within(clock, "stopped", Promise.all([one.stop(), two.stop()]));
});

test("nothing of it is lost when partitions come and go", async () => {
  const { clock, converted, pay, rate, work } = await open();
  for (const currency of currencies) await rate(currency, 2);
  const one = work("one").worker;
  await within(clock, "started", one.start());
  await within(clock, "idle", one.idle());
  const second = work("two");
  await within(clock, "started", second.worker.start());
  await within(clock, "ready", second.worker.ready());
  for (const customer of customers) await pay(customer, "NOK");
  await within(clock, "idle", Promise.all([one.idle(), second.worker.idle()]));
  await within(clock, "stopped", second.worker.stop());
  // All tasks are the first one's again.
  for (const customer of customers) await pay(customer, "DKK");
  for (let round = 0; (await converted()).length < 2 * customers.length; round += 1) {
    assert.ok(round < 2000, "the tasks are not taken over");
    await clock.advance(100);
    await turn();
  }
  assert.deepEqual(
    await converted(),
    customers.flatMap((one) => [`${one} 50`, `${one} 50`]),
  );
  for (const currency of currencies) {
    assert.deepEqual(await ask(one, `/rates/${currency}`), { perEuro: 2 });
  }
  await within(clock, "stopped", one.stop());
});

test("rows are found by their fields, and come in the order of their keys, over all partitions", async () => {
  const { clock, rate, settings, work } = await open();
  for (const currency of currencies) await rate(currency, 2);
  const { worker } = work("one");
  await worker.start();
  await worker.idle();
  await clock.advance(60_000);
  await worker.idle();
  const found: string[] = [];
  for await (const { value } of readTopic(summariesTopic, settings)) {
    if (value !== null) found.push(value.regions);
  }
  assert.deepEqual(found, [`DKK NOK SEK of ${[...currencies].sort().join(" ")}`]);
  await worker.stop();
});

test("a restart reads what came meanwhile; a store that is gone, or was killed, all of it", async () => {
  const { clock, rate, work } = await open();
  for (const currency of currencies) await rate(currency, 2);
  const first = work("one");
  await within(clock, "started", first.worker.start());
  await within(clock, "stopped", first.worker.stop());
  await rate("USD", 3);
  const again = work("one", first.stores);
  let read = 0;
  again.worker.on("restoring", ({ records }) => {
    read += records;
  });
  await within(clock, "started", again.worker.start());
  assert.equal(read, 1);
  assert.deepEqual(await ask(again.worker, "/rates/USD"), { perEuro: 3 });
  assert.deepEqual(await ask(again.worker, "/rates/GBP"), { perEuro: 2 });
  await rate("USD", 4);
  again.connection.crash();
  const killed = work("one", first.stores).worker;
  await within(clock, "started", killed.start());
  assert.deepEqual(await ask(killed, "/rates/USD"), { perEuro: 4 });
  assert.deepEqual(await ask(killed, "/rates/GBP"), { perEuro: 2 });
  await within(clock, "stopped", killed.stop());
  await within(clock, "given up", Promise.allSettled([again.worker.stop()]));
});

test("a record that cannot be read stops the worker, and says where it is", async () => {
  const { clock, log, rate, work } = await open();
  await rate("USD", 2);
  const { worker } = work("one");
  const places: unknown[] = [];
  worker.on("error", ({ error }) => places.push(error.place));
  await worker.start();
  await worker.idle();
  const batch = new BatchWriter();
  batch.begin(1, Buffer.from("SEK")).append(Buffer.from("no Avro"));
  batch.end();
  const producer = await log.producer({});
  await producer.send({ topic: "rates", partition: 2 }, batch);
  for (let round = 0; worker.health().state === "running"; round += 1) {
    assert.ok(round < 2000, "the worker goes on");
    await clock.advance(10);
    await turn();
  }
  assert.deepEqual(places, [{ topic: "rates", partition: 2, offset: 0, position: 0 }]);
  await within(clock, "stopped", Promise.allSettled([worker.stop()]));
});
