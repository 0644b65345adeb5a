/** Agents that handle several records at once, in lanes that keep the order of each key. */
import assert from "node:assert/strict";
import test from "node:test";
import type { TaskScope, WorkerOptions } from "@streamgen/runtime";
import { random } from "../../random.ts";
import { Bench, countTable, each, group, keyOf, out, spec, type TextAgent } from "./small.ts";

type Open = (task: TaskScope) => (value: string) => unknown;

const laned = (open: Open, lanes: number, onError: "stop" | "skip" = "stop"): TextAgent => ({
  kind: "each",
  name: "laned",
  onError,
  ...(lanes > 1 && { lanes }),
  open,
});

/** Waits, counts by key, and sends the count. */
function counting(sleep: (value: string) => Promise<void>): Open {
  return (task) => {
    const counts = task.table(countTable);
    const sink = task.sink(out);
    return async (value) => {
      const key = keyOf(value);
      const count = counts.update(key, (n) => n + 1);
      await sleep(value);
      sink.send(`${value}=${count}`);
      if (value.includes("bad")) throw new Error("bad");
      counts.set(key, count);
    };
  };
}

/** A worker whose agents wait by the log's own clock. */
function lanes(
  count: number,
  ms: (value: string) => number,
  options: { onError?: "skip"; more?: readonly TextAgent[]; worker?: WorkerOptions } = {},
): Bench {
  const box: { bench?: Bench } = {};
  const sleep = async (value: string): Promise<void> => {
    await box.bench?.clock.sleep(ms(value));
  };
  const agent = laned(counting(sleep), count, options.onError);
  const pipeline = spec([group([...(options.more ?? []), agent])]);
  const bench = new Bench(pipeline, options.worker);
  box.bench = bench;
  return bench;
}

/** Records handled in a second of waiting 50 ms for each. */
async function rate(count: number): Promise<number> {
  const bench = lanes(count, () => 50);
  await bench.send(Array.from({ length: 400 }, (_, n) => `key${n}`));
  await bench.worker.start();
  await bench.clock.advance(2000);
  const stopping = bench.worker.stop();
  await bench.clock.advance(1000);
  await stopping;
  return bench.values("out").length;
}

test("eight lanes do more than six times what one does", async () => {
  const [one, eight] = [await rate(1), await rate(8)];
  assert.ok(one > 20, `one lane did ${one}`);
  assert.ok(eight >= 6 * one, `eight lanes did ${eight}, one did ${one}`);
});

test("records of one key keep their order, others overtake them", async () => {
  const bench = lanes(4, (value) => (value.startsWith("slow") ? 300 : 20));
  await bench.send(["slow:1", "slow:2", "a:1", "b:1", "a:2", "slow:3", "a:3"]);
  await bench.worker.start();
  await bench.clock.advance(2000);
  const sent = bench.values("out");
  const of = (key: string) => sent.filter((text) => keyOf(text) === key);
  assert.deepEqual(of("slow"), ["slow:1=1", "slow:2=2", "slow:3=3"]);
  assert.deepEqual(of("a"), ["a:1=1", "a:2=2", "a:3=3"]);
  assert.ok(sent.indexOf("a:3=3") < sent.indexOf("slow:2=2"));
  assert.equal(bench.log.committed("small")[0]?.offset, 7);
  await bench.worker.idle();
});

test("a throw undoes its own writes and sends, and no others", async () => {
  const bench = lanes(4, () => 50, { onError: "skip" });
  await bench.send(["a:1", "b:bad", "c:1", "b:2", "a:bad", "a:2"]);
  await bench.worker.start();
  await bench.clock.advance(2000);
  assert.deepEqual([...bench.values("out")].sort(), ["a:1=1", "a:2=2", "b:2=1", "c:1=1"]);
  assert.deepEqual(bench.skipped.map(({ place }) => place.offset).sort(), [1, 4]);
  assert.equal(bench.log.committed("small")[0]?.offset, 6);
});

