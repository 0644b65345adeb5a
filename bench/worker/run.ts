/**
 * The whole path on the embedded log: poll, decode, two agents, a table, outputs, transactions.
 * `tsx bench/worker/run.ts [--smoke]` prints input records per second and CPU-seconds per million.
 */

import { ordersTopic } from "../../fixtures/shop/in/generated/topics.ts";
import { createWorker } from "../../fixtures/shop/in/generated/worker.ts";
import type { Order } from "../../fixtures/shop/in/src/shop.ts";
import { bindFormat, modelRegistry, Writer } from "../../runtime/codec/index.ts";
import { BatchWriter } from "../../runtime/log/batch-writer.ts";
import { memoryLog, partitionOfKey } from "../../runtime/log/index.ts";

const isSmoke = process.argv.includes("--smoke");
const records = isSmoke ? 20_000 : 500_000;
const customers = 10_000;
const partitions = 6;
const settings = {
  name: "orders",
  partitions,
  replicas: 1,
  cleanup: "delete",
  retentionMs: -1,
} as const;

async function main(): Promise<void> {
  for (const delivery of ["at-least-once", "exactly-once"] as const) {
    const registry = modelRegistry();
    const log = memoryLog();
    await log.createTopics([{ ...settings, config: {} }]);
    await fill(log, registry);
    const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
    const worker = createWorker({ log, registry, delivery, logger });
    const cpuBefore = process.cpuUsage();
    const begunMs = performance.now();
    await worker.start();
    await worker.idle();
    const seconds = (performance.now() - begunMs) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const { commits, aborts } = worker.health();
    await worker.stop();
    const rate = Math.round(records / seconds).toLocaleString("en");
    const cpu = ((user + system) / 1e6 / (records / 1e6)).toFixed(2);
    console.log(
      `${delivery.padEnd(14)} ${rate.padStart(10)} records/s  ${cpu.padStart(6)} CPU-s/M  ${commits} commits, ${aborts} aborts`,
    );
  }
}

async function fill(
  log: ReturnType<typeof memoryLog>,
  registry: ReturnType<typeof modelRegistry>,
): Promise<void> {
  const format = await bindFormat(ordersTopic.value, { subject: "orders-value", registry });
  const batches = Array.from({ length: partitions }, () => new BatchWriter(100_000));
  const key = new Writer(64);
  for (let i = 0; i < records; i++) {
    const order = makeOrder(i);
    key.truncate(0);
    ordersTopic.key.write(key, order.customerId);
    const bytes = key.written();
    const batch = batches[partitionOfKey(bytes, partitions)];
    if (batch === undefined) throw new RangeError("no such partition");
    format.write(batch.begin(order.placedAt.getTime(), bytes), order);
    batch.end();
  }
  const producer = await log.producer({});
  for (const [partition, batch] of batches.entries()) {
    await producer.send({ topic: "orders", partition }, batch);
  }
  await producer.close();
}

const makeOrder = (i: number): Order => ({
  id: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
  customerId: `customer-${(i * 7919) % customers}`,
  amount: i % 200,
  items: (i % 5) + 1,
  placedAt: new Date(1_700_000_000_000 + i),
  status: "new",
  tags: ["web"],
});

await main();
