/** What agents see of records, and what they send. */
import assert from "node:assert/strict";
import test from "node:test";
import { type AgentSpec, type Event, source, type TopicSpec } from "@streamgen/runtime";
import { stringFormat, stringKey } from "@streamgen/runtime/codec";
import { Bench, each, group, loose, out, spec, type TextAgent, words } from "./small.ts";

const headersOf = (bench: Bench, topic: string): readonly string[] =>
  bench.log
    .records(topic)
    .map(({ headers }) => headers.map(([name, value]) => `${name}=${value}`).join(" "));

test("outputs carry the input's time and headers, unless something else is given", async () => {
  const agent = each("agent", (task) => {
    const sink = task.sink(out);
    return (value) => {
      sink.emit(value);
      sink.send(value, {
        timestamp: new Date(77),
        headers: { trace: "new", more: Buffer.from("x") },
      });
    };
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.create("words");
  await bench.sendBytes("words", "a", "a", { trace: "old", other: "kept" });
  await bench.run();
  assert.deepEqual(headersOf(bench, "out"), [
    "trace=old other=kept",
    "other=kept trace=new more=x",
  ]);
  assert.deepEqual(
    bench.log.records("out").map(({ timestamp }) => timestamp),
    [5000, 77],
  );
});

test("the event time is the time field, and outputs get it", async () => {
  const timed: typeof words = { ...words, timeOf: (value) => Number(value.split(":")[1]) };
  const agent = each("agent", (task) => {
    const sink = task.sink(out);
    return (value) => sink.emit(value);
  });
  const bench = new Bench(
    spec([group([agent], { sources: [source({ topic: timed, agents: [agent] })] })]),
  );
  await bench.send(["a:123", "b:7"]);
  await bench.run();
  assert.deepEqual(
    bench.log.records("out").map(({ timestamp }) => timestamp),
    [123, 7],
  );
});

test("a topic without a key gets the input's key bytes; a keyed sink the key it is given", async () => {
  const agent = each("agent", (task) => {
    const sink = task.sink(loose);
    const keyed = task.keyedSink(words);
    return (value) => {
      if (value === "again") return;
      sink.emit(value);
      keyed.emit({ key: "other", value: "again" });
    };
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.create("words");
  await bench.sendBytes("words", "the key", "a");
  await bench.sendBytes("words", null, "b");
  await bench.run();
  assert.deepEqual(
    bench.log.records("loose").map(({ key }) => key?.toString() ?? null),
    ["the key", null],
  );
  assert.deepEqual(
    bench.log.records("words").map(({ key }) => key?.toString() ?? null),
    ["the key", null, "other", "other"],
  );
});

test("the partition follows from the key, or is the one given", async () => {
  const wide = { ...out, partitions: 5 };
  const agent = each(
    "agent",
    (task) => {
      const sink = task.sink(wide);
      return (value) => {
        sink.send(value);
        sink.send(value, { partition: value === "a" ? 3 : 5 });
      };
    },
    "skip",
  );
  const bench = new Bench(spec([group([agent])], { topics: [words, wide] }));
  await bench.send(["a", "b"]);
  await bench.run();
  const { partitionOfKey } = await import("../../../runtime/log/partitioner.ts");
  assert.deepEqual(
    bench.log.records("out").map(({ partition }) => partition),
    [partitionOfKey(Buffer.from("a"), 5), 3].sort(),
  );
  assert.equal(bench.skipped[0]?.code, "SG8013");
});

test("return values go out in all their forms", async () => {
  const agent = each("agent", (task) => {
    const sink = task.sink(out);
    return async (value) => {
      sink.emit(undefined);
      sink.emitAll([`${value}:1`, `${value}:2`]);
      await sink.emitEach(
        (async function* () {
          yield `${value}:3`;
          yield `${value}:4`;
        })(),
      );
    };
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a:1", "a:2", "a:3", "a:4"]);
});

test("records without a key keep together until the next commit", async () => {
  const wide = { ...loose, partitions: 3 };
  const agent = each("agent", (task) => {
    const sink = task.sink(wide);
    return (value) => sink.emit(value);
  });
  const bench = new Bench(spec([group([agent])], { topics: [words, wide] }));
  await bench.create("words");
  for (const value of ["a", "b", "c"]) await bench.sendBytes("words", null, value);
  await bench.run();
  await bench.sendBytes("words", null, "d");
  await bench.worker.idle();
  assert.deepEqual(
    bench.log.records("loose").map(({ partition, value }) => `${partition}${value}`),
    ["0a", "0b", "0c", "1d"],
  );
});

const compacted: TopicSpec<string, string> = {
  name: "compacted",
  partitions: 1,
  cleanup: "compact",
  key: stringKey,
  value: stringFormat,
};

test("values' agents skip tombstones, which are counted; events show them as null", async () => {
  const seen: string[] = [];
  const values = each("values", () => (value) => void seen.push(`value ${value}`));
  const events: AgentSpec<string, string, "compacted", null> = {
    kind: "event",
    name: "events",
    onError: "stop",
    open: () => (event) => void seen.push(`event ${event.key} ${event.value} ${event.offset}`),
  };
  const sources = [
    source<string, string, "compacted", null>({ topic: compacted, agents: [values, events] }),
  ];
  const bench = new Bench(spec([group([], { sources })], { topics: [compacted, out] }));
  await bench.create("compacted", { cleanup: "compact" });
  await bench.sendBytes("compacted", "a", "1");
  await bench.sendBytes("compacted", "a", null);
  await bench.run();
  assert.deepEqual(seen, ["value 1", "event a 1 0", "event a null 1"]);
  assert.equal(bench.worker.health().counts["tombstones"], 1);
});

test("delete sends a tombstone", async () => {
  const agent = each("agent", (task) => {
    const sink = task.sink(compacted);
    return (value) => sink.delete(value);
  });
  const bench = new Bench(spec([group([agent])], { topics: [words, compacted] }));
  await bench.send(["a"]);
  await bench.run();
  const [record] = bench.log.records("compacted");
  assert.equal(String(record?.key), "a");
  assert.equal(record?.value, null);
});

const onEvent = (
  handle: (event: Event<string, string>, forward: object) => unknown,
): TextAgent => ({
  kind: "event",
  name: "events",
  onError: "skip",
  open(task) {
    const sink = task.sink(loose);
    return (event) => handle(event, sink);
  },
});

test("an event shows key, place, time and headers, and may be kept", async () => {
  const kept: Event<string, string>[] = [];
  const bench = new Bench(spec([group([onEvent((event) => kept.push(event))])]));
  await bench.create("words");
  await bench.sendBytes("words", "k", "v", { h: "1" });
  await bench.sendBytes("words", "k2", "v2");
  await bench.run();
  const [event] = kept;
  assert.ok(event !== undefined);
  const { topic, key, value, timestamp, partition, offset, headers } = event;
  assert.deepEqual(
    { topic, key, value, timestamp, partition, offset },
    { topic: "words", key: "k", value: "v", timestamp: 5000, partition: 0, offset: 0n },
  );
  assert.equal(String(Buffer.from(headers.get("h") ?? [])), "1");
  assert.throws(() => event.reject("too late"), { code: "SG8024" });
});

test("forward sends a record's bytes on as they are", async () => {
  const bench = new Bench(spec([group([onEvent((event, sink) => event.forward(sink))])]));
  await bench.create("words");
  await bench.sendBytes("words", "k", "v", { h: "1" });
  await bench.run();
  const [record] = bench.log.records("loose");
  assert.equal(String(record?.key), "k");
  assert.equal(String(record?.value), "v");
  assert.equal(record?.timestamp, 5000);
  assert.deepEqual(headersOf(bench, "loose"), ["h=1"]);
});

test("a rejected event goes to onError, and what was done with it is undone", async () => {
  const agent = onEvent(async (event, sink) => {
    event.forward(sink);
    await Promise.resolve();
    if (event.value === "bad") event.reject("it is bad");
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "bad", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("loose"), ["a", "c"]);
  assert.equal(bench.skipped[0]?.message, "the record was rejected: it is bad");
});

test("a repartition keeps bytes, headers and time, and has the key that the value gives", async () => {
  const by: typeof words = { ...words, name: "by-last", keyOf: (value) => value.slice(-1) };
  const agent: TextAgent = { kind: "repartition", name: "by", onError: "stop", to: by };
  const bench = new Bench(spec([group([agent])], { topics: [words, by] }));
  await bench.create("words");
  await bench.sendBytes("words", "k", "some text", { h: "1" });
  await bench.run();
  const [record] = bench.log.records("by-last");
  assert.equal(String(record?.key), "t");
  assert.equal(String(record?.value), "some text");
  assert.equal(record?.timestamp, 5000);
  assert.deepEqual(headersOf(bench, "by-last"), ["h=1"]);
});

test("the context knows the record and the clock", async () => {
  const seen: unknown[] = [];
  const agent = each("agent", (task) => {
    const context = task.context("agent");
    return () => {
      context.metrics.count("seen");
      seen.push(context.idempotencyKey, context.now(), context.signal.aborted);
    };
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b"]);
  await bench.run();
  assert.deepEqual(seen, ["words/0/0", 1_000_000, false, "words/0/1", 1_000_000, false]);
  assert.equal(bench.worker.health().counts["seen"], 2);
});
