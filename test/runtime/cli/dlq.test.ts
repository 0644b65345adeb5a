import assert from "node:assert/strict";
import test from "node:test";
import { source, type TopicSpec } from "@streamgen/runtime";
import { bytesFormat, nullKey } from "@streamgen/runtime/codec";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { LogRecord } from "../../../runtime/log/record.ts";
import { each, group, keyOf, out, spec, words } from "../worker/small.ts";
import { Desk, linesOf, type Said } from "./surroundings.ts";

const dead: TopicSpec<null, Uint8Array> = {
  name: "dead",
  partitions: 2,
  key: nullKey,
  value: bytesFormat,
};
const input = { ...words, keyOf, partitions: 2 };

/** What the agent does not like; a test changes its mind. */
let dislikes = "bad";
const picky = each(
  "picky",
  (task) => {
    const sink = task.sink(out);
    return (value) => {
      if (value.endsWith(dislikes)) throw new Error(`no ${value}`);
      sink.send(value);
    };
  },
  { deadLetter: dead },
);
const pipeline = spec(
  [group([picky], { tables: [], sources: [source({ topic: input, agents: [picky] })] })],
  { topics: [input, out, { ...out, name: "other" }, dead] },
);

/** A desk whose worker has put these aside. */
async function failed(...values: readonly string[]): Promise<Desk> {
  dislikes = "bad";
  const desk = new Desk(pipeline);
  assert.equal((await desk.run("topics", "apply", "--yes")).status, 0);
  await send(desk, values);
  await work(desk);
  return desk;
}

async function send(desk: Desk, values: readonly string[]): Promise<void> {
  const producer = await desk.log.producer({});
  for (const [index, value] of values.entries()) {
    const batch = new BatchWriter();
    batch.begin(1_000_000 + index, Buffer.from(keyOf(value))).append(Buffer.from(value));
    batch.header(Buffer.from("trace"), Buffer.from(`t-${index}`));
    batch.end();
    await producer.send({ topic: "words", partition: index % 2 }, batch);
  }
  await producer.close();
}

async function work(desk: Desk): Promise<void> {
  const { status, stderr } = await desk.run("--until-idle");
  assert.equal(status, 0, stderr);
}

const shown = (record: LogRecord): string => {
  const headers = record.headers.map(([name, value]) => `${name}=${value}`).join(",");
  return `${record.partition} ${record.timestamp} ${record.key} ${record.value} ${headers}`;
};

const replay = (desk: Desk, ...flags: readonly string[]): Promise<Said> =>
  desk.run("dlq", "replay", "dead", "--to", "source", ...flags);

test("list shows reason, place and age of each dead letter", async () => {
  const desk = await failed("a:bad", "b", "c:bad");
  const { status, stdout, stderr } = await desk.run("dlq", "list", "dead");
  assert.equal(status, 0);
  assert.equal(stderr, "2 dead letters in dead\n");
  assert.equal(linesOf(stdout).length, 2);
  for (const line of linesOf(stdout)) {
    assert.match(
      line,
      /^\d\/\d {2}\d+ s {2}SG8020 {2}words\/0 offset [01] {2}picky, 1 attempt: agent "picky" threw: no [ac]:bad$/,
    );
  }
  const json = linesOf((await desk.run("dlq", "list", "dead", "--json", "--max", "1")).stdout);
  assert.equal(json.length, 1);
  const { partition, ageMs, ...letter }: Record<string, unknown> = JSON.parse(json[0] ?? "");
  assert.equal(typeof ageMs, "number");
  assert.equal(typeof partition, "number");
  assert.equal(letter["type"], "deadLetter");
  assert.deepEqual(letter["source"], {
    topic: "words",
    partition: 0,
    offset: Number(Object(letter["source"]).offset),
    timestamp: Object(letter["source"]).offset === 0 ? 1_000_000 : 1_000_002,
  });
  assert.equal(letter["isReplayed"], false);
});

test("replay sends the records back as they were, and the worker gets them again", async () => {
  const desk = await failed("a:bad", "b:bad", "c:bad", "d");
  const before = desk.log.records("words").map(shown);
  const { status, stdout, stderr } = await replay(desk, "--yes");
  assert.equal(status, 0, stderr);
  assert.deepEqual(linesOf(stdout), ["> 3 dead letters to words"]);
  assert.match(stderr, /^3 of 3 dead letters replayed /);
  const again = desk.log.records("words").map(shown).slice();
  for (const line of before) again.splice(again.indexOf(line), 1);
  assert.deepEqual(again.sort(), before.filter((line) => line.includes("bad")).sort());
  dislikes = "worse";
  await work(desk);
  assert.deepEqual(
    desk.log
      .records("out")
      .map(({ value }) => String(value))
      .sort(),
    [...["a:bad", "b:bad", "c:bad", "d"]],
  );
});

test("nothing is replayed twice without a word", async () => {
  const desk = await failed("a:bad", "b:bad");
  assert.equal((await replay(desk, "--yes")).status, 0);
  const second = await replay(desk, "--yes");
  assert.equal(second.status, 0);
  assert.match(
    second.stderr,
    /^there is nothing to replay in dead\n2 more were replayed before: --again/,
  );
  assert.equal(desk.log.records("words").length, 4);
  const listed = await desk.run("dlq", "list", "dead");
  assert.match(listed.stderr, /^2 dead letters in dead, 2 of them replayed before\n$/);
  assert.equal(linesOf(listed.stdout).filter((line) => line.endsWith("(replayed)")).length, 2);
  assert.equal((await replay(desk, "--yes", "--again")).status, 0);
  assert.equal(desk.log.records("words").length, 6);
});

