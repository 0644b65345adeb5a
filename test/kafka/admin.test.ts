/** What tools do to a cluster. The embedded log passes the same cases. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { LogAdmin } from "../../runtime/log/admin.ts";
import { BatchWriter } from "../../runtime/log/batch-writer.ts";
import { kafkaAdmin } from "../../runtime/log/kafka/index.ts";
import { kafkaLog } from "../../runtime/log/kafka/kafka-log.ts";
import type { Log, TopicSettings } from "../../runtime/log/log.ts";
import { memoryLog } from "../../runtime/log/memory-log.ts";
import { settingsFor } from "./enter.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

interface Bench {
  readonly log: Log;
  readonly admin: LogAdmin;
}

let kafka: Promise<Bench> | undefined;

async function openKafka(): Promise<Bench> {
  const settings = settingsFor(await sharedKafka(), "plaintext");
  return { log: kafkaLog(settings), admin: kafkaAdmin(settings) };
}

after(async () => {
  const bench = await kafka;
  await bench?.admin.close();
  await bench?.log.close();
});

function contract(name: string, body: (bench: Bench) => Promise<void>): void {
  test(`embedded: ${name}`, async () => {
    const log = memoryLog();
    await body({ log, admin: log.admin() });
    await log.close();
  });
  test(`kafka: ${name}`, { skip: withoutKafka() }, async () => {
    kafka ??= openKafka();
    await body(await kafka);
  });
}

async function topic({ log }: Bench, more: Partial<TopicSettings> = {}): Promise<string> {
  const name = uniqueName("topic");
  const base = { partitions: 2, replicas: 1, cleanup: "delete", retentionMs: -1 } as const;
  await log.createTopics([{ name, ...base, config: {}, ...more }]);
  return name;
}

async function put({ log }: Bench, name: string, times: readonly number[]): Promise<void> {
  const producer = await log.producer({});
  for (const time of times) {
    const batch = new BatchWriter();
    batch.begin(time, Buffer.from("key")).append(Buffer.from("value"));
    batch.end();
    await producer.send({ topic: name, partition: 0 }, batch);
  }
  await producer.close();
}

const ignore = async (): Promise<void> => undefined;

contract("a group that nobody has used has no members and no offsets", async ({ admin }) => {
  const group = uniqueName("group");
  assert.deepEqual(await admin.members(group), []);
  assert.deepEqual(await admin.committed(group), []);
  await admin.deleteGroup(group);
});

contract("offsets that are set are there, in order, until the group is deleted", async (bench) => {
  const { admin } = bench;
  const [group, name] = [uniqueName("group"), await topic(bench)];
  const offsets = [1, 0].map((partition) => ({
    ...{ topic: name, partition, offset: partition + 5 },
    metadata: "m",
  }));
  await admin.setOffsets(group, offsets);
  assert.deepEqual(await admin.committed(group), [...offsets].reverse());
  await admin.deleteGroup(group);
  assert.deepEqual(await admin.committed(group), []);
});

contract("a group with a member is shown and left alone", async (bench) => {
  const { log, admin } = bench;
  const [group, name] = [uniqueName("group"), await topic(bench)];
  const hooks = { onAssign: ignore, onRevoke: ignore, onLost: ignore };
  const member = await log.join({
    ...{ group, topics: [name], copartitioned: [], rebalanceTimeoutMs: 10_000 },
    ...hooks,
  });
  while ((await admin.members(group)).length === 0) await member.poll(100);
  const [shown] = await admin.members(group);
  assert.ok(shown !== undefined && shown.client !== "" && shown.host !== "");
  await assert.rejects(admin.deleteGroup(group), /active member/);
  const offset = { topic: name, partition: 0, offset: 1, metadata: "" };
  await assert.rejects(admin.setOffsets(group, [offset]));
  await member.close();
  assert.deepEqual(await admin.members(group), []);
  await admin.deleteGroup(group);
});

contract("an offset is found by its time, and the end where nothing is as new", async (bench) => {
  const name = await topic(bench);
  await put(bench, name, [1000, 2000, 3000]);
  const places = [0, 1].map((partition) => ({ topic: name, partition }));
  const at = (time: number) => bench.log.offsetsAt(places, time);
  assert.deepEqual(await at(0), [0, 0]);
  assert.deepEqual(await at(2000), [1, 0]);
  assert.deepEqual(await at(2001), [2, 0]);
  assert.deepEqual(await at(9000), [3, 0]);
});

contract("deleted topics are gone, and may be made again at once", async (bench) => {
  const { log, admin } = bench;
  const name = await topic(bench);
  await put(bench, name, [1000]);
  await admin.deleteTopics([name, uniqueName("missing")]);
  assert.deepEqual(await log.describeTopics([name]), []);
  const settings = {
    name,
    partitions: 3,
    replicas: 1,
    cleanup: "delete",
    retentionMs: -1,
  } as const;
  await log.createTopics([{ ...settings, config: {} }]);
  const [range] = await log.offsets([{ topic: name, partition: 0 }]);
  assert.deepEqual([range?.start, range?.end], [0, 0]);
});

contract("a setting that is changed leaves the others as they are", async (bench) => {
  const { log, admin } = bench;
  const config = { "max.message.bytes": "2000000", "min.compaction.lag.ms": "5" };
  const name = await topic(bench, { config, retentionMs: 1000 });
  await admin.alterTopics([
    { topic: name, config: { "min.compaction.lag.ms": "7", "retention.ms": "-1" } },
    { topic: name, config: { "cleanup.policy": "compact" } },
  ]);
  const [found] = await log.describeTopics([name]);
  assert.deepEqual(
    [found?.retentionMs, found?.cleanup, found?.config["max.message.bytes"]],
    [-1, "compact", "2000000"],
  );
  assert.equal(found?.config["min.compaction.lag.ms"], "7");
});

test("kafka: a setting that brokers do not take is told in their words", {
  skip: withoutKafka(),
}, async () => {
  kafka ??= openKafka();
  const bench = await kafka;
  const name = await topic(bench);
  const changing = bench.admin.alterTopics([{ topic: name, config: { "retention.ms": "soon" } }]);
  await assert.rejects(changing, /cannot be changed: .*retention\.ms/);
});
