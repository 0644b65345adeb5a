import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { TopicPartition } from "../../runtime/log/log.ts";
import { partitionKey } from "../../runtime/log/partition-key.ts";
import { random } from "../random.ts";
import {
  type Driver,
  offsetOf,
  type TestMember,
  valuesOf,
} from "../runtime/log/contract/driver.ts";
import { settingsFor, withLog } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

/** What only time shows: how long a member may be silent on Kafka. */
const skip = withoutKafka();

async function withDriver(body: (driver: Driver) => Promise<void>): Promise<void> {
  const kafka = await sharedKafka();
  await withLog(settingsFor(kafka, "plaintext"), body, { heartbeatMs: 100, fetchWaitMs: 200 });
}

test("a member whose worker does not poll any more is expelled, and comes back", {
  skip,
}, async () => {
  await withDriver(async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const group = uniqueName("group");
    const options = { group, topics: [topic], sessionTimeoutMs: 3_000 };
    const stuck = await driver.join("stuck", { ...options, rebalanceTimeoutMs: 1_000 });
    const other = await driver.join("other", options);
    await driver.share([stuck, other], 1, 1);
    const held = stuck.held;
    await pause(1_200);
    await driver.share([other], 2);
    const late = stuck.member.commit([offsetOf(topic, 0, "", Number(held[0]?.at(-1)))]);
    await assert.rejects(late, { code: "SG6006" });
    const told = stuck.events.length;
    await driver.share([stuck, other], 1, 1);
    assert.equal(stuck.events[told], `lost ${held.join(" ")}`);
    assert.match(stuck.events.at(-1) ?? "", /^assign /);
    await Promise.all([stuck.log.close(), other.log.close()]);
  });
});

test("a member that does not let go of what it has to is expelled", { skip }, async () => {
  await withDriver(async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const group = uniqueName("group");
    let letGo = (): void => undefined;
    const slow = await driver.join("slow", {
      ...{ group, topics: [topic], rebalanceTimeoutMs: 1_000 },
      onRevoke: () =>
        new Promise((resolve) => {
          letGo = resolve;
        }),
    });
    await driver.share([slow], 2);
    const other = await driver.join("other", { group, topics: [topic] });
    const polling = (async () => {
      while (slow.events.length < 3) await slow.poll();
    })();
    await driver.share([other], 2);
    letGo();
    await polling;
    assert.deepEqual(
      slow.events.slice(0, 3).map((event) => event.split(" ")[0]),
      ["assign", "revoke", "lost"],
    );
    assert.equal(slow.events[2], `lost ${topic}/0 ${topic}/1`);
    await Promise.all([slow.log.close(), other.log.close()]);
  });
});

test("a member inside a long hook stays in its group beyond its session", { skip }, async () => {
  await withDriver(async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a"]);
    const member = await driver.join("worker", {
      ...{ group: uniqueName("group"), topics: [topic] },
      ...{ sessionTimeoutMs: 600, rebalanceTimeoutMs: 600 },
      onAssign: async (partitions) => {
        await pause(2_000);
        await member.resume(partitions);
      },
    });
    await driver.settle([member], () => member.records.length === 1);
    await member.member.commit([offsetOf(topic, 1)]);
    assert.deepEqual(member.events, [`assign ${topic}/0`]);
    await member.log.close();
  });
});

test("a member that is gone without a word loses its partitions with its session", {
  skip,
}, async () => {
  await withDriver(async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const options = { group: uniqueName("group"), topics: [topic], sessionTimeoutMs: 1_000 };
    const gone = await driver.join("gone", { ...options, instanceId: "gone" });
    const other = await driver.join("other", { ...options, instanceId: "other" });
    await driver.share([gone, other], 1, 1);
    // A static member leaves without telling its group.
    await gone.log.close();
    await driver.settle([other], () => true);
    assert.equal(other.held.length, 1);
    await driver.share([other], 2);
    await other.log.close();
  });
});

test("a static member that is gone while it lets go leaves nothing to nobody", {
  skip,
}, async () => {
  await withDriver(async (driver) => {
    const topic = await driver.topic({ partitions: 2 });
    const options = { group: uniqueName("group"), topics: [topic] };
    const hanging = await driver.join("hanging", {
      ...{ ...options, instanceId: "one" },
      onRevoke: () => new Promise(() => undefined),
    });
    await driver.share([hanging], 2);
    const other = await driver.join("other", options);
    void (async () => {
      while (hanging.events.length < 2) await hanging.poll();
    })();
    while (hanging.events.length < 2) await other.poll();
    assert.match(hanging.events[1] ?? "", /^revoke /);
    await hanging.log.close();
    const back = await driver.join("back", { ...options, instanceId: "one" });
    await driver.share([back, other], 1, 1);
    await Promise.all([back.log.close(), other.log.close()]);
  });
});

