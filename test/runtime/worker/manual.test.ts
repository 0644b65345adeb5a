/** Events that functions acknowledge themselves, in any order: `ack: "manual"`. */
import assert from "node:assert/strict";
import test from "node:test";
import type { ErrorPolicy, ManualEvent, SinkHandle, TableHandle } from "@streamgen/runtime";
import { random } from "../../random.ts";
import { compacted, throughCrashes } from "./crashing.ts";
import { Bench, countTable, each, group, out, spec, type TextAgent } from "./small.ts";

type TextEvent = ManualEvent<string, string>;

interface Uses {
  readonly sink: SinkHandle<string, string>;
  readonly counts: TableHandle<string, number, number>;
}

function manual(
  handle: (event: TextEvent, uses: Uses) => unknown,
  onError: ErrorPolicy = "stop",
): TextAgent {
  return {
    kind: "manual",
    name: "manual",
    onError,
    open(task) {
      const uses = { sink: task.sink(out), counts: task.table(countTable) };
      return (event) => handle(event, uses);
    },
  };
}

/** Events as they come, by value; the newest of each. */
class Seen {
  readonly values: string[] = [];
  readonly #events = new Map<string, TextEvent>();

  readonly take = (event: TextEvent): void => {
    this.values.push(event.value);
    this.#events.set(event.value, event);
  };

  ack(...values: readonly string[]): void {
    for (const value of values) this.#events.get(value)?.ack();
  }
}

const committed = (bench: Bench): number | undefined => bench.log.committed("small")[0]?.offset;

test("a commit goes up to the first event that is not acknowledged", async () => {
  const seen = new Seen();
  const bench = new Bench(spec([group([manual(seen.take)])]));
  await bench.send(["a", "b", "c", "d"]);
  await bench.run();
  assert.deepEqual(seen.values, ["a", "b", "c", "d"]);
  assert.equal(committed(bench), 0);
  seen.ack("c", "a");
  await bench.clock.advance(200);
  assert.equal(committed(bench), 1);
  seen.ack("b");
  await bench.clock.advance(200);
  assert.equal(committed(bench), 3);
  seen.ack("d", "d");
  await bench.clock.advance(200);
  assert.equal(committed(bench), 4);
});

test("what is not acknowledged comes again to the next worker, and nothing else does", async () => {
  const seen = new Seen();
  const others: string[] = [];
  const other = each("other", () => (value) => void others.push(value));
  const pipeline = spec([group([manual(seen.take), other])]);
  const bench = new Bench(pipeline);
  await bench.send(["a", "b", "c", "d", "e"]);
  await bench.run();
  seen.ack("b", "d", "e");
  await bench.worker.stop();
  seen.values.length = 0;
  const next = bench.make(pipeline);
  await next.start();
  await next.idle();
  assert.deepEqual(seen.values, ["a", "c"]);
  // Half of what was known is acknowledged, and forgotten again.
  seen.ack("c");
  await bench.send(["f"]);
  await next.idle();
  await next.stop();
  seen.values.length = 0;
  const last = bench.make(pipeline);
  await last.start();
  await last.idle();
  assert.deepEqual(seen.values, ["a", "f"]);
  assert.deepEqual(others, ["a", "b", "c", "d", "e", "f"]);
  await last.stop();
});

test("a worker that commits while it catches up keeps what it has not come to", async () => {
  const seen = new Seen();
  const pipeline = spec([group([manual(seen.take)])]);
  const bench = new Bench(pipeline);
  await bench.send(["a", "b", "c", "d"]);
  await bench.run();
  seen.ack("b", "d");
  await bench.worker.stop();
  // Comes to "a" and fails there; "c" and what is done behind it must not be forgotten.
  const refusing = spec([
    group([manual((event) => (event.value === "c" ? event.nack("1h") : event.ack()))]),
  ]);
  const second = bench.make(refusing);
  await second.start();
  await bench.clock.advance(500);
  assert.equal(committed(bench), 2);
  await second.stop();
  seen.values.length = 0;
  const third = bench.make(pipeline);
  await third.start();
  await third.idle();
  assert.deepEqual(seen.values, ["c"]);
  await third.stop();
});

