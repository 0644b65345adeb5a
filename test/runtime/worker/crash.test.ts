/** 100,000 records on the embedded log, exactly once, with a worker that crashes ten times. */
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "@streamgen/runtime";
import { createWorker } from "../../../fixtures/tally/in/generated/worker.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { partitionOfKey } from "../../../runtime/log/partitioner.ts";
import { type Random, random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { silent } from "./small.ts";

const records = 100_000;
const crashes = 10;
const input = "tally-happenings";
const partitions = 4;
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

/** Gives what each record has to be answered with. */
async function send(log: MemoryLog, numbers: Random): Promise<readonly string[]> {
  await log.createTopics([
    { name: input, partitions, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);
  const producer = await log.producer({});
  const counts = new Map<string, number>();
  const expected: string[] = [];
  const batches = Array.from({ length: partitions }, () => new BatchWriter());
  for (let number = 0; number < records; number += 1) {
    const key = `key-${numbers.int(1000)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    expected.push(JSON.stringify({ key, number, count }));
    const bytes = Buffer.from(key);
    const batch = batches[partitionOfKey(bytes, partitions)];
    batch?.begin(1000, bytes).append(Buffer.from(JSON.stringify({ key, number })));
    batch?.end();
  }
  for (const [partition, batch] of batches.entries()) {
    await producer.send({ topic: input, partition }, batch);
  }
  return expected;
}

test("a worker that crashes ten times counts and answers each record once", async () => {
  const numbers = random(seed);
  const log = memoryLog({ sessionTimeoutMs: 100 });
  const expected = await send(log, numbers);
  let disk = new KeptStores();
  const start = async (index: number): Promise<{ worker: Worker; crash: () => void }> => {
    const connection = log.connect(`worker-${index}`);
    const worker = createWorker({
      ...{ log: connection, logger: silent, stores: disk, instance: "one" },
      ...({ delivery: "exactly-once", commitIntervalMs: 10 } as const),
      env: {},
      // Small enough that a run has many commits.
      stagedMaxBytes: 20_000,
      settleMaxMs: 500,
    });
    await worker.start();
    return { worker, crash: () => connection.crash() };
  };
  const crashed: Worker[] = [];
  for (let index = 0; index < crashes; index += 1) {
    const { crash, worker } = await start(index);
    crashed.push(worker);
    await sleep(20 + numbers.int(120));
    crash();
    // Every other time on another machine.
    if (index % 2 === 1) disk = new KeptStores();
  }
  const { worker } = await start(crashes);
  await worker.ready();
  while (worker.health().tasks.length < 6) await sleep(20);
  await worker.idle();
  await worker.stop();
  // No call of theirs ever ends; this lets go of their timers.
  await Promise.allSettled(crashed.map((one) => one.stop()));
  const found = log.records("tally-tallies").map(({ value }) => JSON.parse(String(value)));
  const texts = found.map(({ key, number, count }) => JSON.stringify({ key, number, count }));
  assert.deepEqual(texts.sort(), [...expected].sort(), `seed ${seed}`);
});
