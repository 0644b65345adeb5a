/** Streams whose events are acknowledged by hand. */
import assert from "node:assert/strict";
import test from "node:test";
import type { ErrorPolicy, ManualEvent, ManualStream, SinkHandle } from "@streamgen/runtime";
import { random } from "../../random.ts";
import { throughCrashes } from "./crashing.ts";
import { Bench, group, out, spec, type TextAgent } from "./small.ts";

type TextEvent = ManualEvent<string, string>;
type Body = (
  stream: ManualStream<string, string>,
  sink: SinkHandle<string, string>,
) => Promise<void>;

const streaming = (body: Body, onError: ErrorPolicy = "stop"): TextAgent => ({
  kind: "manual-stream",
  name: "streaming",
  onError,
  open(task) {
    const sink = task.sink(out);
    return (stream) => body(stream, sink);
  },
});

const committed = (bench: Bench): number | undefined => bench.log.committed("small")[0]?.offset;

test("asking for the next event acknowledges nothing", async () => {
  const events: TextEvent[] = [];
  const agent = streaming(async (stream) => {
    for await (const event of stream.events()) events.push(event);
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "c"]);
  await bench.run();
  assert.equal(events.length, 3);
  assert.equal(committed(bench), 0);
  events[1]?.ack();
  events[0]?.ack();
  await bench.clock.advance(200);
  assert.equal(committed(bench), 2);
  await bench.worker.stop();
});

test("events that are taken together are acknowledged one by one", async () => {
  const arrays: string[][] = [];
  const agent = streaming(async (stream, sink) => {
    for await (const some of stream.events().take(3, "5s")) {
      arrays.push(some.map(({ value }) => value));
      for (const event of some) {
        if (event.value === "b") continue;
        sink.send(event.value);
        event.ack();
      }
    }
  });
  const pipeline = spec([group([agent])]);
  const bench = new Bench(pipeline);
  await bench.send(["a", "b", "c", "d"]);
  await bench.worker.start();
  await bench.clock.advance(6000);
  assert.deepEqual(arrays, [["a", "b", "c"], ["d"]]);
  assert.equal(committed(bench), 1);
  await bench.worker.stop();
  const next = bench.make(pipeline);
  await next.start();
  await bench.clock.advance(6000);
  assert.deepEqual(arrays[2], ["b"]);
  assert.deepEqual(bench.values("out"), ["a", "c", "d"]);
  await next.stop();
});

test("a run that throws leaves what is open to the next one", async () => {
  const runs: string[][] = [];
  const agent = streaming(async (stream, sink) => {
    const mine: string[] = [];
    runs.push(mine);
    const open: TextEvent[] = [];
    for await (const event of stream.events()) {
      mine.push(event.value);
      open.push(event);
      if (event.value === "c") {
        open[0]?.ack();
        throw new Error("no");
      }
      if (event.value !== "d") continue;
      for (const one of open) {
        sink.send(one.value);
        one.ack();
      }
    }
  }, "skip");
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "c", "d"]);
  await bench.run();
  assert.deepEqual(runs, [
    ["a", "b", "c"],
    ["a", "b", "d"],
  ]);
  assert.deepEqual(bench.values("out"), ["a", "b", "d"]);
  assert.equal(committed(bench), 4);
  assert.equal(bench.skipped.length, 1);
});

test("what the next run fails with is decided for that record alone", async () => {
  const failed = new Set<string>();
  const agent = streaming(async (stream) => {
    for await (const event of stream.events()) {
      // "b" alone fails again.
      const fails = event.value === "c" ? !failed.has("c") : event.value === "b" && failed.has("c");
      if (fails) {
        failed.add(event.value);
        throw new Error("no");
      }
    }
  }, "skip");
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "c"]);
  await bench.run();
  assert.deepEqual(
    bench.skipped.map(({ place }) => place["offset"]),
    [2, 1],
  );
  assert.equal(committed(bench), 0);
  await bench.worker.stop();
});

test("an array that a run fails with is decided as a whole", async () => {
  const agent = streaming(async (stream) => {
    for await (const some of stream.events().take(2)) {
      if (some[0]?.value === "b") throw new Error("no");
      for (const event of some) event.ack();
    }
  }, "skip");
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "x", "b", "y", "c", "z"]);
  await bench.run();
  assert.equal(bench.skipped.length, 1);
  assert.equal(committed(bench), 6);
});

test("retries give the record to a new run", async () => {
  let calls = 0;
  const agent = streaming(
    async (stream) => {
      for await (const event of stream.events()) {
        if (event.value === "b" && ++calls < 3) throw new Error("not yet");
        event.ack();
      }
    },
    { retries: 5, firstWaitMs: 100, waitMaxMs: 100, last: "stop" },
  );
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(2000);
  assert.equal(calls, 3);
  assert.equal(committed(bench), 3);
});

test("values alone cannot be acknowledged", async () => {
  const agent = streaming(async (stream) => {
    for await (const _ of stream);
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a"]);
  await bench.worker.start();
  await bench.clock.advance(200);
  assert.equal(bench.errors[0]?.code, "SG8433");
});

test("a run that has returned leaves its events open, and the partition waits", async () => {
  const events: TextEvent[] = [];
  const agent = streaming(async (stream) => {
    for await (const event of stream.events()) {
      events.push(event);
      if (event.value === "b") break;
    }
  });
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b", "c"]);
  await bench.run();
  assert.equal(events.length, 2);
  events[0]?.ack();
  await bench.clock.advance(200);
  assert.equal(committed(bench), 1);
  bench.log.faults.next("sendOffsets", "refuse");
  events[1]?.ack();
  await bench.clock.advance(500);
  // The commit has failed, and the run begins anew with what is not committed.
  assert.deepEqual(
    events.map(({ value }) => value),
    ["a", "b", "b"],
  );
});

/** Keeps up to five events, acknowledges them in random order and fails now and then. */
function wild(seed: number): TextAgent {
  const numbers = random(seed);
  return streaming(
    async (stream, sink) => {
      let open: TextEvent[] = [];
      for await (const event of stream.events()) {
        open = numbers.shuffle([...open, event]);
        if (numbers.chance(0.05)) throw new Error("now and then");
        const keep = event.value.endsWith("last") ? 0 : 5;
        while (open.length > keep) {
          const one = open.pop();
          if (one !== undefined) sink.send(one.value);
          one?.ack();
        }
      }
    },
    { retries: 20, firstWaitMs: 1, waitMaxMs: 1, last: "stop" },
  );
}

for (let seed = 1; seed <= 4; seed += 1) {
  test(`each event is acknowledged once, whatever fails or crashes, seed ${seed}`, async () => {
    const values = Array.from({ length: 300 }, (_, index) => `v${index}`);
    const ends = Array.from({ length: 6 }, (_, index) => `v${300 + index}:last`);
    const { out: sent } = await throughCrashes({
      spec: spec([group([wild(seed)])]),
      values: [...values, ...ends],
      delivery: "exactly-once",
      crashes: 3,
      numbers: random(seed),
    });
    assert.deepEqual([...sent].sort(), [...values, ...ends].sort());
  });
}
