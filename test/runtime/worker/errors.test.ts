import assert from "node:assert/strict";
import test from "node:test";
import { type AgentSpec, source, type TopicSpec } from "@streamgen/runtime";
import { int32Format, stringKey } from "@streamgen/runtime/codec";
import { Bench, countTable, each, group, keyOf, out, spec, words } from "./small.ts";

const echo = each("echo", (task) => {
  const sink = task.sink(out);
  return (value) => sink.send(`${value}:echo`);
});

const picky = (onError: "stop" | "skip") =>
  each(
    "picky",
    (task) => {
      const rows = task.table(countTable);
      const sink = task.sink(out);
      return (value) => {
        rows.update(keyOf(value), (n) => n + 1);
        sink.send(`${value}:picky`);
        if (value.endsWith("bad")) throw new Error("I do not like it");
      };
    },
    onError,
  );

test("an agent that throws and skips leaves nothing behind; others are not affected", async () => {
  const bench = new Bench(spec([group([echo, picky("skip"), each("last", echo.open)])]));
  await bench.send(["a", "b:bad", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), [
    ...["a:echo", "a:picky", "a:echo"],
    ...["b:bad:echo", "b:bad:echo"],
    ...["c:echo", "c:picky", "c:echo"],
  ]);
  const keys = bench.log.records(countTable.changelog).map(({ key }) => String(key));
  assert.deepEqual(keys.sort(), ["a", "c"]);
  assert.equal(bench.skipped.length, 1);
  assert.equal(bench.worker.health().counts["skipped"], 1);
});

test("an agent that throws and stops: the task stops before the record, and says where", async () => {
  const bench = new Bench(spec([group([echo, picky("stop")])]));
  await bench.send(["a", "b:bad", "c"]);
  await bench.worker.start();
  await assert.rejects(bench.worker.idle(), {
    code: "SG8020",
    message: 'agent "picky" threw: I do not like it',
    place: { agent: "picky", topic: "words", partition: 0, offset: 1 },
  });
  await bench.worker.commit();
  assert.deepEqual(bench.values("out"), ["a:echo", "a:picky"]);
  assert.equal(bench.log.committed("small")[0]?.offset, 1);
  assert.equal(bench.errors.length, 1);
  assert.equal(bench.worker.health().tasks[0]?.state, "failed");
  await bench.worker.stop();
});

test("a task that stops does not stop the others", async () => {
  const two = { ...words, partitions: 2 };
  const groups = [group([], { sources: [source({ topic: two, agents: [picky("stop")] })] })];
  const bench = new Bench(spec(groups, { topics: [two, out] }));
  await bench.send(["a:bad", "b", "c", "d", "e", "f"], two);
  await bench.worker.start();
  await assert.rejects(bench.worker.idle());
  await bench.clock.advance(100);
  const states = bench.worker.health().tasks.map(({ state }) => state);
  assert.deepEqual(states.sort(), ["failed", "running"]);
  const other = bench.log.records("words").find(({ key }) => String(key) === "a")?.partition;
  const expected = bench.log.records("words").filter(({ partition }) => partition !== other);
  assert.equal(bench.values("out").length, expected.length);
});

