import assert from "node:assert/strict";
import { test } from "node:test";
import { CompressionTypes, type Consumer, Kafka, logLevel, type Producer } from "kafkajs";
import { readRecords } from "../../runtime/log/record.ts";
import { random } from "../random.ts";
import { batchOf, type Driver, valuesOf } from "../runtime/log/contract/driver.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

/** kafkajs' public consumer and producer beside this log, which has only its connections in common. */
const skip = withoutKafka();

async function side<T>(body: (driver: Driver, kafkajs: Kafka) => Promise<T>): Promise<T> {
  const kafka = await sharedKafka();
  const brokers = [...kafka.bootstrap];
  const kafkajs = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  try {
    return await withLog(settingsFor(kafka, "plaintext"), (driver) => body(driver, kafkajs));
  } finally {
    await Promise.all(producers.splice(0).map((producer) => producer.disconnect()));
  }
}

/** Those that a test has connected. */
const producers: Producer[] = [];

async function connected(producer: Producer): Promise<Producer> {
  await producer.connect();
  producers.push(producer);
  return producer;
}

interface Seen {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** What kafkajs' own consumer reads, up to a value. */
async function readByKafkajs(consumer: Consumer, topic: string, last: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const running = consumer.run({
      eachMessage: async ({ message: { offset, timestamp, key, value } }) => {
        seen.push({
          offset: Number(offset),
          timestamp: Number(timestamp),
          key: key?.toString() ?? null,
          value: value?.toString() ?? null,
        });
        if (value?.toString() === last) resolve();
      },
    });
    running.catch(reject);
  });
  await consumer.disconnect();
  return seen;
}

test("what transactions of several producers leave, both read alike", { skip }, async () => {
  await side(async (driver, kafkajs) => {
    const seed = 220_4;
    const { int, pick, chance } = random(seed);
    const topic = await driver.topic();
    const theirs = kafkajs.producer({ transactionalId: uniqueName("id"), idempotent: true });
    await connected(theirs);
    const ours = [await driver.transactional(), await driver.transactional()];
    for (let round = 0; round < 25; round++) {
      const end = chance(0.5) ? "commit" : "abort";
      const values = Array.from({ length: 1 + int(5) }, (_, i) => `${end} ${round} ${i}`);
      const who = int(3);
      if (who === 0) {
        const transaction = await theirs.transaction();
        const messages = values.map((value) => ({ key: value, value, timestamp: "1000" }));
        await transaction.send({ topic, messages, compression: pick([0, CompressionTypes.GZIP]) });
        await transaction[end]();
      } else if (who === 1) {
        await driver.put(topic, [`plain ${round}`]);
      } else {
        await driver.transaction(pick(ours), topic, values, end);
      }
    }
    const last = uniqueName("last");
    await driver.put(topic, [last]);
    const expected = await readByKafkajs(kafkajs.consumer({ groupId: topic }), topic, last);
    const records = await driver.readTo(await driver.reader(topic), last);
    const found = records.map(({ offset, timestamp, key, value }) => ({
      ...{ offset, timestamp },
      key: key?.toString() ?? null,
      value: value?.toString() ?? null,
    }));
    assert.deepEqual(found, expected, `seed ${seed}`);
    assert.ok(found.every(({ value }) => !value?.startsWith("abort")));
  });
});

test("what kafkajs sends, with headers and compressed, is read as it was sent", {
  skip,
}, async () => {
  await side(async (driver, kafkajs) => {
    const topic = await driver.topic();
    const producer = await connected(kafkajs.producer());
    const headers = { trace: Buffer.from([0, 255]), many: ["1", "2"] };
    await producer.send({
      topic,
      compression: CompressionTypes.GZIP,
      messages: [
        { key: "k", value: Buffer.from([1, 2, 255]), timestamp: "1700000000123", headers },
        { key: null, value: null, timestamp: "1700000000124" },
      ],
    });
    const [first, second] = await driver.readCount(await driver.reader(topic), 2);
    assert.deepEqual(first?.value, Buffer.from([1, 2, 255]));
    assert.deepEqual(
      first.headers.map(([name, value]) => [name, value?.toString("hex")]),
      [
        ["trace", "00ff"],
        ["many", "31"],
        ["many", "32"],
      ],
    );
    assert.equal(first.timestamp, 1_700_000_000_123);
    assert.deepEqual([second?.key, second?.value], [null, null]);
  });
});

