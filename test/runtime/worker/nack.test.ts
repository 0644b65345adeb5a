/** Events that are given back: `nack`. */
import assert from "node:assert/strict";
import test from "node:test";
import type { SinkHandle, TableHandle } from "@streamgen/runtime";
import type { Event } from "../../../runtime/stream/event.ts";
import { Bench, countTable, each, group, out, spec, type TextAgent } from "./small.ts";

type Handler = (event: Event<string, string>, uses: Uses) => unknown;

interface Uses {
  readonly sink: SinkHandle<string, string>;
  readonly counts: TableHandle<string, number, number>;
}

const handling = (handle: Handler, onError: "stop" | "skip" = "stop"): TextAgent => ({
  kind: "event",
  name: "handling",
  onError,
  open(task) {
    const uses = { sink: task.sink(out), counts: task.table(countTable) };
    return (event) => handle(event, uses);
  },
});

/** Gives back "b" until it has seen it `times` times; counts what it has done. */
function patient(times: number, delay?: "30s"): Handler {
  let seen = 0;
  return (event, { sink, counts }) => {
    counts.update(event.key, (n) => n + 1);
    sink.send(event.value);
    if (event.value !== "b") return;
    seen += 1;
    if (seen < times) event.nack(delay);
  };
}

test("a record that is given back comes again after the delay, and its work is undone", async () => {
  const bench = new Bench(spec([group([handling(patient(3))])]));
  await bench.send(["a", "b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  // What was done before it is committed meanwhile, and what comes after it waits.
  assert.deepEqual(bench.values("out"), ["a"]);
  await bench.clock.advance(1000);
  assert.deepEqual(bench.values("out"), ["a"]);
  await bench.clock.advance(1000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a", "b", "c"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 3);
  assert.equal(bench.worker.health().counts["nacks"], 2);
  const rows = bench.log.records(countTable.changelog).map(({ key }) => String(key));
  assert.deepEqual(rows, ["a", "b", "c"]);
});

test("other agents of the record get it once", async () => {
  const seen: string[] = [];
  const before = each("before", () => (value) => void seen.push(`before ${value}`));
  const after = each("after", () => (value) => void seen.push(`after ${value}`));
  const agents = [before, handling(patient(3)), after];
  const bench = new Bench(spec([group(agents)]));
  await bench.send(["b"]);
  await bench.worker.start();
  await bench.clock.advance(3000);
  assert.deepEqual(seen, ["before b", "after b"]);
});

test("an asynchronous function gives back, too", async () => {
  const handle = patient(2);
  const agent = handling(async (event, uses) => {
    await Promise.resolve();
    handle(event, uses);
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(1500);
  assert.deepEqual(bench.values("out"), ["b", "c"]);
});

test("a worker that stops does not wait for the delay, and the record is not done", async () => {
  const bench = new Bench(spec([group([handling(patient(9, "30s"))])]));
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  await bench.worker.stop();
  assert.deepEqual(bench.values("out"), ["a"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 1);
});

test("an aborted commit does not wait for the delay either", async () => {
  const bench = new Bench(spec([group([handling(patient(2, "30s"))])]));
  await bench.send(["a", "b"]);
  await bench.worker.start();
  bench.log.faults.next("sendOffsets", "refuse");
  await bench.clock.advance(900);
  assert.deepEqual(bench.values("out"), ["a", "b"]);
  assert.equal(bench.worker.health().aborts, 1);
});

test("nothing can be written while a record waits", async () => {
  const late: unknown[] = [];
  const agent = handling((event, { sink }) => {
    if (event.value === "a") event.nack();
    setImmediate(() => {
      try {
        sink.send("late");
      } catch (error) {
        late.push(error);
      }
    });
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  assert.match(String(late[0]), /written when no record/);
});

test("giving back for more than an hour is an error of the record", async () => {
  const bench = new Bench(spec([group([handling(patient(1000, "30s"), "skip")])]));
  await bench.send(["b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(3_700_000);
  assert.deepEqual(bench.values("out"), ["c"]);
  assert.equal(bench.skipped[0]?.code, "SG8405");
});

test("an event of a stream comes again to the same run", async () => {
  const seen: string[] = [];
  const agent: TextAgent = {
    kind: "stream",
    name: "streaming",
    onError: "stop",
    open: () => async (stream) => {
      for await (const event of stream.events()) {
        seen.push(event.value);
        if (event.value === "b" && seen.length < 4) event.nack();
      }
    },
  };
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(3000);
  assert.deepEqual(seen, ["a", "b", "b", "b", "c"]);
});

test("one event of an array cannot be given back", async () => {
  const agent: TextAgent = {
    kind: "stream",
    name: "streaming",
    onError: "stop",
    open: () => async (stream) => {
      for await (const events of stream.events().take(2)) events[1]?.nack();
    },
  };
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await assert.rejects(bench.worker.idle(), { code: "SG8404" });
});

test("rateLimit holds up no commit, and stops with its worker", async () => {
  const agent: TextAgent = {
    kind: "stream",
    name: "streaming",
    onError: "stop",
    open: (task) => async (stream) => {
      const sink = task.sink(out);
      for await (const value of stream.rateLimit(1, "1m")) sink.send(value);
    },
  };
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  assert.deepEqual(bench.values("out"), ["a"]);
  await bench.clock.advance(60_000);
  assert.deepEqual(bench.values("out"), ["a", "b"]);
  await bench.worker.stop();
  assert.equal(bench.log.committed("small")[0]?.offset, 2);
});
