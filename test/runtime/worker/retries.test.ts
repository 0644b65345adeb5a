/** Functions that are called again: what waits, what goes on meanwhile, and what ends the waiting. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type ErrorPolicy,
  type Retrying,
  source,
  type TaskScope,
  type TimerSpec,
} from "@streamgen/runtime";
import { bytesFormat, nullKey } from "@streamgen/runtime/codec";
import { waitBefore } from "../../../runtime/worker/failures/error-policy.ts";
import { random } from "../../random.ts";
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
const policy = <Last>(retries: number, last: Last): Retrying<Last> => ({
  retries,
  firstWaitMs: 100,
  waitMaxMs: 10_000,
  last,
});

/** Fails at values that end with a number so often, counting what it does all the same. */
function flaky(onError: ErrorPolicy, calls: string[] = []): TextAgent {
  const left = new Map<string, number>();
  return each(
    "flaky",
    (task) => {
      const rows = task.table(countTable);
      const sink = task.sink(out);
      return (value) => {
        calls.push(value);
        const count = rows.update(keyOf(value), (n) => n + 1);
        sink.send(`${value}:${count}`);
        const fails = left.get(value) ?? Number(value.split(":")[1] ?? 0);
        left.set(value, fails - 1);
        if (fails > 0) throw new Error("not yet");
      };
    },
    onError,
  );
}

/** An agent before the flaky one, whose work for the same record must be there once. */
const before = each("before", (task) => {
  const rows = task.table(countTable);
  const sink = task.sink(loose);
  return (value) => {
    const count = rows.update(`${keyOf(value)}-before`, (n) => n + 1);
    rows.set("last", count);
    sink.send(`${value}:${count}`);
    sink.send(`${value}:again`);
  };
});

const topics = [words, out, loose, dead];

test("a call that fails is made again until it succeeds, with nothing of it left behind", async () => {
  const calls: string[] = [];
  const bench = new Bench(spec([group([flaky(policy(3, "stop"), calls)])], { topics }));
  await bench.send(["a", "b:3", "c"]);
  await bench.worker.start();
  await bench.clock.advance(5000);
  await bench.worker.idle();
  assert.deepEqual(calls, ["a", "b:3", "b:3", "b:3", "b:3", "c"]);
  assert.deepEqual(bench.values("out"), ["a:1", "b:3:1", "c:1"]);
  assert.equal(bench.waits.length, 3);
  assert.equal(bench.worker.health().counts["retries"], 3);
});

test("after the last retry comes the last step, with the number of attempts", async () => {
  const agent = flaky(policy(2, { deadLetter: dead }));
  const bench = new Bench(spec([group([agent])], { topics }));
  await bench.send(["a", "b:9", "c"]);
  await bench.worker.start();
  await bench.clock.advance(5000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "c:1"]);
  const [letter] = bench.log.records("dead");
  const attempts = letter?.headers.find(([name]) => name === "sg-dlq-attempts")?.[1];
  assert.equal(String(attempts), "3");
});

test("a task whose last step is to stop stops before the record", async () => {
  const bench = new Bench(spec([group([before, flaky(policy(1, "stop"))])], { topics }));
  await bench.send(["a", "b:9", "c"]);
  await bench.worker.start();
  await bench.clock.advance(5000);
  await assert.rejects(bench.worker.idle(), {
    code: "SG8020",
    place: { agent: "flaky", topic: "words", partition: 0, offset: 1 },
  });
  assert.deepEqual(bench.values("loose"), ["a:1", "a:again"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 1);
});

test("only the agent that failed is called again", async () => {
  const after = each("after", (task) => {
    const sink = task.sink(loose);
    return (value) => sink.send(`${value}:after`);
  });
  const bench = new Bench(spec([group([before, flaky(policy(3, "skip")), after])], { topics }));
  await bench.send(["a:2", "b"]);
  await bench.worker.start();
  await bench.clock.advance(5000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("loose"), [
    ...["a:2:1", "a:2:again", "a:2:after"],
    ...["b:1", "b:again", "b:after"],
  ]);
  assert.deepEqual(bench.values("out"), ["a:2:1", "b:1"]);
});

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`what is before the record is committed while it waits, and nothing of it: ${delivery}`, async () => {
    const agents = [before, flaky({ ...policy(2, "skip"), firstWaitMs: 10_000 })];
    const bench = new Bench(spec([group(agents)], { topics }), { delivery });
    await bench.send(["a", "b:1", "c"]);
    await bench.worker.start();
    await bench.clock.advance(1000);
    assert.deepEqual(bench.values("out"), ["a:1"]);
    assert.deepEqual(bench.values("loose"), ["a:1", "a:again"]);
    assert.equal(bench.log.committed("small")[0]?.offset, 1);
    assert.equal(bench.worker.health().tasks[0]?.inputs[0]?.position, 1);
    await bench.clock.advance(10_000);
    await bench.worker.idle();
    assert.deepEqual(bench.values("out"), ["a:1", "b:1:1", "c:1"]);
    assert.deepEqual(bench.values("loose"), [
      ...["a:1", "a:again", "b:1:1", "b:1:again", "c:1", "c:again"],
    ]);
    const last = bench.log.records(countTable.changelog).map(({ key }) => String(key));
    assert.deepEqual([...last].sort(), [
      ...["a", "a-before", "b", "b-before", "c", "c-before", "last", "last"],
    ]);
  });
}