test("commits go on while a group waits for one of its members", { skip }, async () => {
  await withDriver(async (driver) => {
    const topic = await driver.topic({ partitions: 3 });
    const options = { group: uniqueName("group"), topics: [topic] };
    const gone = await driver.join("gone", { ...options, instanceId: "gone" });
    const worker = await driver.join("worker", options);
    await driver.share([gone, worker], ...([2, 1].includes(gone.held.length) ? [1, 2] : [2, 1]));
    await gone.log.close();
    const third = await driver.join("third", options);
    await pause(500);
    const partition = Number(worker.held[0]?.at(-1));
    await worker.member.commit([offsetOf(topic, 7, "meanwhile", partition)]);
    const [found] = await worker.member.committed([{ topic, partition }]);
    assert.deepEqual(found, { topic, partition, offset: 7, metadata: "meanwhile" });
    await Promise.all([worker.log.close(), third.log.close()]);
  });
});

test("whoever comes and goes, no partition has two, and in the end each has one", {
  skip,
}, async () => {
  await withDriver(async (driver) => {
    const seed = 848;
    const { int, chance, pick } = random(seed);
    const partitions = 8;
    const topic = await driver.topic({ partitions });
    const group = uniqueName("group");
    const ownerByKey = new Map<string, string>();
    const failures: string[] = [];
    const members = new Map<string, { readonly member: TestMember; stop(): Promise<void> }>();
    const join = async (name: string): Promise<void> => {
      const release = (places: readonly TopicPartition[]): void => {
        for (const place of places) ownerByKey.delete(partitionKey(place));
      };
      const member = await driver.join(name, {
        ...{ group, topics: [topic] },
        onAssign: async (places) => {
          for (const key of places.map(partitionKey)) {
            const owner = ownerByKey.get(key);
            if (owner !== undefined) failures.push(`${key} of ${owner} is given to ${name}`);
            ownerByKey.set(key, name);
          }
          await pause(int(30));
        },
        onRevoke: async (places) => {
          await pause(int(60));
          release(places);
        },
      });
      let isStopped = false;
      const polling = (async () => {
        while (!isStopped) {
          await member.poll();
          if (chance(0.5)) await pause(int(400));
        }
      })();
      const stop = async (): Promise<void> => {
        isStopped = true;
        await polling;
        release(member.member.assignment);
        await member.log.close();
      };
      members.set(name, { member, stop });
    };
    for (let round = 0; round < 40; round++) {
      if (members.size < 2 || (members.size < 6 && chance(0.5))) await join(`m${round}`);
      else {
        const name = pick([...members.keys()]);
        const leaving = members.get(name);
        members.delete(name);
        await leaving?.stop();
      }
      await pause(int(150));
    }
    const counts = (): readonly number[] =>
      [...members.values()].map(({ member }) => member.held.length).sort();
    const each = Math.floor(partitions / members.size);
    const more = partitions % members.size;
    const even = [...members.keys()].map((_, i) => (i < members.size - more ? each : each + 1));
    // While the group still divides its partitions anew, any number of them may be with nobody.
    for (let tries = 0; tries < 300 && counts().join() !== even.join(); tries++) await pause(100);
    const settled = counts();
    await pause(500);
    const later = counts();
    for (const { stop } of members.values()) await stop();
    assert.deepEqual(settled, even, `seed ${seed}`);
    assert.deepEqual(later, even, `seed ${seed}`);
    assert.deepEqual(failures, [], `seed ${seed}`);
  });
});

test("members of another kind in the group are an error that says so", { skip }, async () => {
  const { Kafka, logLevel } = await import("kafkajs");
  const { bootstrap } = await sharedKafka();
  await withDriver(async (driver) => {
    const topic = await driver.topic();
    await driver.put(topic, ["a"]);
    const group = uniqueName("group");
    const client = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING });
    const consumer = client.consumer({ groupId: group });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise<void>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve());
    });
    await consumer.run({ eachMessage: async () => undefined });
    await joined;
    const member = await driver.join("worker", { group, topics: [topic] });
    await assert.rejects(
      driver.settle([member], () => false),
      { code: "SG6026", message: new RegExp(`"${group}".*another kind`) },
    );
    await Promise.all([consumer.disconnect(), member.log.close()]);
  });
});

test("a group that grows gives every record", {
  skip,
}, async () => {
  await withDriver(async (driver) => {
    const topic = await driver.topic({ partitions: 4 });
    const options = { group: uniqueName("group"), topics: [topic] };
    const members = [await driver.join("m0", options)];
    let sent = 0;
    const put = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++, sent++) await driver.put(topic, [`${sent}`], sent % 4);
    };
    for (let i = 1; i < 4; i++) {
      await put(20);
      members.push(await driver.join(`m${i}`, options));
      await driver.settle(members, () => members.every(({ held }) => held.length > 0));
    }
    await put(20);
    const all = (): readonly (string | null)[] =>
      valuesOf(members.flatMap((member) => member.records));
    await driver.settle(members, () => new Set(all()).size === sent);
    await Promise.all(members.map((member) => member.log.close()));
  });
});
