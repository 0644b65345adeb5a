/** Limits of topics are found by the `send` that breaks them, so that the right record is to blame. */
import assert from "node:assert/strict";
import test from "node:test";
import { Bench, each, group, keyOf, out, spec, words } from "./small.ts";

const hour = 3_600_000;
const now = 1_000_000;

/** Sends each value on, at the time that it says: "key:milliseconds". */
const timed = (onError: "stop" | "skip") =>
  each(
    "timed",
    (task) => {
      const sink = task.sink(out);
      return (value) => sink.send(value, { timestamp: Number(value.split(":")[1]) });
    },
    onError,
  );

function limited(config: Readonly<Record<string, string>>, onError: "stop" | "skip" = "skip") {
  const topics = [words, { ...out, config }];
  return new Bench(spec([group([timed(onError)], { tables: [] })], { topics }));
}

test("a record too far in the future is refused where it is sent", async () => {
  const bench = limited({ "message.timestamp.after.max.ms": String(hour) });
  await bench.send([`a:${now}`, `b:${now + hour}`, `c:${now + hour + 1}`, `d:${now}`]);
  await bench.run();
  assert.deepEqual(bench.values("out").map(keyOf), ["a", "b", "d"]);
  const [skipped] = bench.skipped;
  assert.equal(skipped?.code, "SG8045");
  assert.equal(skipped?.place.offset, 2);
  assert.match(
    String(skipped?.message),
    /1970-01-01T01:16:40.001Z.*"out".*3600000 ms after now.*message.timestamp.after.max.ms/,
  );
  assert.equal(bench.worker.health().aborts, 0);
});

test("a record too far in the past is refused where it is sent", async () => {
  const bench = limited({ "message.timestamp.before.max.ms": "1000" });
  await bench.send([`a:${now - 1000}`, `b:${now - 1001}`]);
  await bench.run();
  assert.deepEqual(bench.values("out").map(keyOf), ["a"]);
  assert.equal(bench.skipped[0]?.code, "SG8045");
});

test("the clock goes on, and with it what is too late", async () => {
  const bench = limited({ "message.timestamp.after.max.ms": String(hour) });
  await bench.send([`a:${now + 2 * hour}`]);
  await bench.run();
  await bench.clock.advance(hour + 1000);
  await bench.send([`b:${now + 2 * hour}`]);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out").map(keyOf), ["b"]);
});

test("where the log sets the time, or has no bound, any time may be sent", async () => {
  for (const config of [
    { "message.timestamp.type": "LogAppendTime", "message.timestamp.after.max.ms": "1" },
    { "message.timestamp.after.max.ms": "9223372036854775807" },
    {},
  ]) {
    const bench = limited(config, "stop");
    await bench.send([`a:${now + 1000 * hour}`, "b:0"]);
    await bench.run();
    assert.equal(bench.values("out").length, 2);
  }
});

test("many small records for a topic of small batches go out in as many as it takes", async () => {
  const bench = limited({ "max.message.bytes": "300" }, "stop");
  const values = Array.from({ length: 60 }, (_, n) => `key-${n}:${now}`);
  await bench.send(values);
  await bench.run();
  assert.deepEqual(bench.values("out"), values);
  assert.equal(bench.worker.health().aborts, 0);
});
