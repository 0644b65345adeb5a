import assert from "node:assert/strict";
import type { LogRecord } from "../../../../runtime/log/record.ts";
import type { Case } from "./case.ts";
import { batchOf, type Draft, type Driver } from "./driver.ts";

async function write(driver: Driver, topic: string, ...drafts: readonly Draft[]): Promise<void> {
  const producer = await driver.log.producer({});
  await producer.send({ topic, partition: 0 }, batchOf(...drafts));
}

/** Reads everything up to the end, and says where that is. */
async function readAll(driver: Driver, topic: string, from = 0): Promise<readonly LogRecord[]> {
  const end = await driver.end(topic);
  let next = 0;
  return driver.read(await driver.reader(topic, from), (_, batches) => {
    for (const batch of batches) next = batch.nextOffset;
    return next === end;
  });
}

const show = (records: readonly LogRecord[]): readonly string[] =>
  records.map(({ offset, key, value }) => `${offset} ${key}=${value}`);

const day = 86_400_000;

/** What goes with time. */
export function compactionCases(contract: Case): void {
  contract(
    "compaction keeps the last record of each key, with its offset",
    async (driver) => {
      const topic = await driver.topic({ cleanup: "compact" });
      await write(driver, topic, { key: "a", value: "1" }, { key: "b", value: "1" });
      await write(driver, topic, { key: "a", value: "2" }, { key: "c", value: "1" });
      await write(driver, topic, { key: "a", value: "3" });
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["1 b=1", "3 c=1", "4 a=3"]);
      assert.equal(await driver.end(topic), 5);
    },
    "control",
  );

  contract(
    "reading from the middle of a gap goes on behind it",
    async (driver) => {
      const topic = await driver.topic({ cleanup: "compact" });
      for (let i = 0; i < 10; i++) await write(driver, topic, { key: "a", value: `${i}` });
      await write(driver, topic, { key: "b", value: "x" });
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic, 4)), ["9 a=9", "10 b=x"]);
      await write(driver, topic, { key: "c", value: "y" });
      assert.deepEqual(show(await readAll(driver, topic, 11)), ["11 c=y"]);
    },
    "control",
  );

  contract(
    "a tombstone outlives its key for a while, then both are gone",
    async (driver) => {
      const topic = await driver.topic({ cleanup: "compact" });
      await write(driver, topic, { key: "a", value: "1" });
      await write(driver, topic, { key: "a", value: null });
      await write(driver, topic, { key: "b", value: "1" });
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["1 a=null", "2 b=1"]);
      await driver.control.advance(day - 1);
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["1 a=null", "2 b=1"]);
      await driver.control.advance(1);
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["2 b=1"]);
    },
    "control",
  );

  contract(
    "compaction lets aborted records decide nothing",
    async (driver) => {
      const topic = await driver.topic({ cleanup: "compact" });
      await write(driver, topic, { key: "a", value: "kept" });
      const producer = await driver.transactional();
      producer.begin();
      await producer.send({ topic, partition: 0 }, batchOf({ key: "a", value: "aborted" }));
      await producer.abort();
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["0 a=kept"]);
    },
    "control",
  );

  contract(
    "compaction leaves alone what is behind an open transaction",
    async (driver) => {
      const topic = await driver.topic({ cleanup: "compact" });
      await write(driver, topic, { key: "a", value: "1" });
      const producer = await driver.transactional();
      producer.begin();
      await producer.send({ topic, partition: 0 }, batchOf({ key: "a", value: "2" }));
      await write(driver, topic, { key: "a", value: "3" });
      driver.control.compact(topic);
      await producer.commit();
      const records = show(await readAll(driver, topic));
      assert.deepEqual(records, ["0 a=1", "1 a=2", "2 a=3"]);
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["2 a=3"]);
    },
    "control",
  );

  contract(
    "records are not compacted before their time",
    async (driver) => {
      const config = { "min.compaction.lag.ms": "1000" };
      const topic = await driver.topic({ cleanup: "compact", config });
      await write(driver, topic, { key: "a", value: "1" });
      await driver.control.advance(500);
      await write(driver, topic, { key: "a", value: "2" });
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["0 a=1", "1 a=2"]);
      await driver.control.advance(500);
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["1 a=2"]);
    },
    "control",
  );

  contract(
    "records older than the retention are deleted, and asking for them is an error",
    async (driver) => {
      const topic = await driver.topic({ retentionMs: 1_000 });
      await driver.put(topic, ["old"]);
      await driver.control.advance(600);
      await driver.put(topic, ["young"]);
      await driver.control.advance(600);
      await driver.put(topic, ["new"]);
      const [range] = await driver.log.offsets([{ topic, partition: 0 }]);
      assert.equal(range?.start, 1);
      await assert.rejects(readAll(driver, topic, 0), { code: "SG6002" });
      const records = await readAll(driver, topic, 1);
      assert.deepEqual(
        records.map((record) => record.value?.toString()),
        ["young", "new"],
      );
    },
    "control",
  );

  contract(
    "a reader behind the retention is told so",
    async (driver) => {
      const topic = await driver.topic({ retentionMs: 1_000 });
      await driver.put(topic, ["old"]);
      const fetcher = await driver.reader(topic);
      await driver.control.advance(2_000);
      await assert.rejects(fetcher.poll(0), { code: "SG6002" });
    },
    "control",
  );

  contract(
    "data with old timestamps is kept for its whole retention from the day it came",
    async (driver) => {
      const topic = await driver.topic({ retentionMs: 1_000 });
      await write(driver, topic, { key: "k", value: "from 1970", timestamp: 5 });
      await driver.control.advance(999);
      assert.deepEqual(show(await readAll(driver, topic)), ["0 k=from 1970"]);
    },
    "control",
  );

  contract(
    "a compacted topic without delete keeps its records for ever",
    async (driver) => {
      const topic = await driver.topic({ cleanup: "compact", retentionMs: 1_000 });
      await write(driver, topic, { key: "a", value: "1" });
      await driver.control.advance(day * 400);
      await write(driver, topic, { key: "b", value: "1" });
      driver.control.compact(topic);
      assert.deepEqual(show(await readAll(driver, topic)), ["0 a=1", "1 b=1"]);
    },
    "control",
  );
}
