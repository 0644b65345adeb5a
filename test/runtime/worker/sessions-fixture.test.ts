/** Generated code with sessions and sliding windows runs: visits of a site, and somebody in a hurry. */
import assert from "node:assert/strict";
import test from "node:test";
import { createProducer, readTopic, type TopicSpec } from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { windows } from "@streamgen/runtime/testing";
import { paceTable, visitsTable } from "../../../fixtures/sessions/in/generated/tables.ts";
import {
  hurriesTopic,
  pageViewsTopic,
  reportsTopic,
} from "../../../fixtures/sessions/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/sessions/in/generated/worker.ts";
import { follow } from "../../../fixtures/sessions/in/src/visits.ts";
import { stillLog } from "./ledger.ts";
import { silent } from "./small.ts";

const base = 1_700_000_000_000;
const view = (page: string, minute: number, visitor = "v") => ({
  ...{ visitor, page },
  at: new Date(base + minute * 60_000),
});

test("visits end after a break; one that comes late makes two of them one", async () => {
  const { log, clock } = stillLog();
  await clock.advance(base + 10_000_000 - clock.now());
  const registry = modelRegistry();
  const settings = { log, registry, now: clock.now };
  await log.createTopics([
    {
      ...{ name: "page-views", partitions: 2, replicas: 1 },
      ...{ cleanup: "delete", retentionMs: -1, config: {} },
    },
  ]);
  const producer = await createProducer(pageViewsTopic, settings);
  const worker = createWorker({ log, clock, registry, logger: silent });
  await worker.start();
  const values = async <V>(topic: TopicSpec<string, V>): Promise<readonly V[]> => {
    const found: V[] = [];
    for await (const { value } of readTopic(topic, settings)) if (value !== null) found.push(value);
    return found;
  };
  const list = [view("a", 0), view("b", 0.2), view("c", 0.4), view("d", 0.6), view("f", 35)];
  for (const each of list) await producer.send(each);
  await worker.idle();
  assert.deepEqual(await values(hurriesTopic), [{ visitor: "v", pages: 4 }]);
  // Late, and within half an hour of either visit, which is open for five minutes more.
  await producer.send(view("e", 15));
  await producer.send(view("g", 90));
  await worker.idle();
  const visit = { first: "a", last: "e", pages: 6 };
  assert.deepEqual(await values(reportsTopic), [{ visitor: "v", visit, minutes: 35 }]);
  // The last one ends when there is nothing for an hour.
  await clock.advance(5_400_000);
  await worker.idle();
  const last = { first: "g", last: "g", pages: 1 };
  assert.deepEqual((await values(reportsTopic)).slice(1), [
    { visitor: "v", visit: last, minutes: 0 },
  ]);
  await worker.stop();
});

test("fakes have sessions and sliding windows, too", () => {
  const visits = windows(visitsTable);
  for (const [page, minute] of [
    ["a", 0],
    ["b", 35],
    ["c", 20],
  ] as const) {
    visits.turnTo(base + minute * 60_000);
    follow(view(page, minute), visits);
  }
  assert.deepEqual(visits.rows, [
    {
      key: "v",
      window: { start: base, end: base + 2_100_001 },
      value: { first: "a", last: "c", pages: 3 },
    },
  ]);
  const pace = windows(paceTable);
  for (const second of [0, 30, 59, 61]) {
    pace.turnTo(base + second * 1000);
    pace.update("v", (n) => n + 1);
  }
  assert.equal(pace.get("v"), 3);
  assert.equal(pace.ago("2s").get("v"), 3);
  assert.equal(pace.ago("30s").get("v"), 2);
});
