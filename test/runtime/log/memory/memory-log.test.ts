import assert from "node:assert/strict";
import test from "node:test";
import { type ManualClock, manualClock, systemClock } from "../../../../runtime/clock.ts";
import type { FetchedBatch, GroupMember } from "../../../../runtime/log/log.ts";
import type { LogCall } from "../../../../runtime/log/memory/faults.ts";
import {
  type MemoryLog,
  type MemoryLogOptions,
  memoryLog,
} from "../../../../runtime/log/memory-log.ts";
import { batchOf, offsetOf, recordsOf, valuesOf } from "../contract/driver.ts";

const place = { topic: "t", partition: 0 };

async function fresh(
  options: MemoryLogOptions = {},
  config: Readonly<Record<string, string>> = {},
): Promise<{ log: MemoryLog; clock: ManualClock }> {
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock, ...options });
  const settings = { partitions: 1, replicas: 1, retentionMs: -1, config };
  await log.createTopics([
    { name: "t", cleanup: "delete", ...settings },
    { name: "table", cleanup: "compact", ...settings },
  ]);
  return { log, clock };
}

async function joined(log: Pick<MemoryLog, "join">, topic = "t"): Promise<GroupMember> {
  const member = await log.join({
    group: "g",
    topics: [topic],
    copartitioned: [],
    rebalanceTimeoutMs: 60_000,
    onRevoke: async () => undefined,
    onLost: async () => undefined,
    onAssign: async (partitions) => {
      for (const partition of partitions) member.seek(partition, 0);
    },
  });
  await member.poll(0);
  return member;
}

