import assert from "node:assert/strict";
import type { Case } from "./case.ts";
import type { Driver, TestMember } from "./driver.ts";
import { offsetOf, valuesOf } from "./driver.ts";

/** A topic, and the one member that has it. */
async function single(driver: Driver): Promise<{ topic: string; member: TestMember }> {
  const topic = await driver.topic();
  const member = await driver.join("worker", {
    group: driver.under.unique("group"),
    topics: [topic],
  });
  await driver.share([member], 1);
  return { topic, member };
}

async function committed(member: TestMember, topic: string): Promise<readonly [number, string]> {
  const [found] = await member.member.committed([{ topic, partition: 0 }]);
  return [found?.offset ?? Number.NaN, found?.metadata ?? ""];
}

/** What a group remembers. */
export function offsetCases(contract: Case): void {
  contract("where nothing is committed the offset is -1", async (driver) => {
    const { topic, member } = await single(driver);
    assert.deepEqual(await committed(member, topic), [-1, ""]);
  });

  contract("an offset comes back with its metadata, and the last one counts", async (driver) => {
    const { topic, member } = await single(driver);
    await member.member.commit([offsetOf(topic, 5, "first")]);
    await member.member.commit([offsetOf(topic, 7, "zweites ü")]);
    assert.deepEqual(await committed(member, topic), [7, "zweites ü"]);
    await member.member.commit([offsetOf(topic, 3)]);
    assert.deepEqual(await committed(member, topic), [3, ""]);
  });

  contract("committed offsets are in the order asked", async (driver) => {
    const topic = await driver.topic({ partitions: 3 });
    const member = await driver.join("worker", {
      group: driver.under.unique("group"),
      topics: [topic],
    });
    await driver.share([member], 3);
    await member.member.commit([offsetOf(topic, 10, "", 0), offsetOf(topic, 12, "", 2)]);
    const places = [2, 1, 0].map((partition) => ({ topic, partition }));
    const found = await member.member.committed(places);
    assert.deepEqual(
      found.map(({ partition, offset }) => [partition, offset]),
      [
        [2, 12],
        [1, -1],
        [0, 10],
      ],
    );
  });

  contract("a member that comes later goes on where another has committed", async (driver) => {
    const { topic, member } = await single(driver);
    await driver.put(topic, ["a", "b", "c"]);
    await driver.settle([member], () => member.records.length === 3);
    await member.member.commit([offsetOf(topic, 2)]);
    await member.member.close();
    const next = await driver.join("next", {
      group: member.member.generation.group,
      topics: [topic],
    });
    await driver.settle([next], () => next.records.length > 0);
    assert.deepEqual(valuesOf(next.records), ["c"]);
  });

  contract("onRevoke commits, and the next owner goes on from there", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const group = driver.under.unique("group");
    for (const partition of [0, 1]) await driver.put(topic, ["a", "b"], partition);
    const first = await driver.join("first", {
      group,
      topics: [topic],
      onRevoke: async (partitions) => {
        const offsets = partitions.map(({ partition }) => offsetOf(topic, 1, "", partition));
        await first.member.commit(offsets);
      },
    });
    await driver.settle([first], () => first.records.length === 4);
    const second = await driver.join("second", { group, topics: [topic] });
    await driver.settle([first, second], () => second.records.length > 0);
    assert.deepEqual(valuesOf(second.records), ["b"]);
  });

  contract("a commit of a generation that is over is refused", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const group = driver.under.unique("group");
    const first = await driver.join("first", { group, topics: [topic] });
    await driver.share([first], 2);
    const old = first.member.generation;
    const second = await driver.join("second", { group, topics: [topic] });
    await driver.share([first, second], 1, 1);
    assert.notDeepEqual(first.member.generation, old);
    const producer = await driver.transactional();
    producer.begin();
    const [key] = first.held;
    const mine = offsetOf(topic, 1, "", Number(key?.at(-1)));
    await assert.rejects(producer.sendOffsets([mine], old), { code: "SG6006" });
    await producer.abort();
    producer.begin();
    await producer.sendOffsets([mine], first.member.generation);
    await producer.commit();
    assert.equal((await first.member.committed([mine]))[0]?.offset, 1);
  });

  contract("metadata of 4096 bytes is taken, and one more is not", async (driver) => {
    const { topic, member } = await single(driver);
    await member.member.commit([offsetOf(topic, 1, "ä".repeat(2_048))]);
    assert.deepEqual(await committed(member, topic), [1, "ä".repeat(2_048)]);
    const tooMuch = member.member.commit([offsetOf(topic, 2, `${"ä".repeat(2_048)}x`)]);
    await assert.rejects(tooMuch, { code: "SG6008" });
    assert.equal((await committed(member, topic))[0], 1);
  });

  contract("offsets in a transaction count once it is committed", async (driver) => {
    const { topic, member } = await single(driver);
    const producer = await driver.transactional();
    producer.begin();
    await producer.sendOffsets([offsetOf(topic, 4, "meta")], member.member.generation);
    await producer.commit();
    assert.deepEqual(await committed(member, topic), [4, "meta"]);
  });

  contract("offsets in an aborted transaction never count", async (driver) => {
    const { topic, member } = await single(driver);
    await member.member.commit([offsetOf(topic, 1)]);
    const producer = await driver.transactional();
    producer.begin();
    await producer.sendOffsets([offsetOf(topic, 4)], member.member.generation);
    await producer.abort();
    assert.equal((await committed(member, topic))[0], 1);
  });

  contract("committed waits for a transaction that holds the offset", async (driver) => {
    const { topic, member } = await single(driver);
    const producer = await driver.transactional();
    producer.begin();
    await producer.sendOffsets([offsetOf(topic, 9)], member.member.generation);
    let isKnown = false;
    const asking = committed(member, topic).then((found) => {
      isKnown = true;
      return found;
    });
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isKnown, false);
    await producer.commit();
    assert.equal((await asking)[0], 9);
  });

  contract("the last offset that a transaction sends for a partition counts", async (driver) => {
    const { topic, member } = await single(driver);
    const producer = await driver.transactional();
    producer.begin();
    await producer.sendOffsets([offsetOf(topic, 4)], member.member.generation);
    await producer.sendOffsets([offsetOf(topic, 6)], member.member.generation);
    await producer.commit();
    assert.equal((await committed(member, topic))[0], 6);
  });
}