test("other tasks of the worker go on, and are committed, while one waits", async () => {
  const two = { ...words, partitions: 2 };
  const agent = flaky({ ...policy(1, "skip"), firstWaitMs: 10_000 });
  const groups = [group([], { sources: [source({ topic: two, agents: [agent] })] })];
  const bench = new Bench(spec(groups, { topics: [two, out] }));
  await bench.send(["a:1", "b", "c", "d", "e", "f"], two);
  await bench.worker.start();
  await bench.clock.advance(200);
  const stuck = bench.log.records("words").find(({ key }) => String(key) === "a")?.partition;
  const others = bench.log.records("words").filter(({ partition }) => partition !== stuck);
  assert.equal(bench.values("out").length, others.length);
});

test("a worker that is stopped does not wait for a retry, and the record comes again", async () => {
  const pipeline = spec([group([before, flaky({ ...policy(3, "skip"), firstWaitMs: 10_000 })])], {
    topics,
  });
  const bench = new Bench(pipeline);
  await bench.send(["a", "b:1", "c"]);
  await bench.worker.start();
  await bench.clock.advance(50);
  const from = bench.clock.now();
  await bench.worker.stop();
  assert.equal(bench.clock.now(), from, "it did not take the clock to stop");
  assert.deepEqual(bench.values("out"), ["a:1"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 1);
  assert.deepEqual(bench.errors, []);
  const next = bench.make(pipeline);
  await next.start();
  await bench.clock.advance(50);
  await next.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "b:1:1", "c:1"]);
});

test("a rebalance during a wait hands the partition on at once", async () => {
  const two = { ...words, partitions: 2 };
  const make = () => {
    const agent = flaky({ ...policy(3, "skip"), firstWaitMs: 10_000 });
    const groups = [group([before, agent], { sources: [source({ topic: two, agents: [agent] })] })];
    return spec(groups, { topics: [two, out, loose] });
  };
  const bench = new Bench(make());
  await bench.send(["a:1", "b:1", "c:1", "d:1", "e", "f"], two);
  await bench.worker.start();
  await bench.clock.advance(500);
  const next = bench.make(make());
  await next.start();
  await bench.clock.advance(3000);
  const [here, there] = [bench.worker, next].map((worker) => worker.health().tasks.length);
  assert.deepEqual([here, there], [1, 1], "long before the first wait is over");
  await bench.clock.advance(100_000);
  await Promise.all([bench.worker.idle(), next.idle()]);
  assert.deepEqual(
    [...bench.values("out")].sort(),
    ["a:1", "b:1", "c:1", "d:1", "e", "f"].map((value) => `${value}:1`),
  );
  assert.deepEqual(bench.errors, []);
});

test("an abort during a wait takes the record back, and it is handled again", async () => {
  const calls: string[] = [];
  const agent = flaky({ ...policy(3, "skip"), firstWaitMs: 10_000 }, calls);
  const bench = new Bench(spec([group([before, agent])], { topics }));
  await bench.send(["a", "b:2", "c"]);
  let isRefused = false;
  bench.log.faults.decide = ({ kind }) => {
    if (isRefused || kind !== "sendOffsets") return undefined;
    isRefused = true;
    return "refuse";
  };
  await bench.worker.start();
  await bench.clock.advance(2000);
  assert.ok(isRefused);
  assert.equal(bench.worker.health().aborts, 1);
  assert.deepEqual(calls, ["a", "b:2", "a", "b:2"]);
  await bench.clock.advance(30_000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "b:2:1", "c:1"]);
  assert.equal(bench.values("loose").length, 6);
});

