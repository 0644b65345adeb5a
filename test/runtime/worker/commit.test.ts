import assert from "node:assert/strict";
import test from "node:test";
import { source, type TableSpec, type ViewHandle } from "@streamgen/runtime";
import { Bench, countTable, each, group, out, spec, type TextAgent, words } from "./small.ts";

const count = each("count", (task) => {
  const rows = task.table(countTable);
  const sink = task.sink(out);
  return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
});

/** A pipeline whose view of the counts can be asked from outside. */
function withView(agents: readonly TextAgent[]): {
  readonly bench: Bench;
  readonly view: () => ViewHandle<string, number, number>;
} {
  let view: ViewHandle<string, number, number> | undefined;
  const start = {
    name: "start",
    open(scope: { view(table: TableSpec<string, number, number>): typeof view }) {
      view = scope.view(countTable);
      return () => undefined;
    },
  };
  const bench = new Bench(spec([group(agents)], { starts: [start] }));
  return {
    bench,
    view() {
      assert.ok(view !== undefined);
      return view;
    },
  };
}

test("nothing is committed where there is nothing to commit", async () => {
  const bench = new Bench(spec([group([count])]));
  await bench.send(["a"]);
  await bench.run();
  assert.equal(bench.worker.health().commits, 1);
  const before = bench.log.faults.calls;
  await bench.worker.commit();
  await bench.worker.commit();
  assert.equal(bench.log.faults.calls, before);
});

test("the next interval is processed while a commit is under way; views see what is committed", async () => {
  const { bench, view } = withView([count]);
  await bench.send(["a", "a"]);
  await bench.worker.start();
  await bench.clock.advance(0);
  const held = bench.log.faults.hold("commit");
  const first = bench.worker.commit();
  await held.reached;
  await bench.send(["a"]);
  await bench.clock.advance(50);
  assert.equal(bench.worker.health().tasks[0]?.inputs[0]?.position, 3);
  assert.equal(bench.worker.health().tasks[0]?.inputs[0]?.committed, 0);
  assert.equal(await view().get("a"), 0);
  assert.deepEqual(bench.values("out"), []);
  held.release();
  await first;
  assert.equal(await view().get("a"), 2);
  assert.deepEqual(bench.values("out"), ["a:1", "a:2"]);
  await bench.worker.idle();
  assert.equal(await view().get("a"), 3);
  assert.deepEqual(bench.values("out"), ["a:1", "a:2", "a:3"]);
  for await (const row of view().entries()) assert.deepEqual(row, ["a", 3]);
});

test("aborting a commit takes the interval after it back as well", async () => {
  const { bench, view } = withView([count]);
  await bench.send(["a", "a"]);
  await bench.worker.start();
  await bench.clock.advance(0);
  const held = bench.log.faults.hold("send");
  bench.log.faults.next("sendOffsets", "refuse");
  const first = bench.worker.commit();
  await held.reached;
  await bench.send(["a"]);
  await bench.clock.advance(50);
  assert.equal(bench.worker.health().tasks[0]?.inputs[0]?.position, 3);
  held.release();
  await first;
  assert.equal(bench.worker.health().aborts, 1);
  assert.equal(bench.worker.health().tasks[0]?.inputs[0]?.position, 0);
  await bench.worker.idle();
  assert.equal(await view().get("a"), 3);
  assert.deepEqual(bench.values("out"), ["a:1", "a:2", "a:3"]);
});

test("an asynchronous agent in the middle of a record stays out of a commit, its work intact", async () => {
  let finish = (): void => undefined;
  const slow = each("slow", (task) => {
    const sink = task.sink(out);
    return async (value) => {
      sink.send(`${value}:begun`);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      sink.send(`${value}:done`);
    };
  });
  const others: typeof words = { ...words, name: "others" };
  const groups = [
    group([slow], { tables: [] }),
    group([], { name: "others", sources: [source({ topic: others, agents: [count] })] }),
  ];
  const bench = new Bench(spec(groups, { topics: [words, out, others] }), { settleMaxMs: 1000 });
  await bench.send(["s"]);
  await bench.send(["a"], others);
  await bench.worker.start();
  await bench.clock.advance(100);
  await bench.clock.advance(2000);
  assert.deepEqual(bench.values("out"), ["a:1"]);
  finish();
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "s:begun", "s:done"]);
});

test("much staged work is committed before its time", async () => {
  const bench = new Bench(spec([group([count])]), {
    stagedMaxBytes: 500,
    commitIntervalMs: 60_000,
  });
  await bench.send(Array.from({ length: 300 }, (_, n) => `key-${n % 5}`));
  await bench.worker.start();
  await bench.clock.advance(10);
  await bench.clock.advance(10);
  assert.ok(bench.worker.health().commits >= 1);
});

test("a worker whose place another has taken stops, and says so", async () => {
  const bench = new Bench(spec([group([count])]), { instance: "one" });
  await bench.send(["a"]);
  await bench.run();
  const other = bench.make(spec([group([count])]), { instance: "one" });
  await other.start();
  await bench.send(["b"]);
  await bench.clock.advance(300);
  await bench.clock.advance(60_000);
  await other.idle();
  assert.equal(bench.worker.health().state, "failed");
  assert.equal(bench.errors.at(-1)?.code, "SG6005");
  assert.deepEqual(bench.values("out"), ["a:1", "b:1"]);
});

test("what the log refuses for good stops the task at the record that leads to it", async () => {
  const long = each("long", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(value.repeat(500));
  });
  const bench = new Bench(spec([group([long])]));
  await bench.send(["a"]);
  await bench.worker.start();
  // Changed behind the worker's back: it has looked at the limit when it started.
  bench.log.alterTopic("out", { config: { "max.message.bytes": "300" } });
  await bench.clock.advance(1000);
  assert.equal(bench.worker.health().aborts, 1);
  await assert.rejects(bench.worker.idle(), { code: "SG8046" });
  assert.deepEqual(bench.values("out"), []);
});

test("a crashed worker's successor goes on where it had committed, with its tables", async () => {
  const bench = new Bench(spec([group([count])]), { instance: "one" });
  await bench.send(["a", "b", "a"]);
  await bench.run();
  const restored: number[] = [];
  const next = bench.make(spec([group([count])]), {
    instance: "one",
    log: bench.log.connect("next"),
  });
  next.on("restored", ({ records }) => restored.push(records));
  await bench.send(["a"]);
  await next.start();
  await bench.clock.advance(60_000);
  await next.idle();
  assert.deepEqual(restored, [2]);
  assert.deepEqual(bench.values("out"), ["a:1", "b:1", "a:2", "a:3"]);
});
