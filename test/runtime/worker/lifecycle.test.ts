import assert from "node:assert/strict";
import test from "node:test";
import { pipeline, source, type WorkerEvents, type WorkerScope } from "@streamgen/runtime";
import { Bench, countTable, each, group, out, silent, spec, words } from "./small.ts";

const echo = each("echo", (task) => {
  const sink = task.sink(out);
  return (value) => sink.emit(value);
});
const plain = spec([group([echo])]);

test("code generated for another interface is refused before anything else", () => {
  assert.throws(() => pipeline(2, plain, {}), {
    code: "SG8001",
    message: /interface 2 .* interface 1/,
  });
});

test("a worker without a log cannot start, nor a worker twice", async () => {
  await assert.rejects(pipeline(1, plain, {}).start(), { code: "SG8005" });
  const bench = new Bench(plain);
  await bench.send(["a"]);
  await bench.run();
  await assert.rejects(bench.worker.start(), { code: "SG8006" });
});

test("exactly-once is refused before anything is begun on a log that cannot carry it", async () => {
  const bench = new Bench(plain);
  const weak = bench.log.connect("weak");
  const log = Object.assign(weak, { notExactlyOnce: "it does not check generations" });
  await assert.rejects(bench.make(plain, { log }).start(), {
    code: "SG8044",
    message: /generations; set delivery to "at-least-once"/,
  });
  assert.deepEqual(bench.log.topics, []);
  await bench.send(["a"]);
  const worker = bench.make(plain, { log, delivery: "at-least-once" });
  await worker.start();
  await worker.idle();
  await worker.stop();
  assert.deepEqual(bench.values("out"), ["a"]);
});

test("settings come from the environment, and everything that is wrong with them is told at once", () => {
  const config = {
    ...plain.config,
    app: { env: "APP_NAME" },
    commitIntervalMs: 5,
    topics: { words: { name: { env: "WORDS", otherwise: "bad name" } }, nothing: {} },
  };
  const make = (env: Record<string, string>) => pipeline(1, { ...plain, config }, { env });
  assert.throws(
    () => make({}),
    (error: Error) =>
      /APP_NAME/.test(error.message) &&
      /"bad name"/.test(error.message) &&
      /"nothing"/.test(error.message) &&
      /commitIntervalMs/.test(error.message),
  );
});

test("a topic may have another name in the log", async () => {
  const config = { ...plain.config, topics: { out: { name: { env: "OUT" } } } };
  const bench = new Bench({ ...plain, config }, { env: { OUT: "results" } });
  await bench.send(["a"]);
  await bench.run();
  assert.deepEqual(bench.values("results"), ["a"]);
});

test("topics are made with what is declared, overridden or default, changelogs compacted", async () => {
  const config = { ...plain.config, topics: { out: { partitions: 3, config: { "x.y": "z" } } } };
  const bench = new Bench({ ...plain, config });
  await bench.worker.start();
  const topics = new Map(bench.log.topics.map((topic) => [topic.name, topic]));
  assert.equal(topics.get("out")?.partitions, 3);
  assert.deepEqual(topics.get("out")?.config, { "x.y": "z" });
  const changelog = topics.get(countTable.changelog);
  assert.equal(changelog?.cleanup, "compact");
  assert.equal(changelog?.partitions, 1);
});

test("everything that is wrong with topics is told at once, and then none is made", async () => {
  const external = { ...words, name: "external", external: true };
  const wide = { ...words, name: "wide", partitions: 4 };
  const narrow = { ...words, name: "narrow", partitions: 2 };
  const sources = [wide, narrow].map((topic) => source({ topic, agents: [echo] }));
  const bench = new Bench(
    spec([group([], { sources })], { topics: [external, wide, narrow, out] }),
  );
  await assert.rejects(bench.worker.start(), {
    code: "SG8003",
    message: /"external" is external and does not exist.*"wide" has 4, "narrow" has 2/,
  });
  assert.deepEqual(bench.log.topics, []);
});

