import assert from "node:assert/strict";
import type { Case } from "./case.ts";
import { offsetOf, type TestMember } from "./driver.ts";

const hasNo = (kind: string, member: TestMember): boolean =>
  member.events.every((event) => !event.startsWith(kind));

/** Who is a member, for how long, and what it may do when it is none any more. */
export function membershipCases(contract: Case): void {
  contract("a static member that comes back keeps its partitions", async (driver) => {
    const topic = await driver.topic({ partitions: 4 });
    const group = driver.under.unique("group");
    const options = { group, topics: [topic] };
    const first = await driver.join("first", { ...options, instanceId: "one" });
    const second = await driver.join("second", { ...options, instanceId: "two" });
    await driver.share([first, second], 2, 2);
    const before = first.held;
    const generation = second.member.generation.id;
    await first.member.close();
    await driver.settle([second], () => true);
    const again = await driver.join("again", { ...options, instanceId: "one" });
    await driver.share([again, second], 2, 2);
    assert.deepEqual(again.held, before);
    assert.equal(second.member.generation.id, generation);
    assert.ok(hasNo("revoke", second), second.events.join("; "));
  });

  contract(
    "a newer member with the same instance id takes the older one's place",
    async (driver) => {
      const topic = await driver.topic({ partitions: 2 });
      const options = { group: driver.under.unique("group"), topics: [topic], instanceId: "one" };
      const older = await driver.join("older", options);
      await driver.share([older], 2);
      const generation = older.member.generation;
      const newer = await driver.join("newer", options);
      await driver.share([newer], 2);
      await assert.rejects(
        driver.settle([older], () => false),
        { code: "SG6005" },
      );
      assert.equal(older.events.at(-1), `lost ${topic}/0 ${topic}/1`);
      const producer = await driver.transactional();
      producer.begin();
      await assert.rejects(producer.sendOffsets([offsetOf(topic, 0)], generation), {
        code: "SG6006",
      });
      await producer.abort();
    },
  );

  contract("a member that left cannot commit any more", async (driver) => {
    const topic = await driver.topic();
    const member = await driver.join("worker", {
      group: driver.under.unique("group"),
      topics: [topic],
    });
    await driver.share([member], 1);
    const { generation } = member.member;
    await member.member.close();
    await assert.rejects(member.member.commit([offsetOf(topic, 0)]), { code: "SG6006" });
    const producer = await driver.transactional();
    producer.begin();
    await assert.rejects(producer.sendOffsets([offsetOf(topic, 0)], generation), {
      code: "SG6006",
    });
    await producer.abort();
  });

  contract("leaving calls no hook", async (driver) => {
    const topic = await driver.topic();
    const member = await driver.join("worker", {
      group: driver.under.unique("group"),
      topics: [topic],
    });
    await driver.share([member], 1);
    await member.member.close();
    assert.deepEqual(member.events, [`assign ${topic}/0`]);
  });

  contract("leaving ends a poll that is under way", async (driver) => {
    const topic = await driver.topic();
    for (const instanceId of [undefined, "static"]) {
      const member = await driver.join("worker", {
        group: driver.under.unique("group"),
        topics: [topic],
        ...(instanceId === undefined ? {} : { instanceId }),
      });
      await driver.share([member], 1);
      await member.poll();
      const polling = member.member.poll(30_000);
      await member.member.close();
      assert.deepEqual(await polling, []);
      await assert.rejects(member.member.poll(0), { code: "SG6010" });
    }
  });

  contract(
    "a member that falls silent is expelled, and another takes over",
    async (driver) => {
      const topic = await driver.topic({ partitions: 2 });
      const group = driver.under.unique("group");
      const silent = await driver.join("silent", { group, topics: [topic] });
      const other = await driver.join("other", { group, topics: [topic] });
      await driver.share([silent, other], 1, 1);
      const lost = silent.held;
      const { control } = driver;
      for (let i = 0; i < 4; i++) {
        await control.advance(control.sessionTimeoutMs / 3);
        await other.poll();
      }
      await driver.share([other], 2);
      assert.ok(hasNo("revoke", silent), "the expelled one is not asked");
      const commit = silent.member.commit([offsetOf(topic, 0, "", Number(lost[0]?.at(-1)))]);
      await assert.rejects(commit, { code: "SG6006" });
      await driver.share([silent, other], 1, 1);
      assert.equal(silent.events[1], `lost ${lost.join(" ")}`);
      assert.equal(silent.events[2]?.split(" ")[0], "assign");
    },
    "control",
  );

  contract(
    "a member inside a long hook is not taken for silent",
    async (driver) => {
      const topic = await driver.topic();
      const { control } = driver;
      const member = await driver.join("worker", {
        group: driver.under.unique("group"),
        topics: [topic],
        rebalanceTimeoutMs: 1e9,
        onAssign: async (partitions) => {
          await control.advance(control.sessionTimeoutMs * 3);
          await member.resume(partitions);
        },
      });
      await driver.share([member], 1);
      await member.poll();
      assert.deepEqual(member.events, [`assign ${topic}/0`]);
      await member.member.commit([offsetOf(topic, 0)]);
    },
    "control",
  );

  contract(
    "a member that holds on to what is revoked is expelled in the end",
    async (driver) => {
      const topic = await driver.topic({ partitions: 2 });
      const group = driver.under.unique("group");
      let letGo = (): void => undefined;
      const slow = await driver.join("slow", {
        group,
        topics: [topic],
        rebalanceTimeoutMs: 5_000,
        onRevoke: () =>
          new Promise((resolve) => {
            letGo = resolve;
          }),
      });
      await driver.share([slow], 2);
      const other = await driver.join("other", { group, topics: [topic] });
      const polling = slow.poll();
      await driver.settle([other], () => true);
      assert.deepEqual(other.held, []);
      await driver.control.advance(5_001);
      await driver.share([other], 2);
      letGo();
      await polling;
      assert.deepEqual(slow.events.slice(0, 3), [
        `assign ${topic}/0 ${topic}/1`,
        `revoke ${topic}/1`,
        `lost ${topic}/0 ${topic}/1`,
      ]);
    },
    "control",
  );

  contract(
    "a static member's partitions go to others when its session ends",
    async (driver) => {
      const topic = await driver.topic({ partitions: 2 });
      const options = { group: driver.under.unique("group"), topics: [topic] };
      const gone = await driver.join("gone", { ...options, instanceId: "gone" });
      const other = await driver.join("other", { ...options, instanceId: "other" });
      await driver.share([gone, other], 1, 1);
      await gone.member.close();
      await driver.settle([other], () => true);
      assert.equal(other.held.length, 1);
      const { control } = driver;
      for (let i = 0; i < 4; i++) {
        await control.advance(control.sessionTimeoutMs / 3);
        await other.poll();
      }
      await driver.share([other], 2);
    },
    "control",
  );
}
