/** Lanes beside what fails: dead letters of lanes, and lanes of a task that waits for a retry. */
import assert from "node:assert/strict";
import test from "node:test";
import { type ErrorPolicy, source, type TaskScope } from "@streamgen/runtime";
import { bytesFormat, nullKey } from "@streamgen/runtime/codec";
import { random } from "../../random.ts";
import { throughCrashes } from "./crashing.ts";
import {
  Bench,
  countTable,
  each,
  group,
  keyOf,
  loose,
  out,
  spec,
  type TextAgent,
  words,
} from "./small.ts";

const dead = { name: "dead", partitions: 1, key: nullKey, value: bytesFormat };
const topics = [words, out, loose, dead];

/** Counts by key and sends the count, after a while; fails at "bad". */
const laned = (sleep: () => Promise<void>, onError: ErrorPolicy): TextAgent => ({
  kind: "each",
  name: "laned",
  onError,
  lanes: 4,
  open(task) {
    const counts = task.table(countTable);
    const sink = task.sink(out);
    return async (value) => {
      const count = counts.update(keyOf(value), (n) => n + 1);
      sink.send(`${value}=${count}`);
      await sleep();
      if (value.includes("bad")) throw new Error("bad");
    };
  },
});

/** Fails at each "late" twice before it passes. */
function flaky(): TextAgent {
  const left = new Map<string, number>();
  const open = (task: TaskScope) => {
    const sink = task.sink(loose);
    return (value: string) => {
      sink.send(value);
      const fails = left.get(value) ?? (value.includes("late") ? 2 : 0);
      left.set(value, fails - 1);
      if (fails > 0) throw new Error("not yet");
    };
  };
  return each("flaky", open, { retries: 2, firstWaitMs: 300, waitMaxMs: 600, last: "stop" });
}

/** An agent that sleeps by the clock of the bench that is made of it. */
function benchOf(agents: (sleep: () => Promise<void>) => readonly TextAgent[], ms: () => number) {
  const box: { bench?: Bench } = {};
  const sleep = async (): Promise<void> => {
    await box.bench?.clock.sleep(ms());
  };
  const pipeline = () => spec([group(agents(sleep))], { topics });
  const bench = new Bench(pipeline());
  box.bench = bench;
  return { bench, pipeline };
}

test("what a lane fails at is put aside as it came, and nothing else of it is left", async () => {
  const { bench } = benchOf(
    (sleep) => [laned(sleep, { deadLetter: dead })],
    () => 50,
  );
  await bench.send(["a:1", "b:bad", "c:1", "b:2", "a:bad", "a:2"]);
  await bench.worker.start();
  await bench.clock.advance(2000);
  assert.deepEqual([...bench.values("out")].sort(), ["a:1=1", "a:2=2", "b:2=1", "c:1=1"]);
  const letters = bench.log.records("dead").map(({ headers, value }) => {
    const offset = headers.find(([name]) => name === "sg-dlq-offset");
    return `${value}@${offset?.[1]}`;
  });
  assert.deepEqual(letters.sort(), ["a:bad@4", "b:bad@1"]);
  assert.deepEqual(bench.putAside.map(({ place }) => place.offset).sort(), [1, 4]);
  assert.equal(bench.log.committed("small")[0]?.offset, 6);
});

for (const first of ["flaky", "laned"] as const) {
  test(`a worker stops while one agent waits for a retry and lanes are at work: ${first} first`, async () => {
    const { bench, pipeline } = benchOf(
      (sleep) => {
        const both = [flaky(), laned(sleep, "skip")];
        return first === "flaky" ? both : both.toReversed();
      },
      () => 80,
    );
    await bench.send(["a:1", "b:1", "c:late", "d:1"]);
    await bench.worker.start();
    await bench.clock.advance(50);
    assert.equal(bench.waits.length, 1);
    const stopping = bench.worker.stop();
    await bench.clock.advance(3000);
    await stopping;
    const next = bench.make(pipeline());
    await next.start();
    await bench.clock.advance(5000);
    await next.idle();
    assert.deepEqual([...bench.values("out")].sort(), ["a:1=1", "b:1=1", "c:late=1", "d:1=1"]);
    assert.deepEqual(bench.values("loose"), ["a:1", "b:1", "c:late", "d:1"]);
    assert.deepEqual(bench.errors, []);
  });
}

