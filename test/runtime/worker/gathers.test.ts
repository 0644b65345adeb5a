/** Agents that take records one by one and acknowledge several together: `take` in a stream. */
import assert from "node:assert/strict";
import test from "node:test";
import { source, type TaskScope, type Worker } from "@streamgen/runtime";
import type { Stream } from "../../../runtime/stream/event.ts";
import { random } from "../../random.ts";
import {
  Bench,
  countTable,
  each,
  group,
  keyOf,
  out,
  spec,
  type TextAgent,
  words,
} from "./small.ts";

type Body = (stream: Stream<string, string>, task: TaskScope) => Promise<void>;

function streaming(body: Body, onError: "stop" | "skip" = "stop", name = "streaming"): TextAgent {
  return { kind: "stream", name, onError, open: (task) => (stream) => body(stream, task) };
}

/** Sends each array as one text, and counts its values. */
function joining(max: number, within?: "1s"): Body {
  return async (stream, task) => {
    const sink = task.sink(out);
    const counts = task.table(countTable);
    for await (const values of stream.take(max, within)) {
      for (const value of values) counts.update(keyOf(value), (n) => n + 1);
      sink.send(values.join("+"));
      if (values.includes("bad")) throw new Error("bad");
    }
  };
}

const committed = (bench: Bench): number | undefined => bench.log.committed("small")[0]?.offset;