test("a repartition topic has as many partitions as its source turns out to have", async () => {
  const by = { ...words, name: "by", repartitionOf: "words" };
  const { partitions: _, ...undeclared } = by;
  const bench = new Bench(spec([group([echo])], { topics: [words, out, undeclared] }));
  await bench.worker.start();
  assert.equal(bench.log.topics.find(({ name }) => name === "by")?.partitions, 1);
});

test("what repartition topics hold before the committed offset is deleted in time", async () => {
  const by = { ...words, name: "by", repartitionOf: "words", keyOf: (value: string) => value };
  const spread = { kind: "repartition", name: "by", onError: "stop", to: by } as const;
  const groups = [
    group([spread], { tables: [] }),
    group([], { name: "by", tables: [], sources: [source({ topic: by, agents: [echo] })] }),
  ];
  const bench = new Bench(spec(groups, { topics: [words, by, out] }));
  await bench.send(["a", "b"]);
  await bench.run();
  assert.deepEqual(bench.values("by"), ["a", "b"]);
  await bench.clock.advance(301_000);
  assert.deepEqual(bench.values("by"), []);
  assert.deepEqual(bench.values("words"), ["a", "b"]);
  assert.deepEqual(bench.values("out"), ["a", "b"]);
});

test("resources are opened in order before anything runs, and disposed of in reverse", async () => {
  const seen: string[] = [];
  const openPool = async () => {
    await Promise.resolve();
    seen.push("open pool");
    return { size: 3, [Symbol.asyncDispose]: async () => void seen.push("dispose pool") };
  };
  const openFile = () => {
    seen.push("open file");
    return { close: () => void seen.push("close file") };
  };
  const agent = each("agent", (task) => {
    const pool = task.resource(openPool);
    return () => void seen.push(`pool of ${pool.size}`);
  });
  const bench = new Bench(
    spec([group([agent])], {
      resources: [
        { name: "openPool", open: openPool },
        { name: "openFile", open: openFile },
      ],
    }),
  );
  await bench.send(["a"]);
  await bench.run();
  await bench.worker.stop();
  assert.deepEqual(seen, ["open pool", "open file", "pool of 3", "close file", "dispose pool"]);
});

test("a resource that cannot be opened stops the worker; those before it are disposed of", async () => {
  const seen: string[] = [];
  const bench = new Bench(
    spec([group([echo])], {
      resources: [
        { name: "first", open: () => ({ close: () => void seen.push("closed") }) },
        {
          name: "second",
          open: () => {
            throw new Error("no such host");
          },
        },
      ],
    }),
  );
  await assert.rejects(bench.worker.start(), { code: "SG8016", message: /"second".*no such host/ });
  assert.deepEqual(seen, ["closed"]);
});

test("a worker tells what it does, in order", async () => {
  const bench = new Bench(plain);
  const told: string[] = [];
  const names: readonly (keyof WorkerEvents)[] = [
    ...(["started", "assigned", "revoked", "restored", "committed"] as const),
    ...(["aborted", "lost", "paused", "error", "stopped"] as const),
  ];
  for (const name of names) bench.worker.on(name, () => told.push(name));
  await bench.send(["a"]);
  await bench.run();
  await bench.worker.stop();
  assert.deepEqual(told, ["started", "assigned", "restored", "committed", "stopped"]);
});

test("a listener can be taken away", async () => {
  const bench = new Bench(plain);
  let calls = 0;
  const off = bench.worker.on("committed", () => {
    calls += 1;
  });
  off();
  await bench.send(["a"]);
  await bench.run();
  assert.equal(calls, 0);
});

test("stopping commits what is settled, and leaves the group", async () => {
  const bench = new Bench(plain, { commitIntervalMs: 60_000 });
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await bench.clock.advance(10);
  assert.deepEqual(bench.values("out"), []);
  await bench.worker.stop();
  assert.deepEqual(bench.values("out"), ["a", "b"]);
  assert.deepEqual(bench.log.members("small"), []);
  assert.equal(bench.worker.health().state, "stopped");
  await assert.rejects(bench.worker.idle(), { code: "SG8008" });
});

