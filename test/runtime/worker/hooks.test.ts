import assert from "node:assert/strict";
import test from "node:test";
import {
  type Happening,
  type Hook,
  type HookEvent,
  type HookSpec,
  hook as hookOf,
  type PipelineSpec,
} from "@streamgen/runtime";
import { Bench, countTable, each, group, out, spec, words } from "./small.ts";

const pair = { ...words, partitions: 2 };

type Call = (happening: Happening<HookEvent>) => unknown;

function hook(call: Call, more: Partial<HookSpec<HookEvent>> = {}): Hook {
  const events = ["assigned", "recovered", "revoked", "stopping"] as const;
  return hookOf({ name: "hook", events, onError: "stop", open: () => call, ...more });
}

function withHooks(hooks: readonly Hook[], seen: string[] = []): PipelineSpec {
  const count = each("count", (task) => {
    const rows = task.table(countTable);
    return (value) => {
      seen.push(value);
      rows.update(value, (n) => n + 1);
    };
  });
  const topics = [pair, out];
  return spec([group([count])], { topics, hooks });
}

const textOf = ({ event, tasks, isLost }: Happening<HookEvent>): string =>
  [event, ...(isLost === true ? ["lost"] : []), ...tasks.map((task) => task.partition)].join(" ");

test("hooks run in order: assigned before the first record, recovered, stopping", async () => {
  const seen: string[] = [];
  const note = hook(async (happening) => {
    await Promise.resolve();
    seen.push(textOf(happening));
  });
  const bench = new Bench(withHooks([note], seen));
  await bench.create("words", { partitions: 2 });
  await bench.send(["a"], pair);
  await bench.run();
  const stopping = bench.worker.stop();
  await bench.clock.advance(1000);
  await stopping;
  assert.equal(seen[0], "assigned 0 1");
  assert.ok(seen.includes("recovered 0 1"));
  assert.equal(seen.filter((text) => text === "a").length, 1);
  assert.equal(seen.at(-1), "stopping 0 1");
});

test("revoked runs before another worker has the task, and lost after it", async () => {
  const seen: string[] = [];
  const named = (name: string) =>
    hook((happening) => void seen.push(`${name}: ${textOf(happening)}`), {
      events: ["assigned", "revoked"],
    });
  const bench = new Bench(withHooks([named("one")]));
  await bench.create("words", { partitions: 2 });
  await bench.run();
  const second = bench.log.connect("second");
  const two = bench.make(withHooks([named("two")]), { log: second });
  const starting = two.start();
  await bench.clock.advance(500);
  await starting;
  await bench.clock.advance(500);
  assert.deepEqual(seen, ["one: assigned 0 1", "one: revoked 1", "two: assigned 1"]);
  seen.length = 0;
  // Its polls stay without an answer until it is expelled.
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  bench.log.faults.decide = ({ kind, client }) =>
    kind === "poll" && client === "second" ? { kind: "hold", until } : undefined;
  await bench.clock.advance(120_000);
  assert.deepEqual(seen, ["one: assigned 1"]);
  bench.log.faults.decide = undefined;
  release();
  await bench.clock.advance(5000);
  assert.equal(seen[1], "two: revoked lost 1");
});

test("what a hook sends is there before the worker goes on", async () => {
  const send = hook(() => undefined, {
    events: ["assigned"],
    open: (scope) => {
      const sink = scope.sink(out);
      return ({ tasks }) => sink.send(`tasks:${tasks.length}`);
    },
  });
  const bench = new Bench(withHooks([send]));
  await bench.create("words", { partitions: 2 });
  await bench.run();
  assert.deepEqual(bench.values("out"), ["tasks:2"]);
});

test("a hook that does not end is left behind after its time", async () => {
  const seen: string[] = [];
  const stuck = hook(() => new Promise<never>(() => undefined), { events: ["assigned"] });
  const bench = new Bench(withHooks([stuck], seen), { settleMaxMs: 2000 });
  await bench.send(["a"], pair);
  await bench.worker.start();
  await bench.clock.advance(1900);
  assert.deepEqual(seen, []);
  await bench.clock.advance(500);
  assert.deepEqual(seen, ["a"]);
});

test("a hook that throws stops the worker, or is skipped", async () => {
  for (const onError of ["stop", "skip"] as const) {
    const bad = hook(
      () => {
        throw new Error("no hook");
      },
      { events: ["assigned"], onError },
    );
    const bench = new Bench(withHooks([bad]));
    await bench.create("words", { partitions: 2 });
    await bench.worker.start();
    await bench.clock.advance(500);
    assert.equal(bench.worker.health().state, onError === "stop" ? "failed" : "running");
    const [error] = onError === "stop" ? bench.errors : bench.skipped;
    assert.equal(error?.code, "SG8522");
    assert.equal(error?.message, 'hook "hook" threw: no hook');
  }
});

test("a hook is called again as often as its onError says", async () => {
  let calls = 0;
  const flaky = hook(
    () => {
      calls += 1;
      if (calls < 3) throw new Error("not yet");
    },
    {
      events: ["assigned"],
      onError: { retries: 5, firstWaitMs: 10, waitMaxMs: 10, last: "stop" },
    },
  );
  const bench = new Bench(withHooks([flaky]));
  await bench.create("words", { partitions: 2 });
  await bench.worker.start();
  await bench.clock.advance(1000);
  assert.equal(calls, 3);
  assert.deepEqual(bench.errors, []);
  assert.equal(bench.waits.length, 2);
});
