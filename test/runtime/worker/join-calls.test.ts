/** What a join's function is called with, and what becomes of what it sends and throws. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type ErrorPolicy,
  type GroupSpec,
  type JoinSpec,
  join,
  type PipelineSpec,
  source,
  type TaskScope,
  type TopicSpec,
} from "@streamgen/runtime";
import { bytesFormat, nullKey, stringFormat, stringKey } from "@streamgen/runtime/codec";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { Bench, keyOf, type TextTopic } from "./small.ts";

const text = (name: string): TextTopic => ({
  ...{ name, partitions: 1, key: stringKey, value: stringFormat, keyOf },
});
const lefts = text("lefts");
const rights = text("rights");
/** Without a key of its own: what is sent has that of the input. */
const told: TopicSpec<string, string> = {
  ...{ name: "told", partitions: 1, key: stringKey, value: stringFormat },
};
const dead: TopicSpec<null, Uint8Array> = {
  ...{ name: "dead", partitions: 1, key: nullKey, value: bytesFormat },
};

type Couple = readonly [string | undefined, string | undefined];
type Handle = (task: TaskScope) => (couple: Couple) => unknown;
type TextJoin = JoinSpec<string, string, string, string>;

const sides = {
  left: { topic: lefts, changelog: "small-meet-left-changelog" },
  right: { topic: rights, changelog: "small-meet-right-changelog" },
};
const tell: Handle = (task) => {
  const out = task.sink(told);
  return ([left, right]) => out.send(`${left ?? "-"} ${right ?? "-"}`);
};

interface MeetOptions {
  readonly open?: Handle;
  readonly onError?: ErrorPolicy;
  readonly idleMs?: number;
}

/** Pairs at most 100 ms apart, whatever has none 50 ms later. */
const meet = ({ open = tell, onError = "stop", idleMs }: MeetOptions = {}): TextJoin => ({
  ...{ kind: "outer", name: "meet", onError, ...sides, open },
  ...{ unmatched: "small-meet-unmatched-changelog" },
  ...{ beforeMs: 100, afterMs: 100, graceMs: 50 },
  ...(idleMs !== undefined && { idleMs }),
});

function joinSpec(spec: TextJoin, right: TextTopic = rights): PipelineSpec {
  const { closings, left, right: other, tables } = join(spec);
  const sources =
    right === lefts
      ? [source({ topic: lefts, agents: [left, other] })]
      : [source({ topic: lefts, agents: [left] }), source({ topic: right, agents: [other] })];
  const group: GroupSpec = { name: "lefts", sources, tables, timers: [], closings };
  return {
    config: {
      ...{ app: "small", delivery: "exactly-once", commitIntervalMs: 100 },
      ...{ partitions: 1, replicas: 1, topics: {} },
    },
    topics: [lefts, rights, told, dead],
    groups: [group],
    timers: [],
    starts: [],
  };
}

interface Sent {
  readonly to: TextTopic;
  readonly value: string;
  readonly at: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: null;
}

async function send(bench: Bench, list: readonly Sent[]): Promise<void> {
  await bench.create("lefts");
  await bench.create("rights");
  const producer = await bench.log.producer({});
  for (const { at, headers = {}, key, to, value } of list) {
    const batch = new BatchWriter();
    batch.begin(at, key === null ? null : Buffer.from(keyOf(value))).append(Buffer.from(value));
    for (const [name, header] of Object.entries(headers)) {
      batch.header(Buffer.from(name), Buffer.from(header));
    }
    batch.end();
    await producer.send({ topic: to.name, partition: 0 }, batch);
  }
  await producer.close();
}

const left = (value: string, at: number, more: Partial<Sent> = {}): Sent => ({
  ...{ to: lefts, value, at, ...more },
});
const right = (value: string, at: number, more: Partial<Sent> = {}): Sent => ({
  ...{ to: rights, value, at, ...more },
});

