import assert from "node:assert/strict";
import { BatchWriter } from "../../../../runtime/log/batch-writer.ts";
import type { Case } from "./case.ts";
import { batchOf, valuesOf } from "./driver.ts";

export function produceCases(contract: Case): void {
  contract("key, value, headers and timestamp come back byte for byte", async (driver) => {
    const topic = await driver.topic();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const batch = new BatchWriter();
    batch.begin(1_700_000_000_123, bytes).append(bytes);
    batch.header(bytes, bytes);
    batch.end();
    const producer = await driver.log.producer({});
    await producer.send({ topic, partition: 0 }, batch);
    const [record] = await driver.readCount(await driver.reader(topic), 1);
    assert.deepEqual(record?.key, bytes);
    assert.deepEqual(record.value, bytes);
    assert.deepEqual(record.headers[0]?.[1], bytes);
    assert.equal(record.timestamp, 1_700_000_000_123);
  });

  contract("a null key, an empty one, a tombstone and an empty value differ", async (driver) => {
    const topic = await driver.topic();
    const drafts = [
      { key: null, value: "v" },
      { key: "", value: "v" },
      { key: "k", value: null },
      { key: "k", value: "" },
    ];
    const producer = await driver.log.producer({});
    await producer.send({ topic, partition: 0 }, batchOf(...drafts));
    const records = await driver.readCount(await driver.reader(topic), 4);
    assert.deepEqual(
      records.map(({ key, value }) => ({
        key: key?.toString() ?? null,
        value: value?.toString() ?? null,
      })),
      drafts,
    );
  });

  contract("headers keep their order, their repetitions and their nulls", async (driver) => {
    const topic = await driver.topic();
    const headers = [
      ["b", "1"],
      ["a", null],
      ["b", "2"],
      ["", ""],
    ] as const;
    const producer = await driver.log.producer({});
    await producer.send({ topic, partition: 0 }, batchOf({ value: "v", headers }));
    const [record] = await driver.readCount(await driver.reader(topic), 1);
    assert.deepEqual(
      record?.headers.map(([name, value]) => [name, value?.toString() ?? null]),
      headers,
    );
  });

  contract("a send tells the offset of its first record", async (driver) => {
    const topic = await driver.topic();
    assert.equal(await driver.put(topic, ["a", "b", "c"]), 0);
    assert.equal(await driver.put(topic, ["d"]), 3);
    assert.equal(await driver.put(topic, ["e"]), 4);
    assert.equal(await driver.end(topic), 5);
  });

  contract("batches keep their order though none is waited for", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.log.producer({});
    const values = Array.from({ length: 40 }, (_, i) => `${i}`);
    const sent = await Promise.all(values.map((value) => driver.send(producer, topic, [value])));
    assert.deepEqual(sent, [...values.keys()]);
    assert.deepEqual(await driver.visible(topic), values);
  });

  contract("a record is in the partition it was sent to and in no other", async (driver) => {
    const topic = await driver.topic({ partitions: 3 });
    await driver.put(topic, ["one"], 1);
    const places = [0, 1, 2].map((partition) => ({ topic, partition }));
    const ranges = await driver.log.offsets(places);
    assert.deepEqual(
      ranges.map((range) => range.end),
      [0, 1, 0],
    );
  });

  contract("many records in several batches of one send come in order", async (driver) => {
    const topic = await driver.topic();
    const values = Array.from({ length: 5_000 }, (_, i) => `${i}`);
    const batch = new BatchWriter(10_000);
    for (const value of values) {
      batch.begin(1_000, null).append(Buffer.from(value));
      batch.end();
    }
    const producer = await driver.log.producer({});
    await producer.send({ topic, partition: 0 }, batch);
    const records = await driver.readCount(await driver.reader(topic), values.length);
    assert.deepEqual(valuesOf(records), values);
    assert.deepEqual(
      records.map((record) => record.offset),
      [...values.keys()],
    );
  });

  contract("a batch may be cleared and filled again once it is sent", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.log.producer({});
    const batch = new BatchWriter();
    for (const value of ["first", "second"]) {
      batch.clear();
      batch.begin(1_000, null).append(Buffer.from(value));
      batch.end();
      await producer.send({ topic, partition: 0 }, batch);
    }
    assert.deepEqual(await driver.visible(topic), ["first", "second"]);
  });

  contract("a record of 900 kB arrives whole, and what follows too", async (driver) => {
    const topic = await driver.topic();
    const large = "0123456789".repeat(90_000);
    await driver.put(topic, ["small"]);
    const producer = await driver.log.producer({});
    await producer.send({ topic, partition: 0 }, batchOf({ value: large }));
    assert.deepEqual(await driver.visible(topic), ["small", large]);
  });

  contract("a record that the topic is too small for is refused by name", async (driver) => {
    const topic = await driver.topic({ config: { "max.message.bytes": "1000" } });
    const producer = await driver.log.producer({});
    const sending = producer.send({ topic, partition: 0 }, batchOf({ value: "x".repeat(2_000) }));
    await assert.rejects(sending, { code: "SG6008", place: { topic, partition: 0 } });
    await driver.send(producer, topic, ["fits"]);
    assert.deepEqual(await driver.visible(topic), ["fits"]);
  });

  contract("a send to what does not exist is an error that names it", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.log.producer({});
    await assert.rejects(driver.send(producer, topic, ["v"], 7), { code: "SG6003" });
    const missing = driver.under.unique("missing");
    await assert.rejects(driver.send(producer, missing, ["v"]), { code: "SG6003" });
  });

  contract("a record without a key is refused where keys decide what is kept", async (driver) => {
    const topic = await driver.topic({ cleanup: "compact" });
    const producer = await driver.log.producer({});
    const sending = producer.send({ topic, partition: 0 }, batchOf({ key: null, value: "v" }));
    await assert.rejects(sending, { code: "SG6009", place: { topic, partition: 0 } });
    assert.equal(await driver.end(topic), 0);
  });

  contract("timestamps need no order", async (driver) => {
    const topic = await driver.topic();
    const timestamps = [5_000, 0, 1_700_000_000_000, 4_999];
    const producer = await driver.log.producer({});
    const drafts = timestamps.map((timestamp) => ({ value: "v", timestamp }));
    await producer.send({ topic, partition: 0 }, batchOf(...drafts));
    const records = await driver.readCount(await driver.reader(topic), 4);
    assert.deepEqual(
      records.map((record) => record.timestamp),
      timestamps,
    );
  });
}