test("what this log sends, kafkajs reads", { skip }, async () => {
  await side(async (driver, kafkajs) => {
    const topic = await driver.topic();
    const values = Array.from({ length: 500 }, (_, i) => `${i}`);
    const producer = await driver.log.producer({});
    for (let i = 0; i < values.length; i += 50) {
      const drafts = values.slice(i, i + 50).map((value) => ({ key: `k${value}`, value }));
      await producer.send({ topic, partition: 0 }, batchOf(...drafts));
    }
    const seen = await readByKafkajs(kafkajs.consumer({ groupId: topic }), topic, "499");
    assert.deepEqual(
      seen.map(({ key, value }) => [key, value]),
      values.map((value) => [`k${value}`, value]),
    );
  });
});

test("where the topic sets the time of records, its time is read", { skip }, async () => {
  await side(async (driver, kafkajs) => {
    const topic = await driver.topic({ config: { "message.timestamp.type": "LogAppendTime" } });
    const before = Date.now();
    await driver.put(topic, ["a", "b"]);
    const fetcher = await driver.reader(topic);
    const records = await driver.readCount(fetcher, 2);
    const seen = await readByKafkajs(kafkajs.consumer({ groupId: topic }), topic, "b");
    const times = records.map(({ timestamp }) => timestamp);
    assert.deepEqual(
      times,
      seen.map(({ timestamp }) => timestamp),
    );
    assert.ok(times.every((time) => time >= before - 1_000));
  });
});

test("reading goes on behind what compaction has taken away", { skip }, async () => {
  await side(async (driver) => {
    const topic = await driver.topic({
      cleanup: "compact",
      config: {
        "segment.ms": "100",
        "min.cleanable.dirty.ratio": "0.01",
        "max.compaction.lag.ms": "200",
      },
    });
    for (let i = 0; i < 20; i++) await driver.put(topic, ["same"]);
    const producer = await driver.transactional();
    for (let i = 0; i < 5; i++) await driver.transaction(producer, topic, ["same"], "abort");
    const deadline = Date.now() + 30_000;
    let left = 20;
    while (left > 3 && Date.now() < deadline) {
      await driver.put(topic, ["roll"]);
      const end = await driver.end(topic);
      const fetcher = await driver.reader(topic);
      let next = 0;
      const records = await driver.read(fetcher, (_, batches) => {
        for (const batch of batches) next = batch.nextOffset;
        return next >= end;
      });
      await fetcher.close();
      assert.ok(records.every((record, i) => record.offset > (records[i - 1]?.offset ?? -1)));
      left = valuesOf(records).filter((value) => value === "same").length;
    }
    assert.ok(left <= 3, `${left} records of one key are left`);
  });
});

test("a cursor kept over many polls shows what it showed", { skip }, async () => {
  await side(async (driver) => {
    const topic = await driver.topic({ partitions: 3 });
    for (let i = 0; i < 30; i++) await driver.put(topic, [`${i}`, `${i}x`], i % 3);
    const fetcher = await driver.reader(topic);
    for (const partition of [1, 2]) fetcher.seek({ topic, partition }, 0);
    const kept = [];
    let count = 0;
    while (count < 60) {
      for (const batch of await fetcher.poll(driver.under.pollMs)) {
        kept.push(batch.keep());
        count += readRecords(batch, batch.cursor()).length;
      }
    }
    const values = kept.flatMap((batch) => valuesOf(readRecords(batch, batch.cursor())));
    assert.equal(new Set(values).size, 60);
  });
});
