import assert from "node:assert/strict";
import test from "node:test";
import { source, type TaskScope } from "@streamgen/runtime";
import type { Stream } from "../../../runtime/stream/event.ts";
import { Bench, countTable, each, group, out, spec, type TextAgent, words } from "./small.ts";

type Body = (stream: Stream<string, string>, task: TaskScope) => Promise<void>;

function streaming(body: Body, onError: "stop" | "skip" = "stop"): TextAgent {
  return {
    kind: "stream",
    name: "streaming",
    onError,
    open: (task) => (stream) => body(stream, task),
  };
}

/** Sends every value with the number of values that the run has had. */
const counting = (fault: (value: string) => void): Body => {
  return async (stream, task) => {
    const sink = task.sink(out);
    let count = 0;
    for await (const value of stream) {
      count += 1;
      sink.send(`${value}:${count}`);
      fault(value);
    }
  };
};

test("a throw is about the record asked for last; a new run begins with the next", async () => {
  const agent = streaming(
    counting((value) => {
      if (value === "bad") throw new Error("bad");
    }),
    "skip",
  );
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "bad", "c", "d"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a:1", "b:2", "c:1", "d:2"]);
  assert.equal(bench.skipped[0]?.place.offset, 2);
});

test("a run that returns pauses its partition until the next assignment", async () => {
  const agent = streaming(async (stream, task) => {
    const sink = task.sink(out);
    for await (const value of stream) {
      sink.send(value);
      if (value === "b") break;
    }
    sink.send("after");
  });
  const bench = new Bench(spec([group([agent])]));
  const paused: string[] = [];
  bench.worker.on("paused", ({ agent, partition }) => paused.push(`${agent} ${partition}`));
  await bench.send(["a", "b", "c", "d"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a", "b", "after"]);
  assert.deepEqual(paused, ["streaming 0"]);
  assert.deepEqual(bench.worker.health().tasks[0]?.paused, ["streaming"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 2);
  await bench.worker.stop();
  const next = bench.make(spec([group([agent])]));
  await next.start();
  await next.idle();
  assert.deepEqual(bench.values("out"), ["a", "b", "after", "c", "d"]);
});

test("a run that has returned stays over when a later commit is aborted", async () => {
  const other = { ...words, name: "other" };
  const agent = streaming(async (stream, task) => {
    const sink = task.sink(out);
    for await (const value of stream) {
      sink.send(value);
      break;
    }
  });
  const echo = each("echo", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(value);
  });
  const sources = [
    source({ topic: words, agents: [agent] }),
    source({ topic: other, agents: [echo] }),
  ];
  const bench = new Bench(
    spec([group([], { sources, tables: [] })], { topics: [words, other, out] }),
  );
  await bench.send(["a", "b"]);
  await bench.send(["x"], other);
  await bench.run();
  await bench.send(["y"], other);
  bench.log.faults.next("sendOffsets", "refuse");
  await bench.worker.idle();
  assert.equal(bench.worker.health().aborts, 1);
  assert.deepEqual(bench.values("out"), ["a", "x", "y"]);
});

test("yields belong to the record asked for last", async () => {
  const yielding = async function* (stream: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const value of stream) {
      yield `${value}:one`;
      yield `${value}:two`;
      if (value === "bad") throw new Error("bad");
    }
  };
  const agent = streaming((stream, task) => task.sink(out).emitEach(yielding(stream)), "skip");
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "bad", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a:one", "a:two", "c:one", "c:two"]);
});

test("an aborted commit ends the run, finally runs, and a new one starts at the committed offset", async () => {
  const ended: number[] = [];
  const agent = streaming(async (stream, task) => {
    const sink = task.sink(out);
    let count = 0;
    try {
      for await (const value of stream) {
        count += 1;
        sink.send(`${value}:${count}`);
      }
    } finally {
      ended.push(count);
    }
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b"]);
  await bench.run();
  await bench.send(["c", "d"]);
  bench.log.faults.next("sendOffsets", "refuse");
  await bench.worker.idle();
  assert.deepEqual(ended, [4]);
  assert.deepEqual(bench.values("out"), ["a:1", "b:2", "c:1", "d:2"]);
  await bench.worker.stop();
  assert.deepEqual(ended, [4, 2]);
});

test("a run that has been ended cannot write any more, and that is told in the log only", async () => {
  const agent = streaming(async (stream, task) => {
    const rows = task.table(countTable);
    for await (const value of stream) rows.set(value, 1);
    rows.set("after the end", 1);
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a"]);
  await bench.run();
  await bench.worker.stop();
  assert.deepEqual(
    bench.log.records(countTable.changelog).map(({ key }) => String(key)),
    ["a"],
  );
  assert.deepEqual(bench.errors, []);
});

test("a stream and other agents of a topic take turns record by record", async () => {
  const seen: string[] = [];
  const note = each("note", () => (value) => void seen.push(`each ${value}`));
  const agent = streaming(async (stream) => {
    for await (const value of stream) {
      await Promise.resolve();
      seen.push(`stream ${value}`);
    }
  });
  const bench = new Bench(spec([group([agent, note])]));
  await bench.send(["a", "b"]);
  await bench.run();
  assert.deepEqual(seen, ["stream a", "each a", "stream b", "each b"]);
});
