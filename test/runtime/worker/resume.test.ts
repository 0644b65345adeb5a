/** Where a task goes on when the group's offsets, or its changelogs, are not what it left. */
import assert from "node:assert/strict";
import test from "node:test";
import { source, type TableSpec, type WorkerOptions } from "@streamgen/runtime";
import { Bench, countTable, each, group, out, silent, spec, words } from "./small.ts";

const count = each("count", (task) => {
  const rows = task.table(countTable);
  const sink = task.sink(out);
  return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
});
const shape = spec([group([count])]);
const { changelog } = countTable;
const deliveries = ["at-least-once", "exactly-once"] as const;

/** A worker that has counted two of `a` and one of `b`, and has stopped. */
async function counted(options: WorkerOptions = {}): Promise<Bench> {
  const bench = new Bench(shape, { instance: "one", ...options });
  await bench.send(["a", "b", "a"]);
  await bench.run();
  await bench.worker.stop();
  return bench;
}

/** What the next worker makes of `a` and `b`. */
async function next(bench: Bench, options: WorkerOptions): Promise<readonly string[]> {
  const before = bench.values("out").length;
  const worker = bench.make(shape, { instance: "one", ...options });
  await bench.send(["a", "b"]);
  try {
    await worker.start();
    await bench.clock.advance(1000);
    await worker.idle();
  } finally {
    await worker.stop();
  }
  return bench.values("out").slice(before);
}

/** Lets the log say that the changelog's records are at lower offsets, as in a topic made anew. */
function shiftOffsets({ log }: Bench): { less: number } {
  const shift = { less: 0 };
  const producerOf = log.producer.bind(log);
  log.producer = async (options) => {
    const producer = await producerOf(options);
    const send = producer.send.bind(producer);
    producer.send = async (place, batch) => {
      const { baseOffset, endOffset, ...sent } = await send(place, batch);
      const less = place.topic === changelog ? shift.less : 0;
      return { ...sent, baseOffset: baseOffset - less, endOffset: endOffset - less };
    };
    return producer;
  };
  return shift;
}

const offsets = (offset: number, metadata = "") => [
  { topic: "words", partition: 0, offset, metadata },
];

for (const delivery of deliveries) {
  test(`offsets that another tool has set are taken, and tables as they are: ${delivery}`, async () => {
    const bench = await counted({ delivery });
    bench.log.setCommitted("small", offsets(2));
    const warned: string[] = [];
    const logger = { ...silent, warn: (text: string) => void warned.push(text) };
    assert.deepEqual(await next(bench, { delivery, logger }), ["a:3", "a:4", "b:2"]);
    assert.match(warned.join(), /offsets were set by another tool/);
  });

  test(`offsets that are gone stop the task, for a table would count twice: ${delivery}`, async () => {
    const bench = await counted({ delivery });
    bench.log.setCommitted("small", offsets(-1));
    await assert.rejects(next(bench, { delivery }), {
      code: "SG8043",
      message: /no offsets, .*"counts".*reset/,
    });
    // Nothing was taken back meanwhile: with its offsets set again, the group goes on.
    bench.log.setCommitted("small", offsets(3));
    assert.deepEqual(await next(bench, { delivery }), ["a:3", "b:2", "a:4", "b:3"]);
  });

  test(`a changelog that was made anew stops the task: ${delivery}`, async () => {
    const bench = await counted({ delivery });
    const [committed] = bench.log.committed("small");
    assert.ok(committed !== undefined);
    const metadata = JSON.stringify({ v: 1, time: 0, changelogs: { counts: 50 } });
    bench.log.setCommitted("small", [{ ...committed, metadata }]);
    await assert.rejects(next(bench, { delivery }), {
      code: "SG7069",
      message: new RegExp(`${changelog}.*50.*reset`),
    });
  });

  test(`a changelog that is made anew under a running worker stops the task: ${delivery}`, async () => {
    const bench = new Bench(shape, { instance: "one", delivery });
    const offset = shiftOffsets(bench);
    await bench.send(["a", "b", "a"]);
    await bench.run();
    offset.less = 2;
    await bench.send(["a"]);
    await bench.clock.advance(2000);
    await assert.rejects(bench.worker.idle(), { code: "SG7069", message: new RegExp(changelog) });
    const { aborts } = bench.worker.health();
    await bench.clock.advance(5000);
    assert.equal(bench.worker.health().aborts, aborts);
    await bench.worker.stop();
    const [committed] = bench.log.committed("small");
    assert.equal(committed?.offset, 3);
  });

  test(`a changelog whose beginning was deleted stops the task: ${delivery}`, async () => {
    const bench = await counted({ delivery });
    await bench.log.deleteRecords([{ topic: changelog, partition: 0, offset: 1 }]);
    await assert.rejects(next(bench, { delivery }), {
      code: "SG7069",
      message: new RegExp(`${changelog}.*1.*reset`),
    });
  });
}

