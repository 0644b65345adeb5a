import assert from "node:assert/strict";
import type { Case } from "./case.ts";
import { offsetOf, recordsOf } from "./driver.ts";

/** Of two producers with one transactional id, the newer one counts. */
export function fencingCases(contract: Case): void {
  contract("a newer producer aborts what the older one left open", async (driver) => {
    const topic = await driver.topic();
    const id = driver.under.unique("id");
    const older = await driver.transactional(id);
    older.begin();
    await driver.send(older, topic, ["bad"]);
    const newer = await driver.transactional(id);
    await driver.transaction(newer, topic, ["good"], "commit");
    assert.deepEqual(await driver.visible(topic), ["good"]);
  });

  contract("a fenced producer can send nothing", async (driver) => {
    const topic = await driver.topic();
    const id = driver.under.unique("id");
    const older = await driver.transactional(id);
    const newer = await driver.transactional(id);
    older.begin();
    await assert.rejects(driver.send(older, topic, ["bad"]), { code: "SG6005" });
    await assert.rejects(driver.send(older, topic, ["bad"]), { code: "SG6005" });
    await assert.rejects(older.commit(), { code: "SG6005" });
    assert.throws(() => older.begin(), { code: "SG6005" });
    await driver.transaction(newer, topic, ["good"], "commit");
    assert.deepEqual(await driver.visible(topic), ["good"]);
  });

  contract("a fenced producer cannot commit what it had sent", async (driver) => {
    const topic = await driver.topic();
    const id = driver.under.unique("id");
    const older = await driver.transactional(id);
    older.begin();
    await driver.send(older, topic, ["bad"]);
    await driver.transactional(id);
    await assert.rejects(older.commit(), { code: "SG6005" });
    assert.deepEqual(await driver.visible(topic), []);
  });

  contract("a fenced producer cannot commit offsets", async (driver) => {
    const topic = await driver.topic();
    const id = driver.under.unique("id");
    const member = await driver.join("worker", {
      group: driver.under.unique("group"),
      topics: [topic],
    });
    await driver.share([member], 1);
    const older = await driver.transactional(id);
    older.begin();
    await older.sendOffsets([offsetOf(topic, 3)], member.member.generation);
    const newer = await driver.transactional(id);
    await assert.rejects(older.commit(), { code: "SG6005" });
    const [found] = await member.member.committed([{ topic, partition: 0 }]);
    assert.equal(found?.offset, -1);
    newer.begin();
    await newer.sendOffsets([offsetOf(topic, 5)], member.member.generation);
    await newer.commit();
    assert.equal((await member.member.committed([{ topic, partition: 0 }]))[0]?.offset, 5);
  });

  contract("what was committed before the fencing stays committed", async (driver) => {
    const topic = await driver.topic();
    const id = driver.under.unique("id");
    const older = await driver.transactional(id);
    await driver.transaction(older, topic, ["good"], "commit");
    await driver.transactional(id);
    assert.deepEqual(await driver.visible(topic), ["good"]);
  });

  contract("producers of different ids do not fence each other", async (driver) => {
    const topic = await driver.topic();
    const one = await driver.transactional();
    const two = await driver.transactional();
    await driver.transaction(one, topic, ["one"], "commit");
    await driver.transaction(two, topic, ["two"], "commit");
    await driver.transaction(one, topic, ["three"], "commit");
    assert.deepEqual(await driver.visible(topic), ["one", "two", "three"]);
  });

  contract("a producer of the same id in another process fences too", async (driver) => {
    const topic = await driver.topic();
    const id = driver.under.unique("id");
    const zombie = await driver.transactional(id, driver.under.connect("zombie"));
    zombie.begin();
    await driver.send(zombie, topic, ["bad"]);
    const present = await driver.transactional(id, driver.under.connect("present"));
    await assert.rejects(driver.send(zombie, topic, ["bad"]), { code: "SG6005" });
    await driver.transaction(present, topic, ["good"], "commit");
    assert.deepEqual(await driver.visible(topic), ["good"]);
  });

  contract(
    "a transaction that is open for too long is aborted, and its producer replaced",
    async (driver) => {
      const topic = await driver.topic();
      const id = driver.under.unique("id");
      const slow = await driver.transactional(id);
      slow.begin();
      await driver.send(slow, topic, ["bad"]);
      const fetcher = await driver.reader(topic);
      await driver.control.advance(9_999);
      assert.deepEqual(recordsOf(await fetcher.poll(0)), []);
      await driver.put(topic, ["behind"]);
      assert.deepEqual(recordsOf(await fetcher.poll(0)), []);
      await driver.control.advance(1);
      await driver.readTo(fetcher, "behind");
      await assert.rejects(slow.commit(), { code: "SG6007" });
      assert.throws(() => slow.begin(), { code: "SG6007" });
      const next = await driver.transactional(id);
      await driver.transaction(next, topic, ["good"], "commit");
      assert.deepEqual(await driver.visible(topic), ["behind", "good"]);
    },
    "control",
  );
}