test("an asynchronous agent that rejects is called again; what it left running cannot write", async () => {
  let late: unknown;
  let calls = 0;
  const agent = each(
    "later",
    (task) => {
      const sink = task.sink(out);
      return async (value) => {
        calls += 1;
        setImmediate(() => {
          try {
            sink.send(`${value}:late`);
          } catch (error) {
            late ??= error;
          }
        });
        await Promise.resolve();
        if (calls < 3) throw new Error("no");
        sink.send(value);
      };
    },
    policy(5, "stop"),
  );
  const bench = new Bench(spec([group([agent])], { topics }));
  await bench.send(["a"]);
  await bench.worker.start();
  await bench.clock.advance(2000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a"]);
  assert.equal(Object(late).code, "SG8010");
});

test("a stream's run that throws is followed by a new one at the same record", async () => {
  let failures = 2;
  const agent: TextAgent = {
    kind: "stream",
    name: "streaming",
    onError: policy(3, "stop"),
    open: (task) => async (stream) => {
      const sink = task.sink(out);
      let count = 0;
      for await (const value of stream) {
        count += 1;
        sink.send(`${value}:${count}`);
        if (value === "b" && failures-- > 0) throw new Error("no");
      }
    },
  };
  const bench = new Bench(spec([group([agent])], { topics }));
  await bench.send(["a", "b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(2000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "b:1", "c:2"]);
});

for (const last of ["skip", { deadLetter: dead }] as const) {
  test(`an array of take is given again as a whole, then ${Object.keys(last)[0]}`, async () => {
    const seen: string[] = [];
    let failures = 1;
    const agent: TextAgent = {
      kind: "stream",
      name: "streaming",
      onError: { ...policy(2, last), firstWaitMs: 1000 },
      open: (task) => async (stream) => {
        const sink = task.sink(out);
        for await (const values of stream.take(2)) {
          seen.push(values.join("+"));
          sink.send(values.join("+"));
          if (values.includes("bad") || (values.includes("b") && failures-- > 0)) {
            throw new Error("no");
          }
        }
      },
    };
    const bench = new Bench(spec([group([agent, before])], { topics }));
    await bench.send(["a", "b", "bad", "c", "d", "e"]);
    await bench.worker.start();
    await bench.clock.advance(500);
    assert.equal(bench.log.committed("small")[0]?.offset ?? 0, 0, "a is not done with");
    await bench.clock.advance(20_000);
    await bench.worker.idle();
    assert.deepEqual(seen, ["a+b", "a+b", "bad+c", "bad+c", "bad+c", "d+e"]);
    assert.deepEqual(bench.values("out"), ["a+b", "d+e"]);
    assert.deepEqual(bench.values("dead"), last === "skip" ? [] : ["bad", "c"]);
    assert.equal(bench.values("loose").length, 12);
    assert.equal(bench.log.committed("small")[0]?.offset, 6);
  });
}

test("a batch is given again as a whole, then in halves: the one that is to blame is put aside", async () => {
  const seen: string[] = [];
  const agent: TextAgent = {
    kind: "batch",
    name: "batching",
    max: 4,
    withinMs: 1000,
    onError: { ...policy(2, { deadLetter: dead }), firstWaitMs: 1000 },
    open: (task) => {
      const sink = task.sink(out);
      return (values) => {
        seen.push(values.join("+"));
        for (const value of values) sink.send(value);
        if (values.includes("bad")) throw new Error("no");
      };
    },
  };
  const bench = new Bench(spec([group([agent])], { topics }));
  await bench.send(["a", "b", "bad", "c", "d"]);
  await bench.worker.start();
  await bench.clock.advance(20_000);
  await bench.worker.idle();
  assert.equal(bench.waits.length, 2);
  assert.deepEqual(bench.values("out"), ["a", "b", "c", "d"]);
  assert.deepEqual(bench.values("dead"), ["bad"]);
  assert.deepEqual(seen.slice(0, 3), ["a+b+bad+c", "a+b+bad+c", "a+b+bad+c"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 5);
});

test("a record may be given back between retries, which does not count as one", async () => {
  const seen: number[] = [];
  const agent: TextAgent = {
    kind: "event",
    name: "undecided",
    onError: policy(2, { deadLetter: dead }),
    open: () => (event) => {
      seen.push(seen.length);
      if (seen.length % 2 === 0) event.nack("5s");
      else throw new Error("no");
    },
  };
  const bench = new Bench(spec([group([before, agent])], { topics }));
  await bench.send(["a"]);
  await bench.worker.start();
  await bench.clock.advance(30_000);
  await bench.worker.idle();
  assert.equal(seen.length, 5);
  assert.equal(bench.values("loose").length, 2);
  const attempts = bench.log
    .records("dead")[0]
    ?.headers.find(([name]) => name.endsWith("attempts"));
  assert.equal(String(attempts?.[1]), "3");
});

test("an agent that changed its value gets it as it was", async () => {
  const seen: string[] = [];
  const agent: TextAgent = {
    kind: "event",
    name: "changing",
    onError: policy(1, "skip"),
    open: () => (event) => {
      seen.push(event.value ?? "");
      Object.assign(event, { value: "changed" });
      throw new Error("no");
    },
  };
  const bench = new Bench(spec([group([agent])], { topics }));
  await bench.send(["a"]);
  await bench.worker.start();
  await bench.clock.advance(1000);
  await bench.worker.idle();
  assert.deepEqual(seen, ["a", "a"]);
});

test("a timer's tick is made again, in its task and without one", async () => {
  let left = 2;
  const tick = (sink: { send(value: string): void }) => () => {
    if (left-- > 0) throw new Error("no");
    sink.send("tick");
  };
  const onError = policy<"skip">(2, "skip");
  const timer = { name: "timer", everyMs: 60_000, onError };
  const inTask: TimerSpec<TaskScope> = { ...timer, open: (task) => tick(task.sink(out)) };
  const inside = new Bench(spec([group([before], { timers: [inTask] })], { topics }));
  await inside.send(["a"]);
  await inside.run();
  await inside.clock.advance(65_000);
  assert.deepEqual(inside.values("out"), ["tick"]);
  left = 2;
  const outside = new Bench(
    spec([group([before])], {
      topics,
      timers: [{ ...timer, open: (worker) => tick(worker.sink(out)) }],
    }),
  );
  await outside.send(["a"]);
  await outside.run();
  await outside.clock.advance(65_000);
  assert.deepEqual(outside.values("out"), ["tick"]);
  assert.equal(outside.waits.length, 2);
});

test("a worker stops while a timer waits to tick again", async () => {
  const timers = [
    {
      name: "timer",
      everyMs: 1000,
      onError: { ...policy<"stop">(2, "stop"), firstWaitMs: 10_000 },
      open: () => () => {
        throw new Error("no");
      },
    },
  ];
  const bench = new Bench(spec([group([before])], { topics, timers }));
  await bench.send(["a"]);
  await bench.run();
  await bench.clock.advance(1500);
  await bench.worker.stop();
  assert.deepEqual(bench.errors, []);
});

test("waits double between their bounds, each somewhere in its own range", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const numbers = random(seed);
    const waits = Array.from({ length: 10 }, (_, index) =>
      waitBefore(policy(10, "skip"), index + 1, () => numbers.int(1000) / 1000),
    );
    for (const [index, wait] of waits.entries()) {
      const most = Math.min(10_000, 100 * 2 ** (index + 1));
      assert.ok(wait >= most / 2 && wait <= most, `seed ${seed}, retry ${index + 1}: ${wait}`);
    }
  }
  const fixed = { retries: 3, firstWaitMs: 50, waitMaxMs: 50, last: "skip" } as const;
  assert.equal(waitBefore(fixed, 3, Math.random), 50);
});

test("the same seed waits as long", async () => {
  const waits = async (): Promise<readonly number[]> => {
    const numbers = random(3);
    const bench = new Bench(spec([group([flaky(policy(4, "skip"))])], { topics }), {
      random: () => numbers.int(1000) / 1000,
    });
    await bench.send(["a:9"]);
    await bench.worker.start();
    await bench.clock.advance(60_000);
    return bench.waits;
  };
  const first = await waits();
  assert.equal(first.length, 4);
  assert.deepEqual(await waits(), first);
});
