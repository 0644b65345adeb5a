/** Generated code with joins runs: orders in two partitions, their payments in three, by another key. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type TopicSpec } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  odditiesTopic,
  ordersTopic,
  paymentsTopic,
  settlementsTopic,
} from "../../../fixtures/joins/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/joins/in/generated/worker.ts";
import type { Order, Payment } from "../../../fixtures/joins/in/src/joins.ts";
import { random } from "../../random.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const base = 1_700_000_000_000;
const minute = 60_000;

const id = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString().padStart(12, "0")}`;
const order = (number: number, at: number, amount = 100, customer = `c${number}`): Order => ({
  ...{ id: id(number), customer, amount, note: "as always" },
  at: new Date(base + at),
});
const payment = (number: number, of: number, at: number, amount = 100): Payment => ({
  ...{ id: id(900_000 + number), order: id(of), amount, reference: "thanks" },
  at: new Date(base + at),
});

async function opened() {
  const { clock, log } = stillLog();
  await clock.advance(base + 600 * minute - clock.now());
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  await log.createTopics(
    [ordersTopic, paymentsTopic].map(({ name, partitions = 1 }) => ({
      ...{ name, partitions, replicas: 1 },
      ...{ cleanup: "delete" as const, retentionMs: -1, config: {} },
    })),
  );
  const orders = await createProducer(ordersTopic, settings);
  const payments = await createProducer(paymentsTopic, settings);
  const worker = () => createWorker({ log, clock, registry, logger: silent });
  const values = async <V>(topic: TopicSpec<string, V>) => {
    const found: V[] = [];
    for await (const { value } of readTopic(topic, settings)) if (value !== null) found.push(value);
    return found;
  };
  return { clock, orders, payments, values, worker };
}

test("orders meet their payments, whose topic has another key and other partitions", async () => {
  const { clock, orders, payments, values, worker } = await opened();
  const numbers = random(seed);
  const all = Array.from({ length: 60 }, (_, number) => number);
  // Each order gets as many payments as its number says, one minute before it to 15 behind.
  const paid = all.flatMap((number) =>
    Array.from({ length: number % 3 }, (_, index) =>
      payment(number * 10 + index, number, number * minute + numbers.int(16) * minute - minute),
    ),
  );
  const inTime = [...paid].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const number of all) await orders.send(order(number, number * minute));
  for (const each of inTime) await payments.send(each);
  const first = worker();
  await first.start();
  await first.idle();
  await first.stop();
  // The rest is done by a worker that has nothing but the changelogs.
  for (const number of [1000, 1001, 1002, 1003]) await orders.send(order(number, 600 * minute));
  for (const number of [1, 2, 3, 4, 5, 6]) {
    await payments.send(payment(number, 1000 + number, 600 * minute));
  }
  const second = worker();
  await second.start();
  await second.idle();
  // Time does not go on before each partition of the payments has gone on, or is known to be quiet.
  await clock.advance(15_000);
  await second.idle();
  await second.stop();
  const found = (await values(settlementsTopic)).filter((one) => Number(one.order.slice(-4)) < 60);
  const expected = all.flatMap((number) =>
    number % 3 === 0
      ? [`${id(number)} 0`]
      : paid.filter((one) => one.order === id(number)).map(() => `${id(number)} 100`),
  );
  assert.deepEqual(found.map((one) => `${one.order} ${one.paid}`).sort(), expected.sort());
});

test("a topic that is joined with itself, and a table beside a join", async () => {
  const { orders, payments, values, worker } = await opened();
  await orders.send(order(1, 0, 100, "anna"));
  await orders.send(order(2, 30_000, 100, "anna"));
  await orders.send(order(3, 40_000, 2000, "bob"));
  await orders.send(order(4, 120_000, 100, "anna"));
  await payments.send(payment(1, 1, 1000, 70));
  await payments.send(payment(2, 1, 2000, 70));
  const one = worker();
  await one.start();
  await one.idle();
  const reasons = (await values(odditiesTopic)).map((each) => `${each.order} ${each.reason}`);
  assert.deepEqual(reasons.sort(), [
    `${id(1)} paid too much`,
    `${id(2)} soon after ${id(1)}`,
    `${id(3)} as always`,
  ]);
  await one.stop();
});
