/** Generated code runs: every kind of agent, resource and timer that the language has. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type TopicSpec } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  auditTopic,
  ordersTopic,
  profilesTopic,
  totalsTopic,
} from "../../../fixtures/agents/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/agents/in/generated/worker.ts";
import { random } from "../../random.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

test("agents of every kind run together", async () => {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  for (const { name, partitions = 4, cleanup = "delete" } of [ordersTopic, profilesTopic]) {
    await log.createTopics([
      { name, partitions, replicas: 1, cleanup, retentionMs: -1, config: {} },
    ]);
  }
  const orders = await createProducer(ordersTopic, settings);
  const profiles = await createProducer(profilesTopic, settings);
  const numbers = random(5);
  const totals = new Map<string, number>();
  for (let n = 0; n < 60; n += 1) {
    const customer = `customer-${numbers.int(5)}`;
    const amount = numbers.int(150);
    totals.set(customer, (totals.get(customer) ?? 0) + amount);
    await orders.send({ id: id(n), customer, area: "North", amount, at: new Date(1000 + n) });
  }
  await profiles.send({ name: "Ada" }, { key: "customer-0" });

  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  await worker.idle();

  const values = async <K, V>(topic: TopicSpec<K, V>): Promise<V[]> => {
    const found: V[] = [];
    for await (const { value } of readTopic(topic, settings)) if (value !== null) found.push(value);
    return found;
  };
  const last = new Map((await values(totalsTopic)).map(({ customer, total }) => [customer, total]));
  assert.deepEqual([...last].sort(), [...totals].sort());
  const audit = await values(auditTopic);
  assert.ok(audit.includes("start app"));
  // `same` sends the id of each order, `greet` a greeting for it.
  assert.equal(audit.filter((line) => line.startsWith("00000000")).length, 120);
  assert.equal(worker.health().counts["archived"], 60);

  await clock.advance(250);
  assert.ok((await values(auditTopic)).includes(`beat ${clock.now()}`));
  await clock.advance(60_000);
  const reports = (await values(auditTopic)).filter((line) => /^\d: \d+$/.test(line));
  const customers = reports.reduce((sum, line) => sum + Number(line.split(" ")[1]), 0);
  assert.equal(reports.length, 4, "one for each task of the table");
  assert.equal(customers, totals.size);
  await worker.stop();
});