test("what a call writes is committed with what it acknowledges", async () => {
  const waiting: TextEvent[] = [];
  const pair = (event: TextEvent, { counts, sink }: Uses) => {
    waiting.push(event);
    if (waiting.length < 2) return;
    const two = waiting.splice(0);
    counts.update("pairs", (n) => n + 1);
    sink.send(two.map(({ value }) => value).join("+"));
    for (const one of two) one.ack();
  };
  const bench = new Bench(spec([group([manual(pair)])]));
  await bench.send(["a", "b", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a+b"]);
  assert.equal(committed(bench), 2);
  assert.equal(compacted(bench.log, countTable.changelog).size, 1);
});

test("a call that writes and acknowledges nothing is an error, and leaves nothing", async () => {
  const agent = manual(({ value }, { sink }) => sink.send(value), "skip");
  const bench = new Bench(spec([group([agent])]));
  await bench.send(["a", "b"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), []);
  assert.deepEqual(
    bench.skipped.map(({ code }) => code),
    ["SG8432", "SG8432"],
  );
  assert.equal(committed(bench), 2);
});

for (const waits of [false, true]) {
  test(`a throw takes back what its call has acknowledged; waits: ${waits}`, async () => {
    const seen = new Seen();
    const handle = (event: TextEvent, { sink }: Uses) => {
      seen.take(event);
      if (event.value !== "c") return undefined;
      sink.send("never");
      seen.ack("a", "c");
      if (!waits) throw new Error("no");
      return Promise.resolve().then(() => {
        seen.ack("b");
        throw new Error("no");
      });
    };
    const bench = new Bench(spec([group([manual(handle, "skip")])]));
    await bench.send(["a", "b", "c"]);
    await bench.run();
    assert.deepEqual(bench.values("out"), []);
    assert.equal(committed(bench), 0);
    seen.ack("a");
    await bench.clock.advance(200);
    assert.equal(committed(bench), 1);
    // "c" was skipped.
    seen.ack("b");
    await bench.clock.advance(200);
    assert.equal(committed(bench), 3);
  });
}

test("what is acknowledged beside a call stays acknowledged when the call fails", async () => {
  const seen = new Seen();
  const handle = async (event: TextEvent) => {
    seen.take(event);
    if (event.value !== "b") return;
    await new Promise((resolve) => bench.clock.timer(50, () => resolve(undefined)));
    throw new Error("no");
  };
  const bench = new Bench(spec([group([manual(handle, "skip")])]));
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await bench.clock.advance(20);
  assert.deepEqual(seen.values, ["a", "b"]);
  seen.ack("a");
  await bench.clock.advance(500);
  assert.equal(bench.skipped.length, 1);
  assert.equal(committed(bench), 2);
});

test("another agent's retry sets acknowledgements aside with the rest of the record's work", async () => {
  let failures = 2;
  const failing = each(
    "failing",
    () => (value) => {
      if (value === "b" && failures-- > 0) throw new Error("not yet");
    },
    { retries: 3, firstWaitMs: 1000, waitMaxMs: 1000, last: "stop" },
  );
  const agent = manual((event, { sink }) => {
    sink.send(event.value);
    event.ack();
  });
  const bench = new Bench(spec([group([agent, failing])]));
  await bench.send(["a", "b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  assert.deepEqual(bench.values("out"), ["a"]);
  assert.equal(committed(bench), 1);
  await bench.clock.advance(3000);
  assert.deepEqual(bench.values("out"), ["a", "b", "c"]);
  assert.equal(committed(bench), 3);
});

test("at most 500 events are open at a time", async () => {
  const seen = new Seen();
  const bench = new Bench(spec([group([manual(seen.take)])]));
  const values = Array.from({ length: 620 }, (_, index) => `v${index}`);
  await bench.send(values);
  await bench.worker.start();
  await bench.clock.advance(500);
  assert.equal(seen.values.length, 500);
  seen.ack("v100", "v499");
  await bench.clock.advance(200);
  assert.equal(seen.values.length, 502);
  // Every other one, so that the places beside the offset are as many as can be.
  for (let index = 0; index < 620; index += 2) seen.ack(`v${index}`);
  await bench.clock.advance(200);
  assert.equal(seen.values.length, 620);
  seen.ack(...values);
  await bench.clock.advance(200);
  assert.equal(committed(bench), 620);
});

test("an event that is open for an hour is an error of its record", async () => {
  const seen = new Seen();
  const bench = new Bench(spec([group([manual(seen.take, "skip")])]));
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  seen.ack("b");
  await bench.clock.advance(3_500_000);
  assert.equal(committed(bench), 0);
  await bench.clock.advance(200_000);
  assert.deepEqual(
    bench.skipped.map(({ code, place }) => [code, place["offset"]]),
    [["SG8431", 0]],
  );
  assert.equal(committed(bench), 2);
});

test("by default it stops the task, and names the record", async () => {
  const bench = new Bench(spec([group([manual(() => undefined)])]));
  await bench.send(["a"]);
  await bench.worker.start();
  await bench.clock.advance(3_700_000);
  assert.equal(bench.errors[0]?.code, "SG8431");
  assert.deepEqual(
    [bench.errors[0]?.place["agent"], bench.errors[0]?.place["offset"]],
    ["manual", 0],
  );
});

test("after an abort all that is not committed comes again, and old events acknowledge nothing", async () => {
  const seen = new Seen();
  const first: TextEvent[] = [];
  const bench = new Bench(
    spec([
      group([
        manual((event) => {
          if (first.length < 2) first.push(event);
          seen.take(event);
        }),
      ]),
    ]),
  );
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await bench.clock.advance(50);
  first[1]?.ack();
  bench.log.faults.next("sendOffsets", "refuse");
  await bench.clock.advance(500);
  assert.deepEqual(seen.values, ["a", "b", "a", "b"]);
  for (const event of first) event.ack();
  await bench.clock.advance(500);
  assert.equal(committed(bench), 0);
  seen.ack("a", "b");
  await bench.clock.advance(500);
  assert.equal(committed(bench), 2);
});

test("rejected and given back events are decided by the call's end", async () => {
  let given = 0;
  const handle = (event: TextEvent) => {
    if (event.value === "a") event.reject("no good");
    else if (event.value === "b" && given++ < 2) event.nack("10s");
    else event.ack();
  };
  const bench = new Bench(spec([group([manual(handle, "skip")])]));
  await bench.send(["a", "b", "c"]);
  await bench.worker.start();
  await bench.clock.advance(30_000);
  assert.equal(bench.skipped[0]?.code, "SG8023");
  assert.equal(given, 3);
  assert.equal(committed(bench), 3);
});

/** Acknowledges what it has kept at random, and sends each value when it does. */
function shuffling(seed: number): TextAgent {
  const numbers = random(seed);
  return {
    kind: "manual",
    name: "shuffling",
    onError: "stop",
    open(task) {
      const sink = task.sink(out);
      const counts = task.table(countTable);
      let kept: TextEvent[] = [];
      return (event) => {
        kept.push(event);
        if (numbers.chance(0.6) && !event.value.endsWith("last")) return;
        const count = event.value.endsWith("last") ? kept.length : 1 + numbers.int(kept.length);
        const some = numbers.shuffle(kept).slice(0, count);
        kept = kept.filter((one) => !some.includes(one));
        for (const one of some) {
          sink.send(one.value);
          counts.update(one.value, (n) => n + 1);
          one.ack();
        }
      };
    },
  };
}

for (let seed = 1; seed <= 4; seed += 1) {
  test(`what is acknowledged in a call is done once, whatever crashes, seed ${seed}`, async () => {
    const values = Array.from({ length: 400 }, (_, index) => `v${index}`);
    const ends = Array.from({ length: 3 }, (_, index) => `v${400 + index}:last`);
    const { out: sent, log } = await throughCrashes({
      spec: spec([group([shuffling(seed)])]),
      values: [...values, ...ends],
      delivery: "exactly-once",
      crashes: 4,
      numbers: random(seed),
    });
    assert.deepEqual([...sent].sort(), [...values, ...ends].sort());
    const rows = [...compacted(log, countTable.changelog).values()];
    assert.equal(rows.length, 403);
  });
}
