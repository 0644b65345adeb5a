/** Generated code with windows runs: bids of two auctions, their peaks, and what comes late. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type TopicSpec } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import {
  bidsTopic,
  peaksTopic,
  rushesTopic,
} from "../../../fixtures/windows/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/windows/in/generated/worker.ts";
import type { Bid } from "../../../fixtures/windows/in/src/windows.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const base = 1_700_000_000_000 - (1_700_000_000_000 % 60_000);
const bid = (auction: string, second: number, price: number): Bid => ({
  ...{ auction, price, bidder: "somebody" },
  at: new Date(base + second * 1000),
});

async function run(list: readonly Bid[], ahead: number) {
  const { log, clock } = stillLog();
  await clock.advance(base + ahead - clock.now());
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  await log.createTopics([
    { name: "bids", partitions: 2, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);
  const producer = await createProducer(bidsTopic, settings);
  for (const each of list) await producer.send(each);
  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  await worker.idle();
  const values = async <V>(topic: TopicSpec<string, V>) => {
    const found: { value: V | null; timestamp: number }[] = [];
    for await (const { timestamp, value } of readTopic(topic, settings)) {
      found.push({ value, timestamp });
    }
    return found;
  };
  return { clock, log, worker, peaks: () => values(peaksTopic), rushes: () => values(rushesTopic) };
}

test("a window tells its peak when it closes, at its last millisecond; the last when all is quiet", async () => {
  const list = [bid("a", 1, 5), bid("a", 9, 9), bid("a", 8, 7), bid("a", 11, 1), bid("a", 13, 3)];
  const { clock, worker, peaks } = await run(list, 0);
  const first = {
    value: { auction: "a", price: 9, from: new Date(base) },
    timestamp: base + 9_999,
  };
  assert.deepEqual(await peaks(), [first]);
  await clock.advance(60_000);
  await worker.idle();
  const last = {
    value: { auction: "a", price: 3, from: new Date(base + 10_000) },
    timestamp: base + 19_999,
  };
  assert.deepEqual(await peaks(), [first, last]);
  await worker.stop();
});

test("a record is late behind the grace, in either table; one of the next century closes nothing", async () => {
  const century = 100 * 365 * 86_400;
  const list = [
    ...[bid("a", 5, 1), bid("a", 11, 1), bid("a", 9, 8), bid("a", century, 99), bid("a", 12, 2)],
    // Late for the peaks, but not for the windows of a minute.
    ...[bid("a", 9, 9), bid("a", 2, 10)],
  ];
  const { clock, log, worker, peaks, rushes } = await run(list, 0);
  assert.deepEqual(
    (await peaks()).map(({ value }) => value?.price),
    [8],
  );
  // Twice late for the peaks; ahead of the clock for both.
  assert.equal(worker.health().counts["late"], 4);
  assert.equal(worker.health().counts["deadLetters"], 3);
  const letters = log.records("late-bids").map(({ key, headers, timestamp }) => {
    const header = (name: string) =>
      String(headers.find(([each]) => each === `sg-dlq-${name}`)?.[1]);
    return [String(key), header("agent"), header("code"), header("offset"), timestamp];
  });
  assert.deepEqual(
    letters,
    [3, 5, 6].map((offset) => ["a", "highest", "SG8303", String(offset), clock.now()]),
  );
  // The minute that ends first had six bids by then: "rush" runs for each, the one ahead among them.
  assert.deepEqual(
    (await rushes()).map(({ value }) => value?.bids),
    [3, 4, 5, 6],
  );
  await worker.stop();
});
