import assert from "node:assert/strict";
import test from "node:test";
import { openProgress } from "../../../runtime/cli/progress.ts";
import { reportWorker, tasksText } from "../../../runtime/cli/worker-report.ts";
import { jsonLogger } from "../../../runtime/worker/services/json-logger.ts";
import { Signals } from "../../../runtime/worker/services/signals.ts";

class Bench {
  readonly signals = new Signals();
  now = 0;
  terminal = "";
  readonly lines: Record<string, unknown>[] = [];

  constructor(isTerminal: boolean) {
    const now = (): number => this.now;
    const stream = { isTTY: isTerminal, write: (text: string) => (this.terminal += text) };
    reportWorker(this.signals, {
      logger: jsonLogger(now, (line) => {
        const { level, time, ...fields }: Record<string, unknown> = JSON.parse(line);
        assert.ok(typeof level === "string" && typeof time === "string");
        this.lines.push(fields);
      }),
      progress: openProgress(stream, now),
      now,
      isTerminal,
    });
  }

  restoring(partition: number, records: number, of: number): void {
    this.signals.emit("restoring", { group: "orders", partition, table: "counts", records, of });
  }
}

test("tasks are told in the order of groups, neighbours together", () => {
  const tasks = [3, 0, 1, 2, 7].map((partition) => ({ group: "orders", partition }));
  assert.equal(tasksText([...tasks, { group: "a", partition: 1 }]), "a/1 orders/0-3 orders/7");
});

test("tasks that come and go are lines, and none where nothing moved", () => {
  const { signals, lines } = new Bench(false);
  const tasks = [{ group: "orders", partition: 0 }];
  signals.emit("assigned", { tasks: [] });
  signals.emit("assigned", { tasks });
  signals.emit("revoked", { tasks });
  signals.emit("lost", { tasks });
  signals.emit("assigned", { tasks, thread: 2 });
  assert.deepEqual(lines, [
    { text: "tasks assigned", tasks: "orders/0" },
    { text: "tasks revoked", tasks: "orders/0" },
    { text: "tasks lost", tasks: "orders/0" },
    { text: "tasks assigned", thread: 2, tasks: "orders/0" },
  ]);
});

test("a group that does not divide its partitions at once is told, and only then", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const started = { app: "shop", instance: "" };
  const waiting = new Bench(false);
  waiting.signals.emit("started", started);
  context.mock.timers.tick(2999);
  assert.deepEqual(waiting.lines, []);
  context.mock.timers.tick(1);
  assert.equal(waiting.lines.length, 1);
  assert.match(String(waiting.lines[0]?.["text"]), /^waiting for the group/);
  for (const order of ["before", "after"]) {
    const quick = new Bench(false);
    if (order === "before") quick.signals.emit("assigned", { tasks: [] });
    quick.signals.emit("started", started);
    if (order === "after") quick.signals.emit("assigned", { tasks: [] });
    context.mock.timers.tick(10_000);
    assert.deepEqual(quick.lines, [], order);
  }
});

test("a restore of over a second is told by table, with its total and its rate", () => {
  const bench = new Bench(false);
  bench.restoring(0, 0, 300_000);
  bench.restoring(1, 0, 100_000);
  assert.deepEqual(bench.lines, [], "not yet");
  bench.now = 2000;
  bench.restoring(0, 200_000, 300_000);
  bench.now = 2500;
  bench.restoring(1, 100_000, 100_000);
  const told = { text: "restoring", table: "counts", records: 200_000, of: 400_000 };
  assert.deepEqual(bench.lines, [{ ...told, perSecond: 100_000 }], "once in a while");
  bench.now = 4000;
  bench.restoring(0, 300_000, 300_000);
  bench.signals.emit("restored", { group: "orders", partition: 0, records: 300_000 });
  assert.deepEqual(bench.lines[1], {
    text: "restored",
    table: "counts",
    records: 400_000,
    perSecond: 100_000,
    tookMs: 4000,
  });
  assert.equal(bench.terminal, "");
});

test("on a terminal a restore is one line that is rewritten", () => {
  const bench = new Bench(true);
  bench.restoring(0, 0, 300_000);
  bench.now = 2000;
  bench.restoring(0, 200_000, 300_000);
  assert.equal(
    bench.terminal,
    "\r\u001b[2Krestoring counts: 200,000 of 300,000 records, 100,000/s, 2.0 s",
  );
  assert.deepEqual(bench.lines, []);
});

test("a restore of a moment is not told, and a lost task's does not stay", () => {
  const bench = new Bench(false);
  bench.restoring(0, 5, 5);
  bench.signals.emit("restored", { group: "orders", partition: 0, records: 5 });
  bench.restoring(1, 5, 10);
  bench.signals.emit("lost", { tasks: [{ group: "orders", partition: 1 }] });
  bench.now = 60_000;
  bench.restoring(2, 1, 10);
  assert.deepEqual(
    bench.lines.map(({ text }) => text),
    ["tasks lost"],
  );
});
