import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { source } from "@streamgen/runtime";
import { temporaryFolder } from "../../temporary.ts";
import { countTable, each, group, keyOf, out, spec, words } from "../worker/small.ts";
import { Desk, linesOf } from "./surroundings.ts";

const folder = temporaryFolder();
const input = { ...words, keyOf };
const by = { ...words, name: "by", keyOf, repartitionOf: "words" };
const count = each("count", (task) => {
  const counts = task.table(countTable);
  const outputs = task.sink(out);
  return (value) => {
    outputs.send(`${keyOf(value)}:${counts.update(keyOf(value), (before) => before + 1)}`);
  };
});
const spread = { kind: "repartition", name: "spread", onError: "stop", to: by } as const;
const pipeline = spec(
  [
    group([spread], { tables: [], sources: [source({ topic: input, agents: [spread] })] }),
    group([count], { name: "by", sources: [source({ topic: by, agents: [count] })] }),
  ],
  { topics: [input, out, by] },
);

async function processed(...values: readonly string[]): Promise<Desk> {
  const desk = new Desk(pipeline);
  await desk.run("topics", "apply", "--yes");
  await send(desk, ...values);
  await work(desk);
  return desk;
}

async function send(desk: Desk, ...values: readonly string[]): Promise<void> {
  const place = path.join(folder, "lines.jsonl");
  writeFileSync(place, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  assert.equal((await desk.run("send", "words", "--file", place)).status, 0);
}

async function work(desk: Desk): Promise<void> {
  const { status, stderr } = await desk.run("--until-idle");
  assert.equal(status, 0, stderr);
}

async function outputs(desk: Desk): Promise<readonly string[]> {
  const lines = linesOf((await desk.run("tail", "out")).stdout);
  return lines.map((line): string => JSON.parse(line));
}

test("a dry run shows everything, and changes nothing", async () => {
  const desk = await processed("a", "a");
  desk.stateFolder = "state/small";
  const { status, stdout, stderr } = await desk.run("reset", "--dry-run");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.deepEqual(linesOf(stdout), [
    "- delete topic by",
    `- delete topic ${countTable.changelog}`,
    "- delete the tables in state/small",
    "- forget the offsets of group small",
    "    by/0: 3",
    "    words/0: 2",
    "= inputs without an offset here are read as at the first start",
    "= other topics keep their records, those that the app has written among them",
  ]);
  const json = await desk.run("reset", "--dry-run", "--json");
  const plan: Record<string, unknown> = JSON.parse(json.stdout);
  assert.deepEqual(plan["topics"], ["by", countTable.changelog]);
  assert.equal(desk.log.committed("small").length, 2);
  assert.equal(desk.log.topics.length, 4);
  assert.deepEqual(desk.removed, []);
});

test("after a reset the app counts from the beginning, with empty tables", async () => {
  const desk = await processed("a", "a");
  desk.stateFolder = "state/small";
  assert.equal((await desk.run("reset", "--yes")).status, 0);
  assert.deepEqual(desk.removed, ["state/small"]);
  assert.deepEqual(
    desk.log.topics.map(({ name }) => name),
    ["words", "out"],
  );
  assert.deepEqual(desk.log.committed("small"), []);
  await work(desk);
  assert.deepEqual(await outputs(desk), ["a:1", "a:2", "a:1", "a:2"]);
});

test("a reset may begin with what comes from now on, or at a time", async () => {
  const desk = await processed("a", "a");
  assert.equal((await desk.run("reset", "--yes", "--to=latest")).status, 0);
  await send(desk, "a");
  await work(desk);
  assert.deepEqual(await outputs(desk), ["a:1", "a:2", "a:1"]);

  const early = await desk.run("reset", "--yes", "--to=2001-01-01");
  assert.match(early.stdout, /\+ set offsets of group small\n {4}words\/0: 0\n/);
  await work(desk);
  assert.deepEqual((await outputs(desk)).slice(3), ["a:1", "a:2", "a:3"]);
});

test("without a place the app begins where `from` says, with one where that says", async () => {
  const sources = [source({ topic: input, from: "latest", agents: [count] })];
  const desk = new Desk(spec([group([count], { sources })], { topics: [input, out] }));
  await desk.run("topics", "apply", "--yes");
  await work(desk);
  await send(desk, "a", "a");
  await work(desk);
  assert.equal((await desk.run("reset", "--yes")).status, 0);
  await work(desk);
  assert.deepEqual(await outputs(desk), ["a:1", "a:2"]);
  assert.equal((await desk.run("reset", "--yes", "--to=earliest")).status, 0);
  await work(desk);
  assert.deepEqual(await outputs(desk), ["a:1", "a:2", "a:1", "a:2"]);
});

test("each consumer group of the app is reset", async () => {
  const sources = [source({ topic: input, agents: [count] })];
  const copy = each("copy", (task) => {
    const sink = task.sink(out);
    return (value) => sink.send(`copy of ${value}`);
  });
  const own = { name: "words@copies", consumerGroup: "copies", tables: [] };
  const copies = group([copy], { ...own, sources: [source({ topic: input, agents: [copy] })] });
  const desk = new Desk(spec([group([count], { sources }), copies], { topics: [input, out] }));
  await desk.run("topics", "apply", "--yes");
  await send(desk, "a");
  await work(desk);
  const { stdout } = await desk.run("reset", "--dry-run");
  assert.match(stdout, /forget the offsets of group small\n {4}words\/0: 1\n/);
  assert.match(stdout, /forget the offsets of group small-copies\n {4}words\/0: 1\n/);
  assert.equal((await desk.run("reset", "--yes")).status, 0);
  assert.deepEqual(desk.log.committed("small-copies"), []);
  await work(desk);
  assert.deepEqual([...(await outputs(desk))].sort(), ["a:1", "a:1", "copy of a", "copy of a"]);
});

test("topics that a pattern stands for are reset as they are found", async () => {
  const all = { ...input, name: "all-words", pattern: "words-.*", external: true };
  const found = { ...input, name: "words-a", partitions: 2 };
  const sources = [source({ topic: all, agents: [count] })];
  const own = group([count], { name: "all-words", sources, tables: [] });
  const desk = new Desk(spec([own], { topics: [all, out] }));
  await desk.log.createTopics([
    {
      name: found.name,
      partitions: 2,
      replicas: 1,
      cleanup: "delete",
      retentionMs: -1,
      config: {},
    },
  ]);
  const { stdout } = await desk.run("reset", "--dry-run", "--to=latest");
  assert.match(stdout, /set offsets of group small\n {4}words-a\/0: 0\n {4}words-a\/1: 0\n/);
});

test("what the app has written for itself is not read again", async () => {
  const through = { ...words, name: "through", keyOf, intermediate: true };
  const pass = each("pass", (task) => {
    const sink = task.sink(through);
    return (value) => sink.send(value);
  });
  const agents = [each("total", count.open)];
  const chained = spec(
    [
      group([], { tables: [], sources: [source({ topic: input, agents: [pass] })] }),
      group([], { name: "through", sources: [source({ topic: through, agents })] }),
    ],
    { topics: [input, out, through] },
  );
  const desk = new Desk(chained);
  await desk.run("topics", "apply", "--yes");
  await send(desk, "a", "a");
  await work(desk);
  const { stdout } = await desk.run("reset", "--yes");
  assert.match(stdout, /\+ set offsets of group small\n {4}through\/0: \d\n=/);
  await work(desk);
  assert.deepEqual(await outputs(desk), ["a:1", "a:2", "a:1", "a:2"]);
});

test("while a worker runs, nothing is reset", async () => {
  const desk = await processed("a");
  const other = new Desk(pipeline);
  other.cluster = desk.log.connect("other");
  const running = other.run();
  while (desk.log.members("small").length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { status, stderr } = await desk.run("reset", "--yes");
  assert.equal(status, 1);
  assert.match(stderr, /SG8512: group "small" has 1 active member; stop the workers first: other/);
  assert.equal(desk.log.topics.length, 4);
  other.stop();
  assert.equal((await running).status, 0);
});

test("without a terminal and without --yes the flag is named; a no changes nothing", async () => {
  const desk = await processed("a");
  const { status, stderr } = await desk.run("reset");
  assert.equal(status, 2);
  assert.match(stderr, /add --yes/);
  desk.answer = false;
  assert.equal((await desk.run("reset")).status, 130);
  assert.equal(desk.log.topics.length, 4);
  assert.match((await desk.run("reset", "--dry-run", "--yes")).stderr, /exclude each other/);
  assert.match((await desk.run("reset", "--to=never")).stderr, /--to is "never"; write earliest/);
});

test("an app that never ran has nothing to reset", async () => {
  const { status, stderr } = await new Desk(pipeline).run("reset", "--yes");
  assert.deepEqual([status, stderr], [0, "there is nothing to reset\n"]);
});