/** Lets everything happen that needs no turn of the clock. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  promise.then(
    () => (pending = false),
    () => (pending = false),
  );
  await settle();
  return pending;
}

test("without a clock the embedded log goes by the wall clock", async () => {
  const log = memoryLog();
  const fetcher = await log.fetcher();
  const before = systemClock.now();
  assert.deepEqual(await fetcher.poll(5), []);
  assert.ok(systemClock.now() - before >= 4);
});

test("a refused call does nothing and may be tried again", async () => {
  const { log } = await fresh();
  const producer = await log.producer({});
  log.faults.next("send", "refuse");
  await assert.rejects(producer.send(place, batchOf({ value: "a" })), { code: "SG6012" });
  await producer.send(place, batchOf({ value: "a" }));
  assert.deepEqual(valuesOf(log.records("t")), ["a"]);
});

test("a lost answer leaves the effect", async () => {
  const { log } = await fresh();
  const producer = await log.producer({});
  log.faults.next("send", "lose");
  await assert.rejects(producer.send(place, batchOf({ value: "a" })), { code: "SG6011" });
  assert.deepEqual(valuesOf(log.records("t")), ["a"]);
});

test("a request that arrives twice takes effect once", async () => {
  const { log } = await fresh();
  const member = await joined(log);
  const producer = await log.producer({ transactionalId: "id" });
  for (const kind of ["send", "sendOffsets", "commit", "abort"] as const) {
    log.faults.next(kind, "repeat");
  }
  producer.begin();
  const { baseOffset } = await producer.send(place, batchOf({ value: "a" }));
  await producer.sendOffsets([offsetOf("t", 1)], member.generation);
  await producer.commit();
  assert.equal(baseOffset, 0);
  assert.deepEqual(valuesOf(log.records("t")), ["a"]);
  assert.deepEqual(log.committed("g"), [offsetOf("t", 1)]);
  assert.equal((await member.committed([place]))[0]?.offset, 1);
  producer.begin();
  await producer.send(place, batchOf({ value: "b" }));
  await producer.abort();
  assert.deepEqual(valuesOf(log.records("t")), ["a"]);
  assert.deepEqual(valuesOf(log.records("t", "everything")), ["a", "b"]);
  assert.equal((await log.offsets([place]))[0]?.end, 4);
});

test("a commit whose answer was lost is repeated until it is known", async () => {
  const { log } = await fresh();
  const producer = await log.producer({ transactionalId: "id" });
  producer.begin();
  await producer.send(place, batchOf({ value: "a" }));
  log.faults.next("commit", "lose");
  await assert.rejects(producer.commit(), { code: "SG6011" });
  assert.throws(() => producer.begin(), { code: "SG6010" });
  await assert.rejects(producer.abort(), { code: "SG6010" });
  log.faults.next("commit", "refuse");
  await assert.rejects(producer.commit(), { code: "SG6012" });
  await producer.commit();
  assert.equal((await log.offsets([place]))[0]?.end, 2, "one record, one marker");
  producer.begin();
  await producer.send(place, batchOf({ value: "b" }));
  await producer.commit();
  assert.deepEqual(valuesOf(log.records("t")), ["a", "b"]);
});

test("a refused commit leaves the transaction open", async () => {
  const { log } = await fresh();
  const producer = await log.producer({ transactionalId: "id" });
  producer.begin();
  await producer.send(place, batchOf({ value: "a" }));
  log.faults.next("commit", "refuse");
  await assert.rejects(producer.commit(), { code: "SG6012" });
  assert.deepEqual(log.records("t"), []);
  await producer.abort();
  assert.deepEqual(log.records("t"), []);
});

test("a call can be held before it takes effect, and what follows stays behind it", async () => {
  const { log } = await fresh();
  const producer = await log.producer({});
  const held = log.faults.hold("send");
  const first = producer.send(place, batchOf({ value: "a" }));
  const second = producer.send(place, batchOf({ value: "b" }));
  await held.reached;
  assert.ok(await isPending(second));
  assert.deepEqual(log.records("t"), []);
  held.release();
  await Promise.all([first, second]);
  assert.deepEqual(valuesOf(log.records("t")), ["a", "b"]);
});

test("an answer can be held after the call took effect", async () => {
  const { log } = await fresh();
  const producer = await log.producer({});
  const held = log.faults.hold("send", "answer");
  const sending = producer.send(place, batchOf({ value: "a" }));
  await held.reached;
  assert.ok(await isPending(sending));
  assert.deepEqual(valuesOf(log.records("t")), ["a"]);
  held.release();
  assert.equal((await sending).baseOffset, 0);
});

test("every call can be decided on by its number", async () => {
  const { log } = await fresh();
  const seen: LogCall[] = [];
  const from = log.faults.calls;
  log.faults.decide = (call) => {
    seen.push(call);
    return call.number === from + 2 ? "refuse" : undefined;
  };
  const producer = await log.connect("other").producer({});
  await producer.send(place, batchOf({ value: "a" }));
  await assert.rejects(producer.send(place, batchOf({ value: "b" })), { code: "SG6012" });
  await producer.send(place, batchOf({ value: "c" }));
  assert.deepEqual(
    seen.map(({ kind, client, number }) => `${client} ${kind} ${number - from}`),
    ["other producer 0", "other send 1", "other send 2", "other send 3"],
  );
  assert.deepEqual(valuesOf(log.records("t")), ["a", "c"]);
});

test("after a crash no call ends, and nothing is closed", async () => {
  const { log } = await fresh();
  const connection = log.connect("doomed");
  const producer = await connection.producer({ transactionalId: "id" });
  producer.begin();
  await producer.send(place, batchOf({ value: "a" }));
  const fetcher = await connection.fetcher();
  fetcher.seek(place, 0);
  await fetcher.poll(0);
  const polling = fetcher.poll(1_000_000);
  connection.crash();
  assert.ok(await isPending(producer.commit()));
  assert.ok(await isPending(polling));
  assert.ok(await isPending(connection.offsets([place])));
  await connection.close();
  assert.equal((await log.offsets([place]))[0]?.stableEnd, 0, "the transaction is still open");
});

test("a crash before a call leaves no effect of it, one after it leaves the whole", async () => {
  const { log } = await fresh();
  for (const fault of ["crash", "crashAfter"] as const) {
    const producer = await log.connect(fault).producer({});
    log.faults.next("send", fault);
    assert.ok(await isPending(producer.send(place, batchOf({ value: fault }))));
  }
  assert.deepEqual(valuesOf(log.records("t")), ["crashAfter"]);
});

test("a crash in a hook is the end of its poll, and the partitions go to another", async () => {
  const { log, clock } = await fresh({ sessionTimeoutMs: 1_000 });
  const connection = log.connect("doomed");
  const member = await connection.join({
    group: "g",
    topics: ["t"],
    copartitioned: [],
    rebalanceTimeoutMs: 60_000,
    onRevoke: async () => undefined,
    onLost: async () => undefined,
    onAssign: async () => connection.crash(),
  });
  assert.ok(await isPending(member.poll(0)));
  const other = await joined(log);
  assert.deepEqual(other.assignment, []);
  await clock.advance(1_000);
  await other.poll(0);
  assert.deepEqual(other.assignment, [place]);
});

test("while markers are held a committed transaction is neither seen nor gone", async () => {
  const { log } = await fresh();
  const member = await joined(log);
  const producer = await log.producer({ transactionalId: "id" });
  const release = log.holdMarkers();
  producer.begin();
  await producer.send(place, batchOf({ value: "a" }));
  await producer.sendOffsets([offsetOf("t", 7)], member.generation);
  await producer.commit();
  assert.deepEqual(log.records("t"), []);
  const asking = member.committed([place]);
  const replacing = log.producer({ transactionalId: "id" });
  producer.begin();
  const sending = producer.send(place, batchOf({ value: "b" }));
  for (const call of [asking, replacing, sending]) assert.ok(await isPending(call));
  release();
  assert.equal((await asking)[0]?.offset, 7);
  assert.deepEqual(valuesOf(log.records("t")), ["a"]);
  await Promise.allSettled([sending, replacing]);
});

test("a new producer commits what its predecessor had committed without its markers", async () => {
  const { log } = await fresh();
  const producer = await log.producer({ transactionalId: "id" });
  const release = log.holdMarkers();
  producer.begin();
  await producer.send(place, batchOf({ value: "a" }));
  log.faults.next("commit", "lose");
  await assert.rejects(producer.commit(), { code: "SG6011" });
  const replacing = log.producer({ transactionalId: "id" });
  await settle();
  release();
  await replacing;
  assert.deepEqual(valuesOf(log.records("t")), ["a"]);
});

test("bytes of a poll are overwritten by the next one, so that nobody keeps them", async () => {
  const { log } = await fresh();
  const producer = await log.producer({});
  await producer.send(place, batchOf({ value: "a" }));
  const fetcher = await log.fetcher();
  fetcher.seek(place, 0);
  const [batch] = (await fetcher.poll(0)) as [FetchedBatch];
  assert.deepEqual(valuesOf(recordsOf([batch])), ["a"]);
  const kept = batch.keep();
  await fetcher.poll(0);
  assert.throws(() => recordsOf([batch]), { code: "SG6001" });
  assert.deepEqual(valuesOf(recordsOf([kept])), ["a"]);
});

test("a generation does not change under a commit that is under way", async () => {
  const { log } = await fresh();
  const member = await joined(log);
  const producer = await log.producer({ transactionalId: "id" });
  producer.begin();
  const held = log.faults.hold("sendOffsets");
  const sending = producer.sendOffsets([offsetOf("t", 1)], member.generation);
  const idle = await joined(log.connect("other"));
  const polling = member.poll(0);
  await held.reached;
  assert.ok(await isPending(polling));
  held.release();
  await sending;
  await polling;
  await producer.commit();
  assert.equal(member.generation.id, idle.generation.id);
  assert.deepEqual(log.committed("g"), [offsetOf("t", 1)]);
});

test("a compacted topic is compacted by itself when half of it is new", async () => {
  const { log } = await fresh({ compactMinRecords: 100 });
  const producer = await log.producer({});
  for (let i = 0; i < 1_000; i++) {
    const draft = { key: `k${i % 5}`, value: `${i}` };
    await producer.send({ topic: "table", partition: 0 }, batchOf(draft));
  }
  const left = log.records("table");
  assert.ok(left.length < 300, `${left.length} records`);
  assert.deepEqual(
    left.slice(-5).map((record) => `${record.key}=${record.value}`),
    ["k0=995", "k1=996", "k2=997", "k3=998", "k4=999"],
  );
});

test("a topic in transactions is compacted by itself too", async () => {
  const { log } = await fresh({ compactMinRecords: 100 });
  const producer = await log.producer({ transactionalId: "id" });
  for (let i = 0; i < 300; i++) {
    producer.begin();
    await producer.send({ topic: "table", partition: 0 }, batchOf({ key: "k", value: `${i}` }));
    await producer.commit();
  }
  const left = valuesOf(log.records("table"));
  assert.ok(left.length < 150, `${left.length} records`);
  assert.equal(left.at(-1), "299");
});

test("tools see topics, members and offsets, and can change them", async () => {
  const { log } = await fresh();
  assert.deepEqual(
    log.topics.map((topic) => topic.name),
    ["t", "table"],
  );
  log.alterTopic("t", { retentionMs: 5, config: { "max.message.bytes": "77" } });
  const [altered] = await log.describeTopics(["t"]);
  assert.deepEqual([altered?.retentionMs, altered?.config], [5, { "max.message.bytes": "77" }]);
  log.setCommitted("g", [offsetOf("t", 3, "by hand")]);
  const member = await joined(log);
  assert.deepEqual(await member.committed([place]), [offsetOf("t", 3, "by hand")]);
  const [described] = log.members("g");
  assert.deepEqual(described, {
    id: member.generation.member,
    client: "main",
    generation: member.generation.id,
    topics: ["t"],
    owned: [place],
  });
  log.expel("g", member.generation.member);
  assert.deepEqual(log.members("g"), []);
  await assert.rejects(member.commit([offsetOf("t", 4)]), { code: "SG6006" });
});

test("a poll gives no more than its limit unless one batch is larger", async () => {
  const { log } = await fresh({ pollMaxBytes: 400, partitionMaxBytes: 250 });
  const producer = await log.producer({});
  for (let i = 0; i < 6; i++) await producer.send(place, batchOf({ value: `${i}` }));
  await producer.send(place, batchOf({ value: "x".repeat(1_000) }));
  const fetcher = await log.fetcher();
  fetcher.seek(place, 0);
  const counts: number[] = [];
  for (let i = 0; i < 4; i++) counts.push(recordsOf(await fetcher.poll(0)).length);
  assert.deepEqual(counts, [3, 3, 1, 0]);
});

test("with room for one partition a poll, the partitions take turns", async () => {
  const { log } = await fresh({ pollMaxBytes: 100, partitionMaxBytes: 100 });
  await log.createTopics([
    { name: "two", partitions: 2, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);
  const producer = await log.producer({});
  const fetcher = await log.fetcher();
  for (const partition of [0, 1]) {
    fetcher.seek({ topic: "two", partition }, 0);
    for (let i = 0; i < 2; i++) {
      await producer.send({ topic: "two", partition }, batchOf({ value: "x".repeat(100) }));
    }
  }
  const order: number[] = [];
  for (let i = 0; i < 4; i++) {
    order.push(...(await fetcher.poll(0)).map((batch) => batch.partition));
  }
  assert.deepEqual(order, [0, 1, 0, 1]);
});

test("a batch that was written wrong is refused whole", async () => {
  const { log } = await fresh();
  const producer = await log.producer({});
  const batch = batchOf({ value: "a" });
  const finish = batch.finish.bind(batch);
  batch.finish = () => {
    const bytes = finish();
    bytes.writeInt8(1, 16);
    return bytes;
  };
  await assert.rejects(producer.send(place, batch), { code: "SG6001" });
  assert.equal((await log.offsets([place]))[0]?.end, 0);
});

test("closing the log ends what it made: members leave, transactions are aborted", async () => {
  const { log } = await fresh();
  const other = log.connect("other");
  const member = await joined(other);
  const producer = await other.producer({ transactionalId: "id" });
  producer.begin();
  await producer.send(place, batchOf({ value: "a" }));
  await other.close();
  assert.deepEqual(log.members("g"), []);
  assert.deepEqual(log.records("t"), []);
  assert.equal((await log.offsets([place]))[0]?.stableEnd, 2);
  await assert.rejects(member.poll(0), { code: "SG6010" });
});