type LastStep = "stop" | "skip" | { readonly deadLetter: typeof dead };

/** Fails twice at each "late" and always at "bad"; what it writes before it fails must not be seen. */
function retriedLanes(last: LastStep, waitMs = 500): TextAgent {
  const left = new Map<string, number>();
  return {
    kind: "each",
    name: "laned",
    onError: { retries: 3, firstWaitMs: waitMs, waitMaxMs: waitMs, last },
    lanes: 4,
    open(task) {
      const counts = task.table(countTable);
      const sink = task.sink(out);
      return async (value) => {
        sink.send(`${value}=${counts.update(keyOf(value), (n) => n + 1)}`);
        await Promise.resolve();
        const fails =
          left.get(value) ?? (value.includes("late") ? 2 : value.includes("bad") ? 999 : 0);
        left.set(value, fails - 1);
        if (fails > 0) throw new Error("not yet");
      };
    },
  };
}

test("a lane tries again, its key waits, and other keys and commits go on", async () => {
  const bench = new Bench(spec([group([retriedLanes("stop")])], { topics }));
  await bench.send(["a:late", "b:1", "a:2", "c:1"]);
  await bench.worker.start();
  await bench.clock.advance(400);
  assert.deepEqual([...bench.values("out")].sort(), ["b:1=1", "c:1=1"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 0);
  await bench.clock.advance(2000);
  assert.deepEqual([...bench.values("out")].sort(), ["a:2=2", "a:late=1", "b:1=1", "c:1=1"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 4);
  assert.equal(bench.waits.length, 2);
});

test("what no call helps is put aside with the number of calls", async () => {
  const agent = retriedLanes({ deadLetter: dead });
  const bench = new Bench(spec([group([agent])], { topics }));
  await bench.send(["a:bad", "a:1", "b:1"]);
  await bench.worker.start();
  await bench.clock.advance(5000);
  assert.deepEqual([...bench.values("out")].sort(), ["a:1=1", "b:1=1"]);
  assert.deepEqual(bench.values("dead"), ["a:bad"]);
  const [letter] = bench.log.records("dead");
  const attempts = letter?.headers.find(([name]) => name === "sg-dlq-attempts");
  assert.equal(String(attempts?.[1]), "4");
  assert.equal(bench.log.committed("small")[0]?.offset, 3);
});

test("a worker that stops does not wait for a lane's retry, and the next handles that record alone", async () => {
  const pipeline = () => spec([group([retriedLanes("stop")])], { topics });
  const bench = new Bench(pipeline());
  await bench.send(["a:late", "b:1", "a:2", "c:1"]);
  await bench.worker.start();
  await bench.clock.advance(100);
  const stopping = bench.worker.stop();
  await bench.clock.advance(100);
  await stopping;
  assert.deepEqual([...bench.values("out")].sort(), ["b:1=1", "c:1=1"]);
  const next = bench.make(pipeline());
  await next.start();
  await bench.clock.advance(5000);
  await next.idle();
  assert.deepEqual([...bench.values("out")].sort(), ["a:2=2", "a:late=1", "b:1=1", "c:1=1"]);
  await next.stop();
});

test("lanes that try again are exact, whatever crashes", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);
  const numbers = random(seed);
  const values = Array.from({ length: 300 }, (_, n) => {
    const kind = numbers.chance(0.05) ? "bad" : numbers.chance(0.1) ? "late" : "";
    return `k${numbers.int(9)}:${kind}${n}`;
  });
  const agent = retriedLanes({ deadLetter: dead }, 2);
  const { log, out: sent } = await throughCrashes({
    spec: spec([group([agent])], { topics }),
    ...{ values, delivery: "exactly-once", crashes: 3, numbers },
  });
  const good = values.filter((value) => !value.includes("bad"));
  const order = (list: readonly string[], key: string) =>
    list.filter((value) => keyOf(value) === key);
  for (let key = 0; key < 9; key += 1) {
    const expected = order(good, `k${key}`).map((value, index) => `${value}=${index + 1}`);
    assert.deepEqual(order(sent, `k${key}`), expected, `seed ${seed}`);
  }
  const dropped = log.records("dead").map(({ value }) => String(value));
  assert.deepEqual(dropped.sort(), values.filter((value) => value.includes("bad")).sort());
});