test("stopping does not wait for ever: an agent that never ends is left behind, and cannot write", async () => {
  let late = (): unknown => undefined;
  const stuck = each("stuck", (task) => {
    const rows = task.table(countTable);
    const context = task.context("stuck");
    return async () => {
      late = () => (context.signal.aborted ? rows.set("late", 1) : undefined);
      await new Promise(() => undefined);
    };
  });
  const bench = new Bench(spec([group([stuck])]), { settleMaxMs: 1000 });
  await bench.send(["a"]);
  await bench.worker.start();
  await bench.clock.advance(10);
  let isStopped = false;
  const stopping = bench.worker.stop().then(() => {
    isStopped = true;
  });
  await bench.clock.advance(1000);
  assert.ok(isStopped);
  await stopping;
  assert.throws(late, { code: "SG8010" });
  assert.equal(bench.log.committed("small").length, 0);
});

test("an agent that never ends does not keep the others' work from being committed", async () => {
  const stuck = each("stuck", () => () => new Promise(() => undefined));
  const others = { ...words, name: "others" };
  const groups = [
    group([stuck], { tables: [] }),
    group([], {
      name: "others",
      tables: [],
      sources: [source({ topic: others, agents: [echo] })],
    }),
  ];
  const bench = new Bench(spec(groups, { topics: [words, out, others] }), {
    settleMaxMs: 1000,
    commitIntervalMs: 60_000,
  });
  await bench.send(["a"]);
  await bench.send(["b"], others);
  await bench.worker.start();
  await bench.clock.advance(10);
  const stopping = bench.worker.stop();
  await bench.clock.advance(1000);
  await stopping;
  assert.deepEqual(bench.values("out"), ["b"]);
});

test("a view says so where it has no such partition", async () => {
  let refused: unknown;
  const look = {
    name: "look",
    open(scope: WorkerScope) {
      const view = scope.view(countTable);
      return async () => {
        refused = await view.get("a").catch((error: unknown) => error);
      };
    },
  };
  const bench = new Bench(spec([group([echo])], { starts: [look] }));
  await bench.send(["a"]);
  await bench.run();
  assert.equal((refused as { code?: string }).code, "SG8014");
});

test("a second worker takes over partitions with their tables, and gives them back", async () => {
  const two = { ...words, partitions: 2 };
  const counting = each("count", (task) => {
    const rows = task.table(countTable);
    const sink = task.sink(out);
    return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
  });
  const groups = [group([], { sources: [source({ topic: two, agents: [counting] })] })];
  const shape = spec(groups, { topics: [two, out] });
  const bench = new Bench(shape);
  const keys = ["a", "b", "c", "d"];
  await bench.send(keys, two);
  await bench.run();
  const other = bench.make(shape);
  await other.start();
  await bench.clock.advance(500);
  assert.equal(bench.worker.health().tasks.length, 1);
  assert.equal(other.health().tasks.length, 1);
  await bench.send(keys, two);
  await bench.clock.advance(500);
  await other.stop();
  await bench.clock.advance(500);
  await bench.send(keys, two);
  await bench.worker.idle();
  const expected = keys.flatMap((key) => [1, 2, 3].map((n) => `${key}:${n}`));
  assert.deepEqual([...bench.values("out")].sort(), expected.sort());
});

test("without a logger, lines are JSON on standard error", async () => {
  const { jsonLogger, withFields } = await import(
    "../../../runtime/worker/services/json-logger.ts"
  );
  const lines: string[] = [];
  const logger = jsonLogger(
    () => 0,
    (line) => lines.push(line),
  );
  withFields(logger, { agent: "a", n: 1n }).info("hello", { n: 2 });
  assert.deepEqual(lines, [
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","text":"hello","agent":"a","n":2}\n',
  ]);
  assert.equal(typeof silent.info, "function");
});
