import assert from "node:assert/strict";
import test from "node:test";
import type { TaskScope, Tick, TimerSpec, WorkerScope } from "@streamgen/runtime";
import { manualClock } from "../../../runtime/clock.ts";
import { Timers } from "../../../runtime/worker/outside/timers.ts";
import { Bench, countTable, each, group, out, spec } from "./small.ts";

const count = each("count", (task) => {
  const rows = task.table(countTable);
  return (value) => void rows.update(value, (n) => n + 1);
});

function taskTimer(
  tick: (tick: Tick, task: TaskScope) => unknown,
  onError: "stop" | "skip" = "stop",
): TimerSpec<TaskScope> {
  return { name: "timer", everyMs: 1000, onError, open: (task) => (at) => tick(at, task) };
}

test("a timer with a table ticks in its task and writes with its commit", async () => {
  const timer: TimerSpec<TaskScope> = {
    name: "timer",
    everyMs: 1000,
    onError: "stop",
    open(task) {
      const rows = task.table(countTable);
      const sink = task.sink(out);
      return ({ at, partition }) => {
        sink.send(`tick:${at}:${partition}:${rows.size}`);
        rows.clear();
      };
    },
  };
  const bench = new Bench(spec([group([count], { timers: [timer] })]));
  await bench.send(["a", "b", "a"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), []);
  await bench.clock.advance(999);
  assert.deepEqual(bench.values("out"), []);
  await bench.clock.advance(1 + 200);
  assert.deepEqual(bench.values("out"), ["tick:1001000:0:2"]);
  assert.deepEqual(bench.values(countTable.changelog).slice(-2), ["-", "-"]);
  await bench.clock.advance(1000);
  assert.deepEqual(bench.values("out"), ["tick:1001000:0:2", "tick:1002000:0:0"]);
  await bench.worker.stop();
});

test("a tick that throws and skips is undone; one that stops stops the task", async () => {
  for (const onError of ["skip", "stop"] as const) {
    const timer = taskTimer((_, task) => {
      task.table(countTable).set("x", 1);
      throw new Error("no time");
    }, onError);
    const bench = new Bench(spec([group([count], { timers: [timer] })]));
    await bench.send(["a"]);
    await bench.run();
    await bench.clock.advance(1200);
    assert.deepEqual(bench.values(countTable.changelog), ["\u0002"]);
    const [error] = onError === "skip" ? bench.skipped : bench.errors;
    assert.equal(error?.message, 'timer "timer" threw: no time');
    assert.equal(bench.worker.health().tasks[0]?.state, onError === "skip" ? "running" : "failed");
  }
});

test("an asynchronous tick is awaited before the next record", async () => {
  const seen: string[] = [];
  let finish = (): void => undefined;
  const timer = taskTimer(async () => {
    seen.push("tick begins");
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    seen.push("tick ends");
  });
  const note = each("note", () => (value) => void seen.push(value));
  const bench = new Bench(spec([group([note], { timers: [timer] })]));
  await bench.send(["a"]);
  await bench.run();
  await bench.clock.advance(1000);
  await bench.send(["b"]);
  await bench.clock.advance(100);
  finish();
  await bench.clock.advance(100);
  assert.deepEqual(seen, ["a", "tick begins", "tick ends", "b"]);
});

