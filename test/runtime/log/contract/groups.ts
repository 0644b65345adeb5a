import assert from "node:assert/strict";
import type { Case } from "./case.ts";
import type { Driver, TestMember } from "./driver.ts";
import { offsetOf, valuesOf } from "./driver.ts";

const keysOf = (topic: string, count: number): string[] =>
  Array.from({ length: count }, (_, partition) => `${topic}/${partition}`);

/** A topic of four partitions, and members of one group that read it. */
async function team(
  driver: Driver,
  size: number,
): Promise<{ topic: string; members: TestMember[] }> {
  const topic = await driver.topic({ partitions: 4 });
  const group = driver.under.unique("group");
  const members: TestMember[] = [];
  for (let i = 0; i < size; i++) {
    members.push(await driver.join(`worker-${i}`, { group, topics: [topic] }));
  }
  return { topic, members };
}

const allHeld = (members: readonly TestMember[]): string[] =>
  members.flatMap((member) => member.held).sort();

export function groupCases(contract: Case): void {
  contract("a member alone gets every partition, in its first polls", async (driver) => {
    const { topic, members } = await team(driver, 1);
    const [alone] = members as [TestMember];
    assert.deepEqual(alone.held, []);
    await driver.share(members, 4);
    assert.deepEqual(alone.held, keysOf(topic, 4));
    assert.deepEqual(alone.events, [`assign ${keysOf(topic, 4).join(" ")}`]);
  });

  contract("a member gets records of all its partitions", async (driver) => {
    const { topic, members } = await team(driver, 1);
    const [alone] = members as [TestMember];
    for (let partition = 0; partition < 4; partition++) {
      await driver.put(topic, [`p${partition}`], partition);
    }
    await driver.settle(members, () => alone.records.length === 4);
    assert.deepEqual([...valuesOf(alone.records)].sort(), ["p0", "p1", "p2", "p3"]);
  });

  contract("no record is given before onAssign has ended", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a"]);
    const order: string[] = [];
    const member = await driver.join("worker", {
      group: driver.under.unique("group"),
      topics: [topic],
      onAssign: async (partitions) => {
        order.push("assigning");
        await new Promise((resolve) => setImmediate(resolve));
        await member.resume(partitions);
        order.push("assigned");
      },
    });
    await driver.settle([member], () => member.records.length > 0);
    order.push("records");
    assert.deepEqual(order, ["assigning", "assigned", "records"]);
  });

  contract("a second member gets half, and only that is revoked", async (driver) => {
    const { topic, members } = await team(driver, 1);
    const [first] = members as [TestMember];
    await driver.share(members, 4);
    const second = await driver.join("second", {
      group: first.member.generation.group,
      topics: [topic],
    });
    await driver.share([first, second], 2, 2);
    assert.deepEqual(allHeld([first, second]), keysOf(topic, 4));
    assert.equal(first.events.length, 2, first.events.join("; "));
    assert.equal(first.events[1], `revoke ${second.held.join(" ")}`);
    assert.deepEqual(second.events, [`assign ${second.held.join(" ")}`]);
  });

  contract("nobody gets a partition before its revocation has been waited for", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const group = driver.under.unique("group");
    const order: string[] = [];
    const first = await driver.join("first", {
      group,
      topics: [topic],
      onRevoke: async () => {
        order.push("revoking");
        for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
        order.push("revoked");
      },
    });
    await driver.share([first], 2);
    const second = await driver.join("second", {
      group,
      topics: [topic],
      onAssign: async (partitions) => {
        order.push("assigned");
        await second.resume(partitions);
      },
    });
    await driver.share([first, second], 1, 1);
    assert.deepEqual(order, ["revoking", "revoked", "assigned"]);
  });

  contract("who stays keeps what it has when another leaves", async (driver) => {
    const { topic, members } = await team(driver, 2);
    const [first, second] = members as [TestMember, TestMember];
    await driver.share(members, 2, 2);
    const before = first.held;
    const count = first.events.length;
    await second.member.close();
    await driver.share([first], 4);
    assert.deepEqual(allHeld([first]), keysOf(topic, 4));
    assert.ok(
      first.events.slice(count).every((event) => !event.startsWith("revoke")),
      first.events.join("; "),
    );
    assert.deepEqual(
      first.held.filter((key) => before.includes(key)),
      before,
    );
  });

  contract("a member that waits in a poll is told of a rebalance at once", async (driver) => {
    const { topic, members } = await team(driver, 1);
    const [first] = members as [TestMember];
    await driver.share(members, 4);
    await first.poll();
    let isPolling = true;
    const polling = (async () => {
      while (isPolling) await first.member.poll(30_000);
    })();
    const second = await driver.join("second", {
      group: first.member.generation.group,
      topics: [topic],
    });
    await driver.share([second], 2);
    isPolling = false;
    await driver.put(topic, ["wake up"], Number(first.held[0]?.at(-1)));
    await polling;
    assert.equal(first.held.length, 2);
  });

  contract("three members share four partitions, each partition once", async (driver) => {
    const { topic, members } = await team(driver, 3);
    const isShared = (): boolean => members.every((member) => member.held.length > 0);
    await driver.settle(members, () => isShared() && allHeld(members).length === 4);
    assert.deepEqual(allHeld(members), keysOf(topic, 4));
    assert.deepEqual(members.map((member) => member.held.length).sort(), [1, 1, 2]);
  });

  contract("a member too many waits, and takes over when one leaves", async (driver) => {
    const topic = await driver.topic();
    const group = driver.under.unique("group");
    const first = await driver.join("first", { group, topics: [topic] });
    await driver.share([first], 1);
    const spare = await driver.join("spare", { group, topics: [topic] });
    await driver.settle([first, spare], () => spare.member.generation.id >= 0);
    assert.deepEqual([first.held.length, spare.held.length], [1, 0]);
    await first.member.close();
    await driver.share([spare], 1);
    assert.deepEqual(spare.events, [`assign ${topic}/0`]);
  });

  contract("equal partitions of co-partitioned topics go to one member", async (driver) => {
    const left = await driver.topic({ name: "left", partitions: 3 });
    const right = await driver.topic({ name: "right", partitions: 3 });
    const options = {
      group: driver.under.unique("group"),
      topics: [left, right],
      copartitioned: [[left, right]],
    };
    const first = await driver.join("first", options);
    await driver.share([first], 6);
    const second = await driver.join("second", options);
    await driver.settle(
      [first, second],
      () => second.held.length > 0 && allHeld([first, second]).length === 6,
    );
    for (const member of [first, second]) {
      assert.ok(member.held.length > 0);
      for (const key of member.held.filter((one) => one.startsWith(left))) {
        assert.ok(member.held.includes(key.replace(left, right)), `${key} is alone`);
      }
    }
  });

  contract("topics of different sizes are read side by side", async (driver) => {
    const small = await driver.topic({ partitions: 1 });
    const large = await driver.topic({ partitions: 5 });
    const group = driver.under.unique("group");
    const first = await driver.join("first", { group, topics: [small, large] });
    const second = await driver.join("second", { group, topics: [large, small] });
    const members = [first, second];
    await driver.share(members, 3, 3);
    assert.deepEqual(allHeld(members), [...keysOf(large, 5), ...keysOf(small, 1)].sort());
  });

  contract("each record is read by one member, also over rebalances", async (driver) => {
    const { topic, members } = await team(driver, 1);
    const [first] = members as [TestMember];
    const group = first.member.generation.group;
    const commitOnRevoke = async (member: TestMember): Promise<void> => {
      for (const key of member.held) {
        const partition = Number(key.split("/")[1]);
        const mine = member.records.filter((record) => record.partition === partition);
        const next = (mine.at(-1)?.offset ?? -1) + 1;
        if (mine.length > 0) await member.member.commit([offsetOf(topic, next, "", partition)]);
      }
    };
    for (let i = 0; i < 40; i++) await driver.put(topic, [`a${i}`], i % 4);
    await driver.settle(members, () => first.records.length === 40);
    await commitOnRevoke(first);
    const second = await driver.join("second", { group, topics: [topic] });
    await driver.share([first, second], 2, 2);
    for (let i = 0; i < 40; i++) await driver.put(topic, [`b${i}`], i % 4);
    const both = (): string[] =>
      [first, second].flatMap((one) => one.records.map((record) => `${record.value}`)).sort();
    await driver.settle([first, second], () => both().length >= 80);
    assert.equal(new Set(both()).size, 80);
    assert.equal(both().length, 80);
    assert.ok(second.records.length > 0);
  });

  contract("two groups read the same records, each at its own pace", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a", "b"]);
    const one = await driver.join("one", { group: driver.under.unique("one"), topics: [topic] });
    const two = await driver.join("two", { group: driver.under.unique("two"), topics: [topic] });
    await driver.settle([one], () => one.records.length === 2);
    await one.member.commit([offsetOf(topic, 2)]);
    await driver.settle([two], () => two.records.length === 2);
    assert.equal((await two.member.committed([{ topic, partition: 0 }]))[0]?.offset, -1);
  });

  contract("a partition that onAssign does not seek gives nothing until it is", async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    await driver.put(topic, ["a"], 0);
    await driver.put(topic, ["x"], 1);
    const member = await driver.join("worker", {
      group: driver.under.unique("group"),
      topics: [topic],
      onAssign: async () => member.member.seek({ topic, partition: 1 }, 0),
    });
    await driver.settle([member], () => member.records.length > 0);
    for (let i = 0; i < 3; i++) await member.poll();
    assert.deepEqual(valuesOf(member.records), ["x"]);
    member.member.seek({ topic, partition: 0 }, 0);
    await driver.settle([member], () => member.records.length === 2);
    assert.deepEqual(valuesOf(member.records), ["x", "a"]);
  });

  contract("a member pauses one partition and reads the others", async (driver) => {
    const { topic, members } = await team(driver, 1);
    const [alone] = members as [TestMember];
    await driver.share(members, 4);
    alone.member.pause({ topic, partition: 2 });
    for (let partition = 0; partition < 4; partition++) {
      await driver.put(topic, [`p${partition}`], partition);
    }
    await driver.settle(members, () => alone.records.length === 3);
    assert.deepEqual([...valuesOf(alone.records)].sort(), ["p0", "p1", "p3"]);
    alone.member.resume({ topic, partition: 2 });
    await driver.settle(members, () => alone.records.length === 4);
    assert.equal(valuesOf(alone.records)[3], "p2");
  });

  contract("a hook that throws makes the poll throw, and is called again", async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a"]);
    let calls = 0;
    const member = await driver.join("worker", {
      group: driver.under.unique("group"),
      topics: [topic],
      onAssign: async (partitions) => {
        if (++calls === 1) throw new Error("not yet");
        await member.resume(partitions);
      },
    });
    await assert.rejects(
      driver.settle([member], () => false),
      /not yet/,
    );
    assert.deepEqual(member.records, []);
    await driver.settle([member], () => member.records.length === 1);
    assert.equal(calls, 2);
  });

  contract("a topic that does not exist cannot be joined", async (driver) => {
    const missing = driver.under.unique("missing");
    const joining = driver.join("worker", { group: driver.under.unique("g"), topics: [missing] });
    await assert.rejects(joining, { code: "SG6003", place: { topic: missing } });
  });
}
