/** Topics that are found by a pattern of their names. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import { spentTable } from "../../../fixtures/regions/in/generated/tables.ts";
import { auditTopic, regionalTopic } from "../../../fixtures/regions/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/regions/in/generated/worker.ts";
import { random } from "../../random.ts";

/** Others make the topic of a region. */
async function open(driver: Driver, region: string, partitions = 2): Promise<void> {
  const external = { replicas: 1, cleanup: "delete", retentionMs: -1, config: {} } as const;
  await driver.log.createTopics([{ name: `orders-${region}`, partitions, ...external }]);
}

let count = 0;
async function order(
  driver: Driver,
  region: string,
  customer = "ann",
  amount = 1,
): Promise<string> {
  count += 1;
  const id = `o${count}`;
  const topic = { ...regionalTopic, name: `orders-${region}` };
  await driver.push(topic, [{ id, customer, amount }]);
  return id;
}

/** What the audit has of each order: its id by its topic. */
async function audited(driver: Driver): Promise<readonly string[]> {
  const lines = await driver.values(auditTopic);
  return lines.map((line) => line.replace(/\/\d+\/\d+ /, " ")).sort();
}

test("topics that come are read from their first record, without a restart; each is shown by its name", async () => {
  await using driver = await openDriver(createWorker);
  await open(driver, "eu");
  await driver.advance("1m");
  const [first, second] = [await order(driver, "eu"), await order(driver, "eu")];
  assert.deepEqual(await audited(driver), [`orders-eu ${first}`, `orders-eu ${second}`].sort());
  await open(driver, "us", 5);
  const early = await order(driver, "us");
  await driver.advance("59s");
  assert.equal((await audited(driver)).length, 2, "nobody has looked yet");
  await driver.advance("1s");
  const late = await order(driver, "us");
  assert.deepEqual(
    (await audited(driver)).slice(2),
    [`orders-us ${early}`, `orders-us ${late}`].sort(),
  );
  const tasks = driver.log
    .members("regions")[0]
    ?.owned.filter(({ topic }) => topic === "orders-us");
  assert.equal(tasks?.length, 5);
});

test("the pipeline's own topics, and names that match in part, are not read", async () => {
  await using driver = await openDriver(createWorker);
  await open(driver, "eu");
  await open(driver, "EU");
  await open(driver, "eu-old");
  await driver.advance("1m");
  await order(driver, "eu");
  await driver.idle();
  const read = driver.log.members("regions")[0]?.topics;
  assert.deepEqual([...(read ?? [])].sort(), ["orders-eu", "regions-spend-customer-repartition"]);
});

test("a restart goes on in each topic where the group was", async () => {
  await using driver = await openDriver(createWorker);
  await open(driver, "eu");
  await open(driver, "us", 1);
  await driver.advance("1m");
  for (const region of ["eu", "us", "us"]) await order(driver, region);
  await driver.idle();
  await driver.crash();
  for (const region of ["eu", "us"]) await order(driver, region);
  assert.equal((await audited(driver)).length, 5);
  assert.equal(await driver.table(spentTable).get("ann"), 5);
});

test("a topic that is deleted is forgotten, and the others go on", async () => {
  await using driver = await openDriver(createWorker);
  await open(driver, "eu");
  await open(driver, "us");
  await driver.advance("1m");
  await order(driver, "us");
  await driver.idle();
  await driver.log.admin().deleteTopics(["orders-us"]);
  await order(driver, "eu");
  await driver.advance("1m");
  await order(driver, "eu");
  assert.equal((await audited(driver)).length, 3);
  const read = driver.log.members("regions")[0]?.topics ?? [];
  assert.ok(!read.includes("orders-us"));
});

test("customers of all regions come together, whatever workers and topics come and go", async () => {
  const seed = Number(process.env["SEED"] ?? 5);
  const numbers = random(seed);
  await using driver = await openDriver(createWorker, { workers: 2 });
  const regions = ["a"];
  await open(driver, "a");
  const spent = new Map<string, number>();
  for (let n = 0; n < 60; n += 1) {
    const dice = numbers.int(10);
    if (dice === 0) {
      regions.push(String.fromCharCode(97 + regions.length));
      await open(driver, regions.at(-1) ?? "", 1 + numbers.int(4));
    }
    if (dice === 1) await driver.advance("1m");
    if (dice === 2) await driver.crash();
    if (dice === 3) await driver.rebalance();
    const customer = `c${numbers.int(3)}`;
    const amount = 1 + numbers.int(9);
    spent.set(customer, (spent.get(customer) ?? 0) + amount);
    await order(driver, regions[numbers.int(regions.length)] ?? "", customer, amount);
  }
  await driver.advance("1m");
  const message = `seed ${seed}`;
  assert.equal((await audited(driver)).length, 60, message);
  assert.equal(new Set(await audited(driver)).size, 60, message);
  for (const [customer, sum] of spent) {
    assert.equal(await driver.table(spentTable).get(customer), sum, `${message}: ${customer}`);
  }
});