test("a pair is sent at the later time, with the key and the headers of the record that came last", async () => {
  const bench = new Bench(joinSpec(meet()));
  await send(bench, [
    left("a:1", 1000, { headers: { of: "left" } }),
    right("a:2", 1080, { headers: { of: "right" } }),
    right("a:3", 950),
    left("b:4", 1300, { headers: { of: "lonely" } }),
    right("c:5", 1400),
    left("z:6", 2000),
  ]);
  await bench.run();
  const found = bench.log.records("told").map(({ headers, key, timestamp, value }) => ({
    ...{ key: String(key), value: String(value), timestamp },
    headers: headers.map(([name, header]) => `${name}=${header}`),
  }));
  assert.deepEqual(found, [
    { key: "a", value: "a:1 a:2", timestamp: 1080, headers: ["of=right"] },
    { key: "a", value: "a:1 a:3", timestamp: 1000, headers: [] },
    { key: "b", value: "b:4 -", timestamp: 1300, headers: ["of=lonely"] },
    { key: "c", value: "- c:5", timestamp: 1400, headers: [] },
  ]);
  await bench.worker.stop();
});

test("several records of one key and one time all pair, in the order in which they came", async () => {
  const bench = new Bench(joinSpec(meet()));
  await send(bench, [
    ...[left("a:1", 1000), left("a:1", 1000), left("a:2", 1000)],
    ...[right("a:3", 1000), right("a:4", 1001), right("b:5", 1000)],
  ]);
  await bench.run();
  const pairs = ["a:1 a:3", "a:1 a:3", "a:2 a:3", "a:1 a:4", "a:1 a:4", "a:2 a:4"];
  assert.deepEqual(bench.values("told"), pairs);
  await bench.worker.stop();
});

test("when nothing comes for a while, records without a partner are given; what comes then is late", async () => {
  const bench = new Bench(joinSpec(meet({ idleMs: 1000 })));
  await send(bench, [left("a:1", 1000), right("b:2", 1060)]);
  await bench.run();
  await bench.clock.advance(900);
  assert.deepEqual(bench.values("told"), []);
  await bench.clock.advance(1000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("told"), ["a:1 -", "- b:2"]);
  await send(bench, [right("a:3", 1050), right("a:4", 1250), left("a:5", 1250)]);
  await bench.worker.idle();
  assert.deepEqual(bench.values("told"), ["a:1 -", "- b:2", "a:5 a:4"]);
  assert.equal(bench.worker.health().counts["late"], 1);
  await bench.worker.stop();
});

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`the first side waits in the log: killed between the two sides, ${delivery}`, async () => {
    const bench = new Bench(joinSpec(meet()), { delivery }, { sessionTimeoutMs: 2000 });
    await send(bench, [left("a:1", 1000), left("b:2", 1000)]);
    const killed = bench.log.connect("killed");
    const first = bench.make(joinSpec(meet()), { log: killed, delivery });
    await first.start();
    await first.idle();
    killed.crash();
    await bench.clock.advance(5000);
    await send(bench, [right("a:3", 1100), right("c:4", 1400)]);
    await bench.run();
    assert.deepEqual(bench.values("told"), ["a:1 a:3", "b:2 -"]);
    await bench.worker.stop();
  });
}

const failing: Handle = (task) => {
  const say = tell(task);
  return (couple) => {
    say(couple);
    if (couple.some((each) => each?.endsWith("bad"))) throw new Error("I do not like it");
  };
};

