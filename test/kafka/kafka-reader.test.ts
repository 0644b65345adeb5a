import assert from "node:assert/strict";
import { test } from "node:test";
import { Kafka, logLevel } from "kafkajs";
import { batchOf, type Driver, valuesOf } from "../runtime/log/contract/driver.ts";
import { startKafka } from "./broker.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";

const skip = withoutKafka();
/** Less than one record: a partition that has one ready fills the whole room. */
const small = { pollMaxBytes: 1_000, partitionMaxBytes: 1_000, fetchWaitMs: 200 };

/** Each partition has one record of 1000 bytes, and its number before it. */
async function fill(driver: Driver, partitions: number): Promise<string> {
  const topic = await driver.topic({ partitions });
  const producer = await driver.log.producer({});
  for (let partition = 0; partition < partitions; partition++) {
    const value = `${partition} ${"x".repeat(1_000)}`;
    await producer.send({ topic, partition }, batchOf({ value }));
  }
  return topic;
}

test("paused partitions with much to give do not hold up the others, and lose nothing", {
  skip,
}, async () => {
  const kafka = await sharedKafka();
  await withLog(
    settingsFor(kafka, "plaintext"),
    async (driver) => {
      const topic = await fill(driver, 6);
      const fetcher = await driver.log.fetcher();
      for (let partition = 0; partition < 5; partition++) fetcher.seek({ topic, partition }, 0);
      // What is not taken at once is ready when they are paused.
      const first = await driver.readCount(fetcher, 1);
      for (let partition = 0; partition < 5; partition++) fetcher.pause({ topic, partition });
      await fetcher.poll(500);
      fetcher.seek({ topic, partition: 5 }, 0);
      const [other] = await driver.readCount(fetcher, 1);
      assert.equal(other?.partition, 5);
      for (let partition = 0; partition < 5; partition++) fetcher.resume({ topic, partition });
      const rest = await driver.readCount(fetcher, 5 - first.length);
      const all = valuesOf([...first, ...rest]).map((value) => value?.slice(0, 1));
      assert.deepEqual(all.sort(), ["0", "1", "2", "3", "4"]);
    },
    small,
  );
});

test("a poll gives no more than its limit, and in the end everything", { skip }, async () => {
  const kafka = await sharedKafka();
  await withLog(
    settingsFor(kafka, "plaintext"),
    async (driver) => {
      const topic = await fill(driver, 8);
      const fetcher = await driver.log.fetcher();
      for (let partition = 0; partition < 8; partition++) fetcher.seek({ topic, partition }, 0);
      const seen = new Set<number>();
      await driver.read(fetcher, (_, batches) => {
        const withRecords = batches.filter((batch) => batch.cursor().next());
        assert.ok(withRecords.length <= 1, `${withRecords.length} kB in one poll`);
        for (const { partition } of withRecords) seen.add(partition);
        return seen.size === 8;
      });
    },
    small,
  );
});

test("what many partitions have fetched and nobody has handled stays within its bound", {
  skip,
}, async () => {
  const kafka = await sharedKafka();
  const partitions = 64;
  const fetchMaxBytes = 8 * 1024 * 1024;
  await withLog(
    settingsFor(kafka, "plaintext"),
    async (driver) => {
      const topic = await driver.topic({ partitions });
      const producer = await driver.log.producer({});
      const batch = batchOf(...Array.from({ length: 16 }, () => ({ value: "x".repeat(1_000) })));
      const places = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
      for (const place of places) {
        for (let count = 0; count < 16; count++) await producer.send(place, batch);
      }
      const fetcher = await driver.log.fetcher();
      for (const place of places) fetcher.seek(place, 0);
      const held = new Map<number, number>();
      await driver.read(fetcher, (_, batches) => {
        for (const each of batches) {
          // As a worker that has not come to it yet.
          fetcher.pause(each);
          held.set(each.partition, (held.get(each.partition) ?? 0) + each.cursor().bytes.length);
        }
        return held.size === partitions;
      });
      const heldBytes = [...held.values()].reduce((sum, bytes) => sum + bytes, 0);
      assert.ok(heldBytes > partitions * 16_000, `${heldBytes} bytes prove nothing`);
      assert.ok(heldBytes <= fetchMaxBytes, `${heldBytes} bytes`);
    },
    { fetchMaxBytes, fetchWaitMs: 200 },
  );
});

test("a partition without a leader holds up no other one of its topic", { skip }, async (t) => {
  const kafka = await startKafka({ brokers: 3 });
  t.after(() => kafka.stop());
  await withLog(settingsFor(kafka, "plaintext"), async (driver) => {
    const topic = await driver.topic({ partitions: 3, replicas: 1 });
    const admin = new Kafka({ brokers: [...kafka.bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const [found] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
    await admin.disconnect();
    const leaders = new Map(found?.partitions.map((one) => [one.partitionId, one.leader]));
    await kafka.kill(leaders.get(0));
    const fetcher = await driver.log.fetcher();
    for (const partition of [0, 1, 2]) fetcher.seek({ topic, partition }, 0);
    const producer = await driver.log.producer({});
    const lost = producer.send({ topic, partition: 0 }, batchOf({ value: "waits" }));
    for (const partition of [1, 2]) {
      assert.notEqual(leaders.get(partition), leaders.get(0));
      await producer.send({ topic, partition }, batchOf({ value: `${partition}` }));
    }
    const records = await driver.readCount(fetcher, 2);
    assert.deepEqual([...valuesOf(records)].sort(), ["1", "2"]);
    await kafka.restart(leaders.get(0));
    await lost;
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["waits"]);
  });
});