test("ticks that could not be taken are left out, not made up for", async () => {
  const seen: number[] = [];
  let finish = (): void => undefined;
  const timer = taskTimer(async ({ at }) => {
    seen.push(at);
    if (seen.length > 1) return;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  const bench = new Bench(spec([group([count], { timers: [timer] })]));
  await bench.send(["a"]);
  await bench.run();
  await bench.clock.advance(5000);
  finish();
  await bench.clock.advance(100);
  assert.deepEqual(seen, [1_001_000, 1_002_000]);
  await bench.clock.advance(1000);
  assert.deepEqual(seen, [1_001_000, 1_002_000, 1_006_000]);
});

test("an interval may be longer than timers reach", async () => {
  const everyMs = 40 * 86_400_000;
  const clock = manualClock();
  const delays: number[] = [];
  const seen: number[] = [];
  const timers = new Timers<null>(
    [{ name: "rare", everyMs, onError: "stop", open: () => () => 0 }],
    {
      clock: {
        ...clock,
        timer(delayMs, task) {
          delays.push(delayMs);
          return clock.timer(delayMs, task);
        },
      },
      wake: () => seen.push(timers.take()?.tick.at ?? -1),
    },
  );
  timers.start(null);
  await clock.advance(everyMs);
  timers.stop();
  assert.deepEqual(seen, [everyMs]);
  assert.deepEqual(delays.slice(0, 2), [0x7fffffff, everyMs - 0x7fffffff]);
});

const workerTimer = (
  open: TimerSpec<WorkerScope>["open"],
  onError: "stop" | "skip" = "stop",
): TimerSpec<WorkerScope> => ({ name: "beat", everyMs: 1000, onError, open });

test("a timer without a table ticks once per worker, and what it sends is there at once", async () => {
  const timer = workerTimer((scope) => {
    const sink = scope.sink(out);
    return ({ at }) => sink.send(`beat:${at}`);
  });
  const bench = new Bench(spec([group([count])], { timers: [timer] }));
  await bench.send(["a"]);
  await bench.run();
  await bench.clock.advance(2000);
  assert.deepEqual(bench.values("out"), ["beat:1001000", "beat:1002000"]);
  await bench.worker.stop();
  await bench.clock.advance(5000);
  assert.equal(bench.values("out").length, 2);
});

test("a pipeline may be nothing but a timer", async () => {
  const timer = workerTimer((scope) => {
    const sink = scope.sink(out);
    return ({ at }) => sink.send(`hello:${at}`);
  });
  const bench = new Bench(spec([], { topics: [out], timers: [timer] }));
  await bench.worker.start();
  const idle = bench.worker.idle();
  await bench.clock.advance(1000);
  await idle;
  assert.deepEqual(bench.values("out"), ["hello:1001000"]);
  await bench.worker.stop();
});

test("a timer of the worker's that throws stops the worker, or is skipped", async () => {
  for (const onError of ["stop", "skip"] as const) {
    const timer = workerTimer(
      () => () => {
        throw new Error("no beat");
      },
      onError,
    );
    const bench = new Bench(spec([group([count])], { timers: [timer] }));
    await bench.send(["a"]);
    await bench.run();
    await bench.clock.advance(1000);
    assert.equal(bench.worker.health().state, onError === "stop" ? "failed" : "running");
  }
});

test("start functions run in order before the first record, and what they send is there", async () => {
  const seen: string[] = [];
  const note = each("note", () => (value) => void seen.push(value));
  const start = (name: string, wait: number) => ({
    name,
    open(scope: WorkerScope) {
      const sink = scope.sink(out);
      return async ({ app }: { readonly app: string }) => {
        for (let turn = 0; turn < wait; turn += 1) await Promise.resolve();
        seen.push(`${name} ${app}`);
        sink.send(`start:${name}`);
      };
    },
  });
  const bench = new Bench(spec([group([note])], { starts: [start("one", 5), start("two", 0)] }));
  await bench.send(["a"]);
  await bench.run();
  assert.deepEqual(seen, ["one small", "two small", "a"]);
  assert.deepEqual(bench.values("out"), ["start:one", "start:two"]);
});

test("a start function that throws stops the worker before any record", async () => {
  const seen: string[] = [];
  const note = each("note", () => (value) => void seen.push(value));
  const failing = {
    name: "failing",
    open: () => () => {
      throw new Error("not today");
    },
  };
  const bench = new Bench(spec([group([note])], { starts: [failing] }));
  await bench.send(["a"]);
  await assert.rejects(bench.worker.start(), /not today/);
  assert.equal(bench.worker.health().state, "failed");
  await bench.clock.advance(1000);
  assert.deepEqual(seen, []);
});