test("a dry run says what it would do, and does nothing", async () => {
  const desk = await failed("a:bad");
  const { status, stdout } = await replay(desk, "--dry-run");
  assert.deepEqual([status, linesOf(stdout)], [0, ["> 1 dead letter to words"]]);
  assert.equal(desk.log.records("words").length, 1);
  const json = await replay(desk, "--dry-run", "--json");
  assert.deepEqual(JSON.parse(json.stdout), {
    ...{ type: "replay", topic: "dead", letters: 1, to: { words: 1 }, replayedBefore: 0 },
  });
});

test("without a terminal replay needs --yes; with one it asks", async () => {
  const desk = await failed("a:bad");
  const refused = await replay(desk);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /no terminal to ask on; add --yes/);
  desk.answer = false;
  assert.equal((await replay(desk)).status, 130);
  assert.equal(desk.log.records("words").length, 1);
  desk.answer = true;
  assert.equal((await replay(desk)).status, 0);
  assert.equal(desk.log.records("words").length, 2);
});

test("where chooses dead letters, and max bounds them", async () => {
  const desk = await failed("a:bad", "b:bad", "c:bad");
  const count = async (...flags: readonly string[]): Promise<number> =>
    linesOf((await desk.run("dlq", "list", "dead", ...flags)).stdout).length;
  assert.equal(await count("--where", "code=SG8020"), 3);
  assert.equal(await count("--where", "code=SG5001"), 0);
  assert.equal(await count("--where", "agent=picky", "--where", "message=no b"), 1);
  assert.equal(await count("--where", "partition=1"), 1);
  assert.equal(await count("--max", "2"), 2);
  assert.equal((await replay(desk, "--yes", "--where", "message=no b")).status, 0);
  assert.match((await replay(desk, "--yes")).stderr, /2 of 2 dead letters replayed/);
  const { status, stderr } = await desk.run("dlq", "list", "dead", "--where", "kode=1");
  assert.equal(status, 2);
  assert.match(stderr, /--where is "kode=1"; write code, "=" and a value/);
});

test("another topic gets dead letters by their keys", async () => {
  const desk = await failed("a:bad", "b:bad");
  const { status, stdout } = await desk.run("dlq", "replay", "dead", "--to", "other", "--yes");
  assert.deepEqual([status, linesOf(stdout)], [0, ["> 2 dead letters to other"]]);
  assert.deepEqual(
    desk.log
      .records("other")
      .map(({ value }) => String(value))
      .sort(),
    [...["a:bad", "b:bad"]],
  );
});

test("a header cannot lead a replay out of the pipeline", async () => {
  const desk = await failed("a");
  const batch = new BatchWriter();
  batch.begin(0, null).append(Buffer.from("x"));
  const texts = { topic: "payroll", partition: 0, offset: 0, timestamp: 0, attempts: 1 };
  for (const [name, text] of Object.entries(texts)) {
    batch.header(Buffer.from(`sg-dlq-${name}`), Buffer.from(String(text)));
  }
  batch.end();
  batch.begin(0, null).append(Buffer.from("no dead letter"));
  batch.end();
  await (await desk.log.producer({})).send({ topic: "dead", partition: 0 }, batch);
  const { status, stderr } = await replay(desk, "--yes");
  assert.equal(status, 1);
  assert.match(stderr, /SG8203: the dead letter at 0\/0 comes from "payroll", which is no topic/);
  const listed = await desk.run("dlq", "list", "dead");
  assert.match(listed.stderr, /1 record without a reason: no dead letters/);
});

test("what a terminal would obey is not printed", async () => {
  const desk = await failed("a:\u001b[2Jbad");
  const { stdout } = await desk.run("dlq", "list", "dead");
  assert.ok(!stdout.includes("\u001b"));
});

test("a replay that fails in the middle has replayed whole parts, and says how many", async () => {
  const desk = await failed(...Array.from({ length: 700 }, (_, n) => `k-${n}:bad`));
  let commits = 0;
  desk.log.faults.decide = ({ kind }) => {
    if (kind !== "commit") return undefined;
    commits += 1;
    return commits === 2 ? "refuse" : undefined;
  };
  const { status, stderr } = await replay(desk, "--yes");
  assert.notEqual(status, 0);
  assert.match(stderr, /^500 of 700 dead letters replayed/m);
  desk.log.faults.decide = undefined;
  assert.match((await replay(desk, "--yes")).stderr, /200 of 200 dead letters replayed/);
  assert.equal(desk.log.records("words").length, 1400);
});

test("flags and actions that make no sense are refused", async () => {
  const desk = new Desk(pipeline);
  for (const [args, text] of [
    [["dlq", "show", "dead"], /dlq cannot "show"/],
    [["dlq", "list"], /dlq needs to know the topic; write dlq <list\|replay> <topic>/],
    [["dlq", "list", "dead", "--yes"], /dlq list takes no --yes/],
    [["dlq", "replay", "dead"], /needs to know where to; write --to source/],
    [["dlq", "replay", "dead", "--to", "source", "--yes", "--dry-run"], /exclude each other/],
    [["dlq", "list", "dead", "more"], /"more" is no flag/],
    [["dlq", "list", "deed"], /there is no topic "deed"; write "dead"/],
  ] as const) {
    const { status, stderr } = await desk.run(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, text);
  }
});