test("retries beside lanes leave everything exact, whatever fails wherever", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);
  for (let round = 0; round < 25; round += 1) {
    const numbers = random(seed + round);
    const times = random(seed + round + 1000);
    const isFirst = numbers.chance(0.5);
    const { bench, pipeline } = benchOf(
      (sleep) => {
        const both = [flaky(), laned(sleep, { deadLetter: dead })];
        return isFirst ? both : both.toReversed();
      },
      () => times.int(80),
    );
    let worker = bench.worker;
    await bench.create("words");
    await worker.start();
    const all: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      const some = Array.from({ length: numbers.int(8) }, (_, n) => {
        const kind = numbers.chance(0.1) ? "bad" : numbers.chance(0.1) ? "late" : "";
        return `k${numbers.int(4)}:${kind}${all.length + n}`;
      });
      all.push(...some);
      await bench.send(some);
      if (numbers.chance(0.3)) bench.log.faults.next("sendOffsets", "refuse");
      await bench.clock.advance(numbers.int(400));
      if (!numbers.chance(0.2)) continue;
      const stopping = worker.stop();
      await bench.clock.advance(3000);
      await stopping;
      worker = bench.make(pipeline());
      await worker.start();
    }
    await bench.clock.advance(30_000);
    const why = `seed ${seed + round}: ${bench.errors}`;
    const isBad = (value: string) => value.includes("bad");
    const good = all.filter((value) => !isBad(value));
    const counts = new Map<string, number>();
    const expected = good.map((value) => {
      const next = (counts.get(keyOf(value)) ?? 0) + 1;
      counts.set(keyOf(value), next);
      return `${value}=${next}`;
    });
    assert.deepEqual([...bench.values("out")].sort(), expected.sort(), why);
    assert.deepEqual([...bench.values("dead")].sort(), all.filter(isBad).sort(), why);
    assert.deepEqual(bench.values("loose"), all, why);
    const stopping = worker.stop();
    await bench.clock.advance(3000);
    await stopping;
  }
});

test("a stream that leaves out late records puts aside all that take gave it", async () => {
  const windows = { sizeMs: 10_000, advanceMs: 10_000, graceMs: 0, expiresMs: 0 };
  const agent: TextAgent = {
    kind: "stream",
    name: "streaming",
    dropsLate: [{ name: "windowed", changelog: "small-windowed-changelog", windows }],
    onError: { retries: 1, firstWaitMs: 100, waitMaxMs: 100, last: { deadLetter: dead } },
    open: (task) => async (stream) => {
      const sink = task.sink(out);
      for await (const values of stream.take(2)) {
        if (values.includes("bad")) throw new Error("no");
        sink.send(values.join("+"));
      }
    },
  };
  const sources = [source({ topic: words, agents: [agent] })];
  const bench = new Bench(spec([group([], { sources })], { topics }));
  await bench.send(["a", "b", "bad", "c", "d", "e"]);
  await bench.worker.start();
  await bench.clock.advance(5000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a+b", "d+e"]);
  assert.deepEqual(bench.values("dead"), ["bad", "c"]);
});