test("what take gathers is committed when the array is done with, and not before", async () => {
  const bench = new Bench(spec([group([streaming(joining(3))])]));
  await bench.send(["a", "b", "c", "d", "e"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a+b+c"]);
  assert.equal(committed(bench), 3);
  await bench.send(["f"]);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a+b+c", "d+e+f"]);
  assert.equal(committed(bench), 6);
});

test("what was gathered in part comes again to the next worker", async () => {
  const bench = new Bench(spec([group([streaming(joining(3))])]));
  await bench.send(["a", "b", "c", "d"]);
  await bench.run();
  await bench.worker.stop();
  await bench.send(["e", "f"]);
  const next = bench.make(spec([group([streaming(joining(3))])]));
  await next.start();
  await next.idle();
  assert.deepEqual(bench.values("out"), ["a+b+c", "d+e+f"]);
});

test("when time is up the body gets what there is, in a turn of its own", async () => {
  const bench = new Bench(spec([group([streaming(joining(3, "1s"))])]));
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await bench.clock.advance(900);
  assert.deepEqual(bench.values("out"), []);
  assert.equal(committed(bench), undefined);
  const idle = bench.worker.idle();
  await bench.clock.advance(200);
  await idle;
  assert.deepEqual(bench.values("out"), ["a+b"]);
  assert.equal(committed(bench), 2);
  assert.deepEqual(
    bench.log.records(countTable.changelog).map(({ key }) => String(key)),
    ["a", "b"],
  );
});

test("outputs of an array have the headers and the time of its last record", async () => {
  const loose = { ...out, name: "loose" };
  const body: Body = async (stream, task) => {
    const sink = task.sink(loose);
    for await (const values of stream.take(2, "1s")) sink.send(values.join("+"));
  };
  const bench = new Bench(spec([group([streaming(body)])], { topics: [words, loose] }));
  await bench.create("words");
  await bench.sendBytes("words", "a", "a", { seen: "yes" });
  await bench.worker.start();
  await bench.clock.advance(2000);
  await bench.worker.idle();
  const [record] = bench.log.records("loose");
  assert.equal(record?.timestamp, 5000);
  assert.deepEqual(
    record?.headers.map(([name, value]) => [name, String(value)]),
    [["seen", "yes"]],
  );
});

for (const within of [undefined, "1s"] as const) {
  test(`a throw is about the whole array, ${within ?? "without a time limit"}`, async () => {
    const bench = new Bench(spec([group([streaming(joining(2, within), "skip")])]));
    await bench.send(["a", "b", "c", "bad", "d", "e"]);
    await bench.run();
    assert.deepEqual(bench.values("out"), ["a+b", "d+e"]);
    assert.equal(bench.skipped.length, 1);
    assert.equal(committed(bench), 6);
    assert.deepEqual(
      bench.log.records(countTable.changelog).map(({ key }) => String(key)),
      ["a", "b", "d", "e"],
    );
  });
}

test("a throw when time is up is decided by onError, too", async () => {
  const bench = new Bench(spec([group([streaming(joining(3, "1s"), "skip")])]));
  await bench.send(["a", "bad"]);
  await bench.worker.start();
  await bench.clock.advance(1500);
  await bench.send(["b", "c", "d"]);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["b+c+d"]);
  assert.equal(bench.skipped[0]?.place.offset, 1);
  assert.equal(committed(bench), 5);
});

test("an array that stops its task leaves the group before its first record", async () => {
  const bench = new Bench(spec([group([streaming(joining(2))])]));
  await bench.send(["a", "b", "c", "bad"]);
  await bench.worker.start();
  await assert.rejects(bench.worker.idle(), { code: "SG8020" });
  await bench.clock.advance(200);
  assert.deepEqual(bench.values("out"), ["a+b"]);
  assert.equal(committed(bench), 2);
});

test("values that take had when an operator threw go to the next run", async () => {
  const body: Body = async (stream, task) => {
    const sink = task.sink(out);
    const fine = stream.filter((value) => {
      if (value === "bad") throw new Error("bad");
      return true;
    });
    for await (const values of fine.take(3)) sink.send(values.join("+"));
  };
  const bench = new Bench(spec([group([streaming(body, "skip")])]));
  await bench.send(["a", "b", "bad", "c", "d", "bad", "e", "f"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a+b+c", "d+e+f"]);
  assert.deepEqual(
    bench.skipped.map(({ place }) => place.offset),
    [2, 5],
  );
  assert.equal(committed(bench), 8);
});

test("writing before take has its values is refused", async () => {
  const body: Body = async (stream, task) => {
    const counts = task.table(countTable);
    const noted = stream.peek((value) => void counts.set(value, 1));
    for await (const _ of noted.take(2));
  };
  const bench = new Bench(spec([group([streaming(body)])]));
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await assert.rejects(bench.worker.idle(), { code: "SG8403" });
  assert.equal(committed(bench), undefined);
});

test("two agents that gather from one topic are each done with their own records", async () => {
  const agents = [streaming(joining(2)), streaming(joining(3), "stop", "other")];
  const pipeline = spec([group(agents, { tables: [countTable] })]);
  const bench = new Bench(pipeline);
  await bench.send(["a", "b", "c", "d", "e"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a+b", "a+b+c", "c+d"]);
  assert.equal(committed(bench), 3);
  await bench.worker.stop();
  await bench.send(["f"]);
  const next = bench.make(pipeline);
  await next.start();
  await next.idle();
  assert.deepEqual(bench.values("out").slice(3), ["e+f", "d+e+f"]);
  assert.equal(committed(bench), 6);
});

test("other agents of the topic neither wait nor get records twice", async () => {
  const note = each("note", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(`note ${value}`);
  });
  const pipeline = spec([group([note, streaming(joining(3))])]);
  const bench = new Bench(pipeline);
  await bench.send(["a", "b"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["note a", "note b"]);
  assert.equal(committed(bench), 0);
  await bench.worker.stop();
  const next = bench.make(pipeline);
  await next.start();
  await next.idle();
  await bench.send(["c", "d"]);
  await next.idle();
  assert.deepEqual(bench.values("out").slice(2), ["note c", "a+b+c", "note d"]);
  assert.equal(committed(bench), 3);
});

test("an agent that has another name now gets the records that it had kept back", async () => {
  const note = each("note", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(`note ${value}`);
  });
  const bench = new Bench(spec([group([note, streaming(joining(3))])]));
  await bench.send(["a", "b"]);
  await bench.run();
  await bench.worker.stop();
  const next = bench.make(spec([group([note, streaming(joining(2), "stop", "renamed")])]));
  await next.start();
  await next.idle();
  assert.deepEqual(bench.values("out"), ["note a", "note b", "a+b"]);
});

/** What the same values give without a worker. */
function oracle(values: readonly string[], max: number): readonly string[] {
  const arrays: string[] = [];
  for (let at = 0; at + max <= values.length; at += max) {
    arrays.push(values.slice(at, at + max).join("+"));
  }
  return arrays;
}

test("arrays are exact when workers stop and commits fail anywhere", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);
  for (let round = 0; round < 30; round += 1) {
    const numbers = random(seed + round);
    const max = 1 + numbers.int(4);
    const besides = numbers.chance(0.5);
    const note = each("note", (task) => {
      const counts = task.table(countTable);
      return (value) => void counts.update(keyOf(value), (n) => n + 1);
    });
    const body: Body = async (stream, task) => {
      const sink = task.sink(out);
      for await (const values of stream.take(max)) sink.send(values.join("+"));
    };
    const pipeline = () => spec([group([...(besides ? [note] : []), streaming(body)])]);
    const bench = new Bench(pipeline());
    let worker = bench.worker;
    await bench.create("words");
    await worker.start();
    const all: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      const some = Array.from({ length: numbers.int(5) }, () => `k${numbers.int(3)}:${all.length}`);
      all.push(...some);
      await bench.send(some);
      const isRefused = numbers.chance(0.3);
      if (isRefused) bench.log.faults.next("sendOffsets", "refuse");
      // Three refusals in a row would stop the task.
      await bench.clock.advance(isRefused ? 400 : numbers.int(250));
      if (!numbers.chance(0.2)) continue;
      await stopped(bench, worker);
      worker = bench.make(pipeline());
      await worker.start();
    }
    await bench.clock.advance(1000);
    assert.deepEqual(
      bench.values("out"),
      oracle(all, max),
      `seed ${seed + round}: ${bench.errors}`,
    );
    await stopped(bench, worker);
  }
});

/** A worker that is stopped while the clock goes on. */
async function stopped(bench: Bench, worker: Worker): Promise<void> {
  const stopping = worker.stop();
  await bench.clock.advance(1000);
  await stopping;
}

test("a stream beside another input keeps both inputs' places", async () => {
  const other = { ...words, name: "other" };
  const echo = each("echo", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(value);
  });
  const sources = [
    source({ topic: words, agents: [streaming(joining(3))] }),
    source({ topic: other, agents: [echo] }),
  ];
  const bench = new Bench(spec([group([], { sources })], { topics: [words, other, out] }));
  await bench.send(["a", "b"]);
  await bench.send(["x"], other);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["x"]);
  const places = bench.log.committed("small").map(({ topic, offset }) => `${topic} ${offset}`);
  assert.deepEqual(places.sort(), ["other 1", "words 0"]);
});
