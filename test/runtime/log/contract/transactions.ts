import assert from "node:assert/strict";
import type { Case } from "./case.ts";
import { batchOf, recordsOf, valuesOf } from "./driver.ts";

/** What read-committed readers see. */
export function transactionCases(contract: Case): void {
  contract("records are seen once their transaction is committed", async (driver) => {
    const topic = await driver.topic();
    const fetcher = await driver.reader(topic);
    const producer = await driver.transactional();
    producer.begin();
    await driver.send(producer, topic, ["a", "b"]);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(recordsOf(await fetcher.poll(driver.under.pollMs)), []);
    }
    await producer.commit();
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 2)), ["a", "b"]);
  });

  contract("records of an aborted transaction are never seen", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    await driver.transaction(producer, topic, ["bad"], "abort");
    await driver.transaction(producer, topic, ["good"], "commit");
    assert.deepEqual(await driver.visible(topic), ["good"]);
  });

  contract("commits and aborts of one producer in turn are told apart", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    for (let i = 0; i < 6; i++) {
      const isGood = i % 2 === 1;
      const values = [`${isGood ? "good" : "bad"}-${i}`];
      await driver.transaction(producer, topic, values, isGood ? "commit" : "abort");
    }
    assert.deepEqual(await driver.visible(topic), ["good-1", "good-3", "good-5"]);
  });

  contract("an aborted transaction larger than one fetch is filtered whole", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    await driver.transaction(producer, topic, ["before"], "commit");
    producer.begin();
    for (let i = 0; i < 24; i++) {
      const large = { value: `bad ${"x".repeat(400_000)}` };
      await producer.send({ topic, partition: 0 }, batchOf(large, large));
    }
    await producer.abort();
    await driver.transaction(producer, topic, ["after"], "commit");
    assert.deepEqual(await driver.visible(topic), ["before", "after"]);
  });

  contract("interleaved transactions of two producers are told apart", async (driver) => {
    const topic = await driver.topic();
    const bad = await driver.transactional();
    const good = await driver.transactional();
    bad.begin();
    good.begin();
    for (let i = 0; i < 5; i++) {
      await driver.send(bad, topic, [`bad-${i}`]);
      await driver.send(good, topic, [`good-${i}`]);
    }
    await bad.abort();
    await good.commit();
    const expected = ["good-0", "good-1", "good-2", "good-3", "good-4"];
    assert.deepEqual(await driver.visible(topic), expected);
  });

  contract("an open transaction holds back what comes behind it", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["before"]);
    const slow = await driver.transactional();
    slow.begin();
    await driver.send(slow, topic, ["slow"]);
    const quick = await driver.transactional();
    await driver.transaction(quick, topic, ["quick"], "commit");
    await driver.put(topic, ["plain"]);
    const [range] = await driver.log.offsets([{ topic, partition: 0 }]);
    assert.equal(range?.stableEnd, 1);
    assert.equal(range.end, 5);
    const fetcher = await driver.reader(topic);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["before"]);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(recordsOf(await fetcher.poll(driver.under.pollMs)), []);
    }
    await slow.commit();
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 3)), ["slow", "quick", "plain"]);
  });

  contract("an open transaction holds back no other partition", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const producer = await driver.transactional();
    producer.begin();
    await driver.send(producer, topic, ["held"], 0);
    await driver.put(topic, ["free"], 1);
    const fetcher = await driver.reader(topic);
    fetcher.seek({ topic, partition: 1 }, 0);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["free"]);
    await producer.abort();
  });

  contract("a reader learns of its end behind markers and aborted records", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    await driver.transaction(producer, topic, ["good"], "commit");
    await driver.transaction(producer, topic, ["bad"], "abort");
    const fetcher = await driver.reader(topic);
    let next = 0;
    const records = await driver.read(fetcher, (_, batches) => {
      for (const batch of batches) next = batch.nextOffset;
      return next === 4;
    });
    assert.deepEqual(valuesOf(records), ["good"]);
    assert.equal(await driver.end(topic), 4);
  });

  contract("a transaction is whole over partitions and topics", async (driver) => {
    const one = await driver.topic({ partitions: 2 });
    const two = await driver.topic();
    const producer = await driver.transactional();
    for (const end of ["abort", "commit"] as const) {
      producer.begin();
      await driver.send(producer, one, [end], 0);
      await driver.send(producer, one, [end], 1);
      await driver.send(producer, two, [end], 0);
      await producer[end]();
    }
    const fetcher = await driver.log.fetcher();
    fetcher.seek({ topic: one, partition: 0 }, 0);
    fetcher.seek({ topic: one, partition: 1 }, 0);
    fetcher.seek({ topic: two, partition: 0 }, 0);
    const records = await driver.readCount(fetcher, 3);
    assert.deepEqual(valuesOf(records), ["commit", "commit", "commit"]);
  });

  contract("a transaction with nothing in it leaves no trace", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    producer.begin();
    await producer.commit();
    producer.begin();
    await producer.abort();
    assert.equal(await driver.end(topic), 0);
    await driver.transaction(producer, topic, ["then"], "commit");
    assert.deepEqual(await driver.visible(topic), ["then"]);
  });

  contract("calls outside a transaction's order are refused", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    await assert.rejects(driver.send(producer, topic, ["a"]), { code: "SG6010" });
    await assert.rejects(producer.commit(), { code: "SG6010" });
    await assert.rejects(producer.abort(), { code: "SG6010" });
    producer.begin();
    assert.throws(() => producer.begin(), { code: "SG6010" });
    await producer.abort();
    const plain = await driver.log.producer({});
    assert.throws(() => plain.begin(), { code: "SG6010" });
    assert.equal(await driver.end(topic), 0);
  });

  contract("after a failed send a transaction can only be aborted", async (driver) => {
    const topic = await driver.topic({ config: { "max.message.bytes": "1000" } });
    const producer = await driver.transactional();
    producer.begin();
    await driver.send(producer, topic, ["bad"]);
    await assert.rejects(driver.send(producer, topic, ["x".repeat(2_000)]), { code: "SG6008" });
    await assert.rejects(driver.send(producer, topic, ["bad too"]), { code: "SG6013" });
    await assert.rejects(producer.commit(), { code: "SG6013" });
    await producer.abort();
    await driver.transaction(producer, topic, ["good"], "commit");
    assert.deepEqual(await driver.visible(topic), ["good"]);
  });

  contract("a commit takes the sends along that were made before it", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    producer.begin();
    const sends = ["a", "b", "c"].map((value) => driver.send(producer, topic, [value]));
    await producer.commit();
    await Promise.all(sends);
    assert.deepEqual(await driver.visible(topic), ["a", "b", "c"]);
  });

  contract("a producer that is closed aborts what is open", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.transactional();
    producer.begin();
    await driver.send(producer, topic, ["bad"]);
    await producer.close();
    assert.deepEqual(await driver.visible(topic), []);
    assert.throws(() => producer.begin(), { code: "SG6010" });
  });
}
