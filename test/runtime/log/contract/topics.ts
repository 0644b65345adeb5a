import assert from "node:assert/strict";
import type { Case } from "./case.ts";

export function topicCases(contract: Case): void {
  contract("a created topic is described with its settings", async (driver) => {
    const topic = await driver.topic({
      partitions: 3,
      cleanup: "compact",
      config: { "min.compaction.lag.ms": "600000" },
    });
    const [described] = await driver.log.describeTopics([topic]);
    assert.equal(described?.name, topic);
    assert.equal(described.partitions, 3);
    assert.equal(described.cleanup, "compact");
    assert.equal(described.config["min.compaction.lag.ms"], "600000");
  });

  contract("what does not exist is left out of a description", async (driver) => {
    const topic = await driver.topic();
    const described = await driver.log.describeTopics([driver.under.unique("nothing"), topic]);
    assert.deepEqual(
      described.map((one) => one.name),
      [topic],
    );
  });

  contract("creating a topic again does nothing", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["kept"]);
    await driver.log.createTopics([driver.settings({ name: topic, retentionMs: 1_000 })]);
    assert.deepEqual(await driver.visible(topic), ["kept"]);
  });

  contract("topics that exist otherwise are all listed, and none is created", async (driver) => {
    const two = await driver.topic({ partitions: 2 });
    const compacted = await driver.topic({ cleanup: "compact" });
    const fresh = driver.under.unique("fresh");
    const creating = driver.log.createTopics([
      driver.settings({ name: fresh }),
      driver.settings({ name: two, partitions: 3 }),
      driver.settings({ name: compacted, cleanup: "delete" }),
    ]);
    await assert.rejects(creating, (error: Error & { code: string }) => {
      assert.equal(error.code, "SG6004");
      assert.ok(error.message.includes(two) && error.message.includes(compacted), error.message);
      assert.ok(error.message.includes("3") && error.message.includes("compact"), error.message);
      return true;
    });
    assert.deepEqual(await driver.log.describeTopics([fresh]), []);
  });

  contract("a name that no topic can have is refused", async (driver) => {
    for (const name of ["", "a b", "a/b", "..", "é", "x".repeat(250)]) {
      const creating = driver.log.createTopics([driver.settings({ name })]);
      await assert.rejects(creating, { code: "SG6009" }, name);
    }
  });

  contract("a number of partitions that cannot be is refused", async (driver) => {
    for (const partitions of [0, -1, 1.5, 1e9]) {
      const name = driver.under.unique("topic");
      const creating = driver.log.createTopics([driver.settings({ name, partitions })]);
      await assert.rejects(creating, { code: "SG6009" }, String(partitions));
    }
  });

  contract("a new partition begins and ends at 0", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const places = [1, 0].map((partition) => ({ topic, partition }));
    assert.deepEqual(
      await driver.log.offsets(places),
      places.map((place) => ({ ...place, start: 0, end: 0, stableEnd: 0 })),
    );
  });

  contract("offsets of what does not exist are an error that names it", async (driver) => {
    const topic = await driver.topic();
    const missing = driver.under.unique("missing");
    await assert.rejects(driver.log.offsets([{ topic: missing, partition: 0 }]), {
      code: "SG6003",
      place: { topic: missing },
    });
    await assert.rejects(driver.log.offsets([{ topic, partition: 1 }]), {
      code: "SG6003",
      place: { topic, partition: 1 },
    });
  });

  contract("records before an offset are deleted", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a"]);
    await driver.put(topic, ["b", "c"]);
    await driver.log.deleteRecords([{ topic, partition: 0, offset: 1 }]);
    const [range] = await driver.log.offsets([{ topic, partition: 0 }]);
    assert.deepEqual([range?.start, range?.end], [1, 3]);
    assert.deepEqual(await driver.visible(topic, 1), ["b", "c"]);
  });

  contract("a batch that is deleted in part shows the rest only", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a", "b", "c"]);
    await driver.log.deleteRecords([{ topic, partition: 0, offset: 2 }]);
    assert.deepEqual(await driver.visible(topic, 2), ["c"]);
  });

  contract("deleting what is gone does nothing, what is to come is refused", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a", "b"]);
    await driver.log.deleteRecords([{ topic, partition: 0, offset: 2 }]);
    await driver.log.deleteRecords([{ topic, partition: 0, offset: 1 }]);
    const [range] = await driver.log.offsets([{ topic, partition: 0 }]);
    assert.deepEqual([range?.start, range?.end], [2, 2]);
    await assert.rejects(driver.log.deleteRecords([{ topic, partition: 0, offset: 3 }]), {
      code: "SG6002",
    });
  });
}
