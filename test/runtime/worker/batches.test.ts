/** Agents that get several records at once: `Batch`. */
import assert from "node:assert/strict";
import test from "node:test";
import type { TaskScope } from "@streamgen/runtime";
import { random } from "../../random.ts";
import { Bench, countTable, each, group, keyOf, out, spec, type TextAgent } from "./small.ts";

type Open = (task: TaskScope) => (values: readonly string[]) => unknown;

const batch = (open: Open, more: { max?: number; onError?: "skip" } = {}): TextAgent => ({
  kind: "batch",
  name: "batch",
  onError: "stop",
  max: 3,
  withinMs: 1000,
  ...more,
  open,
});

/** Counts keys and sends the array; throws where there is a bad value. `calls` is what it was given. */
function counting(calls: string[], isAsync = false): Open {
  return (task) => {
    const counts = task.table(countTable);
    const sink = task.sink(out);
    const handle = (values: readonly string[]) => {
      calls.push(values.join("+"));
      for (const value of values) counts.update(keyOf(value), (n) => n + 1);
      sink.send(values.join("+"));
      if (values.some((value) => value.startsWith("bad"))) throw new Error("bad");
    };
    return isAsync ? async (values) => handle(values) : handle;
  };
}

const committed = (bench: Bench): number | undefined => bench.log.committed("small")[0]?.offset;

test("records come together, and those that are left when time is up", async () => {
  const calls: string[] = [];
  const bench = new Bench(spec([group([batch(counting(calls))])]));
  await bench.send(["a", "b", "c", "d"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  assert.deepEqual(bench.values("out"), ["a+b+c"]);
  assert.equal(committed(bench), 3);
  await bench.clock.advance(1000);
  assert.deepEqual(bench.values("out"), ["a+b+c", "d"]);
  assert.equal(committed(bench), 4);
  await bench.worker.idle();
});

for (const isAsync of [false, true]) {
  test(`a record that an array fails for is found, ${isAsync ? "later" : "at once"}`, async () => {
    const calls: string[] = [];
    const agent = batch(counting(calls, isAsync), { max: 4, onError: "skip" });
    const bench = new Bench(spec([group([agent])]));
    await bench.send(["a", "b", "bad", "c", "d", "e", "f", "g"]);
    await bench.run();
    assert.deepEqual(calls, ["a+b+bad+c", "a+b+bad+c", "a+b", "bad+c", "bad", "c", "d+e+f+g"]);
    assert.deepEqual(bench.values("out"), ["a+b", "c", "d+e+f+g"]);
    assert.deepEqual(
      bench.skipped.map(({ place }) => [place.agent, place.offset]),
      [["batch", 2]],
    );
    const keys = bench.log.records(countTable.changelog).map(({ key }) => String(key));
    assert.deepEqual(keys, ["a", "b", "c", "d", "e", "f", "g"]);
    assert.equal(committed(bench), 8);
  });
}

test("an array that succeeds the second time is done", async () => {
  let isFirst = true;
  const open: Open = (task) => {
    const sink = task.sink(out);
    return (values) => {
      sink.send(values.join("+"));
      if (isFirst) {
        isFirst = false;
        throw new Error("not yet");
      }
    };
  };
  const bench = new Bench(spec([group([batch(open)])]));
  await bench.send(["a", "b", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a+b+c"]);
});

test("a record that stops the task is named, and nothing of its array is committed", async () => {
  const bench = new Bench(spec([group([batch(counting([]), { max: 2 })])]));
  await bench.send(["a", "b", "c", "bad"]);
  await bench.worker.start();
  await assert.rejects(bench.worker.idle(), { code: "SG8020" });
  await bench.clock.advance(200);
  assert.equal(bench.errors[0]?.place.offset, 3);
  assert.deepEqual(bench.values("out"), ["a+b"]);
  assert.equal(committed(bench), 2);
});

test("an agent behind it gets values of its own", async () => {
  const seen: string[] = [];
  const agent = batch(() => (values) => void seen.push(values.join("+")), { max: 2 });
  const note = each("note", () => (value) => void seen.push(value));
  const bench = new Bench(spec([group([agent, note])]));
  await bench.send(["a", "b"]);
  await bench.run();
  assert.deepEqual(seen, ["a", "a+b", "b"]);
});

test("tombstones are passed over", async () => {
  const calls: string[] = [];
  const bench = new Bench(spec([group([batch(counting(calls), { max: 2 })])]));
  await bench.create("words");
  await bench.sendBytes("words", "a", "a");
  await bench.sendBytes("words", "b", null);
  await bench.sendBytes("words", "c", "c");
  await bench.run();
  assert.deepEqual(calls, ["a+c"]);
});

test("every record is counted once, whatever fails wherever", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);
  for (let round = 0; round < 30; round += 1) {
    const numbers = random(seed + round);
    const max = 1 + numbers.int(5);
    const isAsync = numbers.chance(0.5);
    const note = each("note", (task) => {
      const sink = task.sink(out);
      return (value) => sink.send(`note ${value}`);
    });
    const besides = numbers.chance(0.5) ? [note] : [];
    const pipeline = () =>
      spec([group([...besides, batch(counting([], isAsync), { max, onError: "skip" })])]);
    const bench = new Bench(pipeline());
    let worker = bench.worker;
    await bench.create("words");
    await worker.start();
    const all: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      const some = Array.from(
        { length: numbers.int(5) },
        () => `${numbers.chance(0.15) ? "bad" : `k${numbers.int(3)}`}:${all.length}`,
      );
      all.push(...some);
      await bench.send(some);
      if (numbers.chance(0.3)) bench.log.faults.next("sendOffsets", "refuse");
      await bench.clock.advance(numbers.int(1500));
      if (!numbers.chance(0.2)) continue;
      const stopping = worker.stop();
      await bench.clock.advance(1000);
      await stopping;
      worker = bench.make(pipeline());
      await worker.start();
    }
    await bench.clock.advance(5000);
    const good = all.filter((value) => !value.startsWith("bad"));
    const sent = bench.values("out").filter((text) => !text.startsWith("note"));
    assert.deepEqual(
      sent.flatMap((text) => text.split("+")),
      good,
      `seed ${seed + round}`,
    );
    if (besides.length > 0) {
      const notes = bench.values("out").filter((text) => text.startsWith("note"));
      assert.deepEqual(
        notes,
        all.map((value) => `note ${value}`),
        `seed ${seed + round}`,
      );
    }
    const rows = new Map(
      bench.log.records(countTable.changelog).map(({ key, value }) => [String(key), value]),
    );
    assert.equal(rows.has("bad"), false);
    await worker.stop();
  }
});