test("a worker that dies before its first commit leaves a table that counts once", async () => {
  const delivery = "at-least-once";
  const bench = new Bench(shape, { delivery });
  const connection = bench.log.connect("first");
  const first = bench.make(shape, { delivery, log: connection });
  await bench.send(["a", "b", "a"]);
  // The offsets before the first record, then those of the first commit.
  let commits = 0;
  bench.log.faults.decide = ({ kind, client }) => {
    if (kind !== "commitOffsets" || client !== "first") return undefined;
    commits += 1;
    return commits === 2 ? "crash" : undefined;
  };
  await first.start();
  await bench.clock.advance(1000);
  assert.deepEqual(bench.values("out"), ["a:1", "b:1", "a:2"]);
  await bench.clock.advance(60_000);
  assert.deepEqual(await next(bench, { delivery }), ["a:1", "b:1", "a:2", "a:3", "b:2"]);
});

test("a table that is new beside others counts once, too", async () => {
  const delivery = "at-least-once";
  const bench = await counted({ delivery });
  const sums: TableSpec<string, number, number> = {
    ...countTable,
    name: "sums",
    changelog: "small-sums-changelog",
  };
  const both = each("both", (task) => {
    const [counts, more] = [task.table(countTable), task.table(sums)];
    const sink = task.sink(out);
    return (value) =>
      sink.send(
        `${value}:${counts.update(value, (n) => n + 1)}:${more.update(value, (n) => n + 1)}`,
      );
  });
  const wider = spec([group([both], { tables: [countTable, sums] })]);
  const crashing = bench.make(wider, { delivery, log: bench.log.connect("crashing") });
  let commits = 0;
  bench.log.faults.decide = ({ kind, client }) => {
    if (kind !== "commitOffsets" || client !== "crashing") return undefined;
    commits += 1;
    return commits === 2 ? "crash" : undefined;
  };
  await bench.send(["a"]);
  await crashing.start();
  await bench.clock.advance(61_000);
  const last = bench.make(wider, { delivery, log: bench.log.connect("last") });
  await last.start();
  await bench.clock.advance(61_000);
  await last.idle();
  await last.stop();
  assert.deepEqual(bench.values("out").slice(3), ["a:3:1", "a:3:1"]);
});

test("a rebalance while a task begins delays it, and no more", async () => {
  const delivery = "at-least-once";
  const bench = new Bench(shape, { delivery });
  await bench.send(["a"]);
  const held = bench.log.faults.hold("commitOffsets");
  await bench.worker.start();
  await bench.clock.advance(100);
  await held.reached;
  for (const { id } of bench.log.members("small")) bench.log.expel("small", id);
  held.release();
  await bench.clock.advance(5000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1"]);
  assert.deepEqual(bench.errors, []);
});

test("an input that is declared before the others takes nothing from the tables", async () => {
  const delivery = "at-least-once";
  const bench = await counted({ delivery });
  const more = { ...words, name: "more" };
  const sources = [more, words].map((topic) => source({ topic, agents: [count] }));
  const wider = spec([group([], { sources })], { topics: [words, more, out] });
  await bench.log.createTopics([
    { name: "more", partitions: 1, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);
  // Behind the committed end: it was never committed, so it counts for nothing.
  await bench.sendBytes(changelog, "a", "\u0012");
  const worker = bench.make(wider, { delivery, instance: "one" });
  await bench.send(["a"]);
  await worker.start();
  await bench.clock.advance(5000);
  await worker.idle();
  await worker.stop();
  assert.deepEqual(bench.values("out").slice(3), ["a:3"]);
});

test("records that were deleted before they were processed stop the task, and say so", async () => {
  const delivery = "at-least-once";
  const bench = await counted({ delivery });
  await bench.send(["c", "d", "e"]);
  await bench.log.deleteRecords([{ topic: "words", partition: 0, offset: 5 }]);
  await assert.rejects(next(bench, { delivery }), {
    code: "SG8047",
    message: /at offset 3 of words\/0.*deleted before .*, or the topic was made anew; .*reset/,
  });
});
