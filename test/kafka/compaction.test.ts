/** What the broker's cleaner leaves of a topic is read as it is: gaps are no losses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { batchOf, type Driver, recordsOf } from "../runtime/log/contract/driver.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();

/** Segments that are full at once, so that all but what was sent last is compacted. */
const config = {
  "segment.ms": "50",
  "min.cleanable.dirty.ratio": "0.01",
  "delete.retention.ms": "0",
};

/** Offset, key and value of everything that can be read from an offset on. */
async function contents(driver: Driver, topic: string, from = 0): Promise<readonly string[]> {
  const end = await driver.end(topic);
  const fetcher = await driver.reader(topic, from);
  const seen: string[] = [];
  let next = from;
  for (let tries = 0; next < end; tries++) {
    assert.ok(tries < 300, `the end ${end} is not reached: ${next}`);
    for (const batch of await fetcher.poll(100)) {
      assert.ok(batch.nextOffset >= next);
      next = batch.nextOffset;
      for (const { offset, key, value } of recordsOf([batch]))
        seen.push(`${offset} ${key} ${value}`);
    }
  }
  await fetcher.close();
  return seen;
}

/** Segments are closed by the time of the records in them. */
async function send(
  driver: Driver,
  topic: string,
  key: string,
  value: string | null,
): Promise<void> {
  const producer = await driver.log.producer({});
  await producer.send({ topic, partition: 0 }, batchOf({ key, value, timestamp: Date.now() }));
  await producer.close();
}

/** Sends something now and then, which closes segments, until the cleaner has done what is waited for. */
async function compacted(
  driver: Driver,
  topic: string,
  isDone: (seen: readonly string[]) => boolean,
): Promise<readonly string[]> {
  for (let round = 0; round < 200; round++) {
    await send(driver, topic, "filler", "");
    await pause(100);
    const seen = (await contents(driver, topic)).filter((text) => !text.includes("filler"));
    if (isDone(seen)) return seen;
  }
  throw new Error("the broker's cleaner does not come");
}

test("of a compacted topic the last value of each key is read, over all gaps", {
  skip,
}, async () => {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), async (driver) => {
    const topic = await driver.topic({ name: uniqueName("compacted"), cleanup: "compact", config });
    for (let number = 0; number < 20; number++) {
      await send(driver, topic, "a", `a${number}`);
      if (number < 15) await send(driver, topic, "b", `b${number}`);
    }
    await send(driver, topic, "c", "c0");
    await send(driver, topic, "c", null);
    const seen = await compacted(driver, topic, (texts) => texts.length === 2);
    assert.deepEqual(seen, ["29 b b14", "34 a a19"].sort(), "what is left");
    // An offset in a gap is where the next record is, not an error.
    const later = (await contents(driver, topic, 30)).filter((text) => !text.includes("filler"));
    assert.deepEqual(later, ["34 a a19"]);
  });
});