test("an asynchronous agent that rejects is treated as one that throws", async () => {
  const later = each(
    "later",
    (task) => {
      const sink = task.sink(out);
      return async (value) => {
        sink.send(value);
        await Promise.resolve();
        if (value.endsWith("bad")) throw new Error("no");
      };
    },
    "skip",
  );
  const bench = new Bench(spec([group([later, echo])]));
  await bench.send(["a", "b:bad", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a", "a:echo", "b:bad:echo", "c", "c:echo"]);
});

const numbers: TopicSpec<string, number> = {
  name: "numbers",
  partitions: 1,
  key: stringKey,
  value: int32Format,
};

function numberAgent(onError: "stop" | "skip"): AgentSpec<string, number> {
  return {
    kind: "each",
    name: "number",
    onError,
    open: (task) => {
      const sink = task.sink(out);
      return (n) => sink.send(`n:${n}`);
    },
  };
}

async function undecodable(agents: readonly AgentSpec<string, number>[]): Promise<Bench> {
  const groups = [group([], { sources: [source({ topic: numbers, agents })] })];
  const bench = new Bench(spec(groups, { topics: [numbers, out] }));
  await bench.create("numbers");
  await bench.sendBytes("numbers", "a", "1234");
  await bench.sendBytes("numbers", "b", "not four bytes");
  await bench.sendBytes("numbers", "c", "1234");
  await bench.worker.start();
  return bench;
}

test("a record that cannot be decoded is skipped once, where every agent skips", async () => {
  const bench = await undecodable([numberAgent("skip"), numberAgent("skip")]);
  await bench.worker.idle();
  assert.equal(bench.values("out").length, 4);
  assert.equal(bench.skipped.length, 1);
  assert.deepEqual(bench.skipped[0]?.place, {
    topic: "numbers",
    partition: 0,
    offset: 1,
    position: 0,
  });
});

test("a record that cannot be decoded stops the task, where one agent stops", async () => {
  const bench = await undecodable([numberAgent("skip"), numberAgent("stop")]);
  await assert.rejects(bench.worker.idle(), { code: /^SG5/ });
  const { agent, offset, topic } = bench.errors[0]?.place ?? {};
  assert.deepEqual({ agent, offset, topic }, { agent: "number", offset: 1, topic: "numbers" });
});

test("a record of the wrong key is refused on a topic whose keys are checked", async () => {
  const checked = { ...words, keyOf, checkKey: true, external: true };
  const skipping = each("echo", echo.open, "skip");
  const groups = [group([], { sources: [source({ topic: checked, agents: [skipping] })] })];
  const bench = new Bench(spec(groups, { topics: [checked, out] }));
  await bench.create("words");
  await bench.sendBytes("words", "a", "a");
  await bench.sendBytes("words", "x", "a");
  await bench.sendBytes("words", null, "a");
  await bench.sendBytes("words", "a", "a:2");
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a:echo", "a:2:echo"]);
  assert.deepEqual(
    bench.skipped.map(({ code, place }) => [code, place.offset]),
    [
      ["SG8022", 1],
      ["SG8022", 2],
    ],
  );
  assert.match(
    bench.skipped[0]?.message ?? "",
    /^the record's key is "x", but its value says "a": /,
  );
  assert.match(
    bench.skipped[1]?.message ?? "",
    /^the record's key is missing, but its value says /,
  );
});

test("what a function starts and does not await cannot write any more", async () => {
  let late: unknown;
  const careless = each("careless", (task) => {
    const rows = task.table(countTable);
    return () => {
      setImmediate(() => {
        try {
          rows.set("late", 1);
        } catch (error) {
          late = error;
        }
      });
    };
  });
  const bench = new Bench(spec([group([careless])]));
  await bench.send(["a"]);
  await bench.run();
  await bench.clock.advance(100);
  assert.equal((late as { code?: string }).code, "SG8010");
});

test("a value that does not fit its topic is the agent's fault, and nothing of it stays", async () => {
  const wrong = each(
    "wrong",
    (task) => {
      const sink = task.sink(out);
      return (value) => {
        sink.send(`${value}:first`);
        if (value.endsWith("bad")) sink.send(JSON.parse("17"));
      };
    },
    "skip",
  );
  const bench = new Bench(spec([group([wrong])]));
  await bench.send(["a", "b:bad", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a:first", "c:first"]);
});

test("a record larger than its topic takes is refused where it is sent", async () => {
  const small = { ...out, config: { "max.message.bytes": "300" } };
  const large = each(
    "large",
    (task) => {
      const sink = task.sink(small);
      return (value) => sink.send(value.endsWith("big") ? value.repeat(200) : value);
    },
    "skip",
  );
  const bench = new Bench(spec([group([large])], { topics: [words, small] }));
  await bench.send(["a", "b:big", "c"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a", "c"]);
  assert.equal(bench.skipped[0]?.code, "SG8012");
});