test("a record that stops its task leaves nothing committed behind it", async () => {
  const bench = lanes(4, (value) => (value.includes("bad") ? 150 : 10));
  await bench.send(["a:1", "b:bad", "c:1", "d:1"]);
  await bench.worker.start();
  await bench.clock.advance(3000);
  assert.equal(bench.errors[0]?.place.offset, 1);
  const offset = bench.log.committed("small")[0]?.offset ?? 0;
  assert.ok(offset <= 1, `committed ${offset}`);
  assert.ok(!bench.values("out").some((text) => text.startsWith("c") || text.startsWith("d")));
});

test("what a lane writes is not seen before its record is done with", async () => {
  const seen: number[] = [];
  const reader = each("reader", (task) => {
    const counts = task.table(countTable);
    return () => void seen.push(counts.get("slow"));
  });
  const ms = (value: string) => (value.startsWith("slow") ? 500 : 10);
  const bench = lanes(4, ms, { more: [reader] });
  await bench.send(["slow:1", "a:1"]);
  await bench.worker.start();
  await bench.clock.advance(300);
  assert.deepEqual(seen, [0, 0]);
  await bench.clock.advance(2000);
  await bench.send(["a:2"]);
  await bench.clock.advance(1000);
  assert.deepEqual(seen, [0, 0, 1]);
});

test("rows, outputs and order are exact, whatever fails wherever", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);
  for (let round = 0; round < 25; round += 1) {
    const numbers = random(seed + round);
    const count = 2 + numbers.int(6);
    const times = random(seed + round + 1000);
    const box: { bench?: Bench } = {};
    const sleep = async (): Promise<void> => {
      await box.bench?.clock.sleep(times.int(80));
    };
    const note = each("note", (task) => {
      const sink = task.sink(out);
      return (value) => sink.send(`note ${value}`);
    });
    const pipeline = () => spec([group([note, laned(counting(sleep), count, "skip")])]);
    const bench = new Bench(pipeline());
    box.bench = bench;
    let worker = bench.worker;
    await bench.create("words");
    await worker.start();
    const all: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      const some = Array.from(
        { length: numbers.int(8) },
        (_, n) => `k${numbers.int(4)}:${numbers.chance(0.1) ? "bad" : ""}${all.length + n}`,
      );
      all.push(...some);
      await bench.send(some);
      if (numbers.chance(0.3)) bench.log.faults.next("sendOffsets", "refuse");
      await bench.clock.advance(numbers.int(400));
      if (!numbers.chance(0.2)) continue;
      const stopping = worker.stop();
      await bench.clock.advance(1500);
      await stopping;
      worker = bench.make(pipeline());
      await worker.start();
    }
    await bench.clock.advance(10_000);
    const counts = new Map<string, number>();
    const expected = all.flatMap((value) => {
      if (value.includes("bad")) return [];
      const next = (counts.get(keyOf(value)) ?? 0) + 1;
      counts.set(keyOf(value), next);
      return [`${value}=${next}`];
    });
    const sent = bench.values("out").filter((text) => text.includes("="));
    for (const key of ["k0", "k1", "k2", "k3"]) {
      const of = (texts: readonly string[]) => texts.filter((text) => keyOf(text) === key);
      assert.deepEqual(of(sent), of(expected), `seed ${seed + round}: ${bench.errors}`);
    }
    const notes = bench.values("out").filter((text) => text.startsWith("note"));
    assert.deepEqual(
      notes,
      all.map((value) => `note ${value}`),
      `seed ${seed + round}`,
    );
    const stopping = worker.stop();
    await bench.clock.advance(1500);
    await stopping;
  }
});

test("an event that is given back is handled again in its lane, and other keys go on", async () => {
  let times = 0;
  const agent: TextAgent = {
    kind: "event",
    name: "laned",
    onError: "stop",
    lanes: 4,
    open: (task) => {
      const sink = task.sink(out);
      return async (event) => {
        await Promise.resolve();
        if (event.key === "later" && times++ === 0) event.nack("5s");
        sink.send(`${event.key}:${event.offset}`);
      };
    },
  };
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["later:1", "a:1", "later:2"]);
  await bench.worker.start();
  await bench.clock.advance(1000);
  assert.deepEqual(bench.values("out"), ["a:1"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 0, "the first of its key is not done with");
  await bench.clock.advance(20_000);
  assert.deepEqual(bench.values("out"), ["a:1", "later:0", "later:2"]);
});