test("what a function refuses is undone with all its pairs, and put aside as it came", async () => {
  const bench = new Bench(joinSpec(meet({ open: failing, onError: { deadLetter: dead } })));
  await send(bench, [
    left("a:1", 1000),
    left("a:2 bad", 1010, { headers: { trace: "7" } }),
    right("a:3", 1020),
    left("b:4 bad", 1030),
    right("z:5", 2000),
  ]);
  await bench.run();
  // The second one of "a" and "a:3" are a pair: it waited until that came, which is put aside.
  assert.deepEqual(bench.values("told"), ["a:1 -"]);
  const letters = bench.log.records("dead");
  assert.deepEqual(
    letters.map(({ value }) => String(value)),
    ["a:3", "a:2 bad", "b:4 bad"],
  );
  const headers = new Map(letters[1]?.headers.map(([name, value]) => [name, String(value)]));
  assert.equal(headers.get("trace"), "7");
  assert.deepEqual(
    bench.putAside.map(({ place }) => [place.agent, place.topic, place.offset]),
    [
      ["meet", "rights", 0],
      ["meet", "lefts", 1],
      ["meet", "lefts", 2],
    ],
  );
  await bench.worker.stop();
});

test("a record without a partner is tried again like any other", async () => {
  let calls = 0;
  const open: Handle = (task) => {
    const say = tell(task);
    return (couple) => {
      say(couple);
      calls += 1;
      if (calls < 3) throw new Error("not yet");
    };
  };
  const onError = { retries: 5, firstWaitMs: 10, waitMaxMs: 10, last: "stop" } as const;
  const bench = new Bench(joinSpec(meet({ open, onError })));
  await send(bench, [left("a:1", 1000), right("z:5", 2000)]);
  await bench.worker.start();
  for (let step = 0; step < 50 && bench.values("told").length === 0; step += 1) {
    await bench.clock.advance(50);
  }
  assert.deepEqual(bench.values("told"), ["a:1 -"]);
  assert.deepEqual([calls, bench.waits.length], [3, 2]);
  await bench.worker.stop();
});

test("a topic joined with itself: each record meets itself, and the others from both sides", async () => {
  const bench = new Bench(joinSpec({ ...meet(), right: { ...sides.right, topic: lefts } }, lefts));
  await send(bench, [left("a:1", 1000), left("a:2", 1050), left("a:3", 1300)]);
  await bench.run();
  const pairs = ["a:1 a:1", "a:2 a:1", "a:1 a:2", "a:2 a:2", "a:3 a:3"];
  assert.deepEqual(bench.values("told"), pairs);
  await bench.worker.stop();
});

test("a record without a key, or one that is too large, is an error of its own", async () => {
  const bench = new Bench(joinSpec(meet({ onError: "skip" })), {}, {});
  const large = `a:${"x".repeat(1_000_000)}`;
  await send(bench, [left("a:1", 1000, { key: null }), left(large, 1001), left("a:2", 1002)]);
  await send(bench, [right("a:3", 1003)]);
  await bench.run();
  assert.deepEqual(
    bench.skipped.map(({ code }) => code),
    ["SG8811", "SG8812"],
  );
  assert.deepEqual(bench.values("told"), ["a:2 a:3"]);
  await bench.worker.stop();
});

test("each pair of a record has a key of its own for what must not be done twice", async () => {
  const keys: string[] = [];
  const open: Handle = (task) => {
    const context = task.context("meet");
    return () => void keys.push(context.idempotencyKey);
  };
  const bench = new Bench(joinSpec(meet({ open })));
  await send(bench, [left("a:1", 1000), left("a:2", 1001), right("a:3", 1002), right("z:4", 2000)]);
  await bench.run();
  assert.deepEqual(keys, ["rights/0/0/0", "rights/0/0/1"]);
  await bench.worker.stop();
});

test("a worker does not start where the sides have other numbers of partitions", async () => {
  const bench = new Bench(joinSpec(meet()));
  await bench.create("lefts", { partitions: 2 });
  await bench.create("rights", { partitions: 3 });
  const { partitions: _, ...own } = lefts;
  const { partitions: __, ...other } = rights;
  const worker = bench.make({
    ...joinSpec({
      ...meet(),
      left: { ...sides.left, topic: own },
      right: { ...sides.right, topic: other },
    }),
    topics: [own, other, told, dead],
  });
  await assert.rejects(worker.start(), (error: Error) => {
    assert.match(error.message, /"lefts" has 2, "rights" has 3.*groupBy/);
    return true;
  });
});
