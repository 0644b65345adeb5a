import assert from "node:assert/strict";
import type { Case } from "./case.ts";
import { batchOf, recordsOf, valuesOf } from "./driver.ts";

export function fetchCases(contract: Case): void {
  contract("reading begins at the offset sought, also inside a batch", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a", "b", "c"]);
    await driver.put(topic, ["d"]);
    const records = await driver.readCount(await driver.reader(topic, 2), 2);
    assert.deepEqual(
      records.map((record) => [record.offset, record.value?.toString()]),
      [
        [2, "c"],
        [3, "d"],
      ],
    );
  });

  contract("an empty partition says once that it is at its end", async (driver) => {
    const topic = await driver.topic();
    const fetcher = await driver.reader(topic);
    let told = 0;
    await driver.read(fetcher, (_, batches) => {
      told += batches.length;
      assert.ok(batches.every((batch) => batch.nextOffset === 0 && batch.endOffset === 0));
      return batches.length > 0;
    });
    for (let i = 0; i < 3; i++) told += (await fetcher.poll(driver.under.pollMs)).length;
    assert.equal(told, 1);
  });

  contract("the last batch says that it is the last, with nothing empty behind", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a", "b"]);
    const fetcher = await driver.reader(topic);
    const ends: number[] = [];
    await driver.read(fetcher, (records, batches) => {
      ends.push(...batches.map((batch) => batch.endOffset - batch.nextOffset));
      return records.length === 2;
    });
    assert.equal(ends.at(-1), 0);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await fetcher.poll(driver.under.pollMs), []);
    }
  });

  contract("what comes later is given too, and again up to its end", async (driver) => {
    const topic = await driver.topic();
    const fetcher = await driver.reader(topic);
    for (const value of ["a", "b", "c"]) {
      await driver.put(topic, [value]);
      let isAtEnd = false;
      const records = await driver.read(fetcher, (found, batches) => {
        isAtEnd = batches.some((batch) => batch.nextOffset === batch.endOffset);
        return found.length > 0;
      });
      assert.deepEqual(valuesOf(records), [value]);
      assert.ok(isAtEnd);
    }
  });

  contract("a poll waits for a record that comes in its time", async (driver) => {
    const topic = await driver.topic();
    const fetcher = await driver.reader(topic);
    await driver.read(fetcher, (_, batches) => batches.length > 0);
    const polling = fetcher.poll(30_000);
    await driver.put(topic, ["late"]);
    assert.deepEqual(valuesOf(recordsOf(await polling)), ["late"]);
  });

  contract(
    "a poll without records ends when its time is over",
    async (driver) => {
      const fetcher = await driver.reader(await driver.topic());
      await driver.read(fetcher, (_, batches) => batches.length > 0);
      let isOver = false;
      const polling = fetcher.poll(1_000).then((batches) => {
        isOver = true;
        return batches;
      });
      await driver.control.advance(999);
      assert.equal(isOver, false);
      await driver.control.advance(1);
      assert.equal(isOver, true);
      assert.deepEqual(await polling, []);
    },
    "control",
  );

  contract("a fetcher with nothing to read gives nothing", async (driver) => {
    const fetcher = await driver.log.fetcher();
    assert.deepEqual(await fetcher.poll(driver.under.pollMs), []);
  });

  contract("a paused partition gives nothing and keeps its place", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    await driver.put(topic, ["a", "b"], 0);
    await driver.put(topic, ["x"], 1);
    const fetcher = await driver.reader(topic, 1);
    fetcher.seek({ topic, partition: 1 }, 0);
    fetcher.pause({ topic, partition: 0 });
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["x"]);
    await driver.put(topic, ["y"], 1);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["y"]);
    fetcher.resume({ topic, partition: 0 });
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["b"]);
  });

  contract("a seek does not resume what is paused", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    await driver.put(topic, ["a"], 0);
    await driver.put(topic, ["x"], 1);
    const fetcher = await driver.reader(topic, 1);
    fetcher.pause({ topic, partition: 0 });
    fetcher.seek({ topic, partition: 0 }, 0);
    fetcher.seek({ topic, partition: 1 }, 0);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["x"]);
    fetcher.resume({ topic, partition: 0 });
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["a"]);
  });

  contract("a partition that was removed gives nothing more", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const fetcher = await driver.reader(topic);
    fetcher.seek({ topic, partition: 1 }, 0);
    await driver.put(topic, ["a"], 0);
    fetcher.remove({ topic, partition: 0 });
    await driver.put(topic, ["x"], 1);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["x"]);
  });

  contract("a seek back reads again", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a", "b"]);
    const fetcher = await driver.reader(topic);
    await driver.readCount(fetcher, 2);
    fetcher.seek({ topic, partition: 0 }, 1);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["b"]);
  });

  contract("an offset behind the end is an error until it is sought again", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a"]);
    const fetcher = await driver.reader(topic, 5);
    const outOfRange = { code: "SG6002", place: { topic, partition: 0, offset: 5 } };
    await assert.rejects(driver.readCount(fetcher, 1), outOfRange);
    await assert.rejects(driver.readCount(fetcher, 1), outOfRange);
    fetcher.seek({ topic, partition: 0 }, 0);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["a"]);
  });

  contract("an offset that is deleted is an error, never a silent jump", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a", "b"]);
    await driver.log.deleteRecords([{ topic, partition: 0, offset: 1 }]);
    const fetcher = await driver.reader(topic, 0);
    await assert.rejects(driver.readCount(fetcher, 1), { code: "SG6002" });
  });

  contract("a partition out of range costs the others no record", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    await driver.put(topic, ["a"], 0);
    await driver.put(topic, ["x"], 1);
    const fetcher = await driver.reader(topic, 9);
    fetcher.seek({ topic, partition: 1 }, 0);
    await assert.rejects(
      driver.read(fetcher, () => false),
      { code: "SG6002" },
    );
    fetcher.remove({ topic, partition: 0 });
    fetcher.seek({ topic, partition: 1 }, 0);
    assert.deepEqual(valuesOf(await driver.readCount(fetcher, 1)), ["x"]);
  });

  contract("a full partition does not starve another one", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const producer = await driver.log.producer({});
    const large = "x".repeat(500_000);
    for (let i = 0; i < 24; i++) {
      await producer.send({ topic, partition: 0 }, batchOf({ value: large }));
    }
    await driver.put(topic, ["small"], 1);
    const fetcher = await driver.reader(topic);
    fetcher.seek({ topic, partition: 1 }, 0);
    const records = await driver.readTo(fetcher, "small");
    assert.ok(records.length < 25, "the small one came before all of the large ones");
  });

  contract("one poll does not give all of a large backlog", async (driver) => {
    const topic = await driver.topic();
    const producer = await driver.log.producer({});
    for (let i = 0; i < 30; i++) {
      await producer.send({ topic, partition: 0 }, batchOf({ value: "x".repeat(900_000) }));
    }
    const fetcher = await driver.reader(topic);
    let most = 0;
    await driver.read(fetcher, (records, batches) => {
      most = Math.max(most, recordsOf(batches).length);
      return records.length === 30;
    });
    assert.ok(most < 30, `${most} records of 900 kB in one poll`);
  });

  contract("a batch that is kept outlives the next poll", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["kept", "too"]);
    const fetcher = await driver.reader(topic);
    const kept: ReturnType<typeof recordsOf>[number][] = [];
    const batches = [];
    while (batches.length === 0 || recordsOf(batches).length < 2) {
      for (const batch of await fetcher.poll(driver.under.pollMs)) batches.push(batch.keep());
    }
    await driver.put(topic, ["other values", "over the first"]);
    await driver.readCount(fetcher, 2);
    kept.push(...recordsOf(batches));
    assert.deepEqual(valuesOf(kept), ["kept", "too"]);
    assert.equal(batches.at(-1)?.keep().nextOffset, 2);
  });

  contract("two polls at once are refused", async (driver) => {
    const topic = await driver.topic();
    const fetcher = await driver.reader(topic);
    await driver.read(fetcher, (_, batches) => batches.length > 0);
    const first = fetcher.poll(30_000);
    await assert.rejects(fetcher.poll(0), { code: "SG6010" });
    await driver.put(topic, ["a"]);
    assert.equal(recordsOf(await first).length, 1);
  });

  contract("closing a fetcher ends its poll", async (driver) => {
    const fetcher = await driver.reader(await driver.topic());
    await driver.read(fetcher, (_, batches) => batches.length > 0);
    const polling = fetcher.poll(30_000);
    await fetcher.close();
    assert.deepEqual(await polling, []);
    await assert.rejects(fetcher.poll(0), { code: "SG6010" });
  });
}
