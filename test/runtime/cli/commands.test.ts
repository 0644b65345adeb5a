import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { source } from "@streamgen/runtime";
import { avro, intCodec, stringKey } from "@streamgen/runtime/codec";
import { modelRegistry } from "../../../runtime/codec/index.ts";
import { registryCode, registryError } from "../../../runtime/codec/registry/errors.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { TopicSpec } from "../../../runtime/worker/spec.ts";
import { appendTimeMarker } from "../../../runtime/worker/upstream/time-marker.ts";
import { temporaryFolder } from "../../temporary.ts";
import { countTable, each, group, keyOf, loose, out, spec, words } from "../worker/small.ts";
import { Desk, linesOf } from "./surroundings.ts";

const folder = temporaryFolder();
const keyed = { ...words, keyOf, partitions: 2, external: true };
const by: TopicSpec<string, string> = {
  ...words,
  name: "by",
  partitions: 2,
  repartitionOf: "words",
};
const numbers: TopicSpec<string, number> = {
  name: "numbers",
  partitions: 1,
  key: stringKey,
  value: avro(intCodec),
  keyOf: String,
};
const count = each("count", (task) => {
  const counts = task.table(countTable);
  const outputs = task.sink({ ...out, partitions: 2 });
  return (value) => {
    const total = counts.update(keyOf(value), (before) => before + 1);
    outputs.send(`${keyOf(value)}:${total}`);
  };
});
const pipeline = spec([group([count], { sources: [source({ topic: keyed, agents: [count] })] })], {
  topics: [keyed, { ...out, partitions: 2 }, loose, by, numbers],
});

function file(...lines: readonly string[]): string {
  const place = path.join(folder, "lines.jsonl");
  writeFileSync(place, lines.map((line) => `${line}\n`).join(""));
  return place;
}

async function deskWithTopics(): Promise<Desk> {
  const desk = new Desk(pipeline);
  const { status, stderr } = await desk.run("topics", "apply", "--external", "--yes");
  assert.equal(status, 0, stderr);
  return desk;
}

test("a plan says what is due and changes nothing, and applying does it", async () => {
  const desk = new Desk(pipeline);
  const plan = await desk.run("topics", "plan");
  assert.equal(plan.status, 3);
  assert.deepEqual(linesOf(plan.stdout).slice(0, 3), [
    '! topic "words" is external and does not exist',
    '    fix: create it (topics apply --external does), or leave out "external"',
    "+ out: 2 partitions, 1 replica, kept 7 d",
  ]);
  assert.match(plan.stdout, /^\+ small-counts-changelog: 2 partitions, 1 replica, compacted, min/m);
  assert.deepEqual(desk.log.topics, []);

  const withoutYes = await desk.run("topics", "apply");
  assert.equal(withoutYes.status, 2);
  assert.match(withoutYes.stderr, /^error SG8501: there is no terminal to ask on; add --yes\n$/);
  desk.answer = false;
  assert.equal((await desk.run("topics", "apply")).status, 130);
  assert.deepEqual(desk.log.topics, []);

  const partly = await desk.run("topics", "apply", "--yes");
  assert.equal(partly.status, 1, "a conflict is left");
  desk.answer = true;
  const applied = await desk.run("topics", "apply", "--external");
  assert.equal(applied.status, 0);
  assert.match(applied.stderr, /^1 change applied\n$/);
  const after = await desk.run("topics", "plan", "--json");
  assert.deepEqual([after.status, after.stdout], [0, '{"type":"result","code":0,"due":0}\n']);
});

test("settings that differ are changed, all of a topic at once", async () => {
  const desk = await deskWithTopics();
  desk.log.alterTopic(countTable.changelog, { config: { "min.compaction.lag.ms": "0" } });
  desk.log.alterTopic("by", {
    retentionMs: 5,
    config: { "message.timestamp.type": "LogAppendTime" },
  });
  const plan = await desk.run("topics", "plan", "--json");
  const steps = linesOf(plan.stdout).map((line): Record<string, unknown> => JSON.parse(line));
  assert.deepEqual(
    steps.map(({ kind, topic, setting, to }) => [kind, topic, setting, to]),
    [
      ["alter", "by", "retention.ms", "-1"],
      ["alter", countTable.changelog, "min.compaction.lag.ms", "600000"],
      [undefined, undefined, undefined, undefined],
    ],
  );
  assert.equal((await desk.run("topics", "apply", "--yes")).status, 0);
  assert.equal((await desk.run("topics", "plan")).status, 0);
  assert.equal(desk.log.topics.find(({ name }) => name === "by")?.retentionMs, -1);
});

test("an action that topics do not have is named with the nearest", async () => {
  const { status, stderr } = await new Desk(pipeline).run("topics", "aply");
  assert.equal(status, 2);
  assert.match(stderr, /topics cannot "aply"; write topics apply/);
});

test("what is sent is there to tail, keyed and counted", async () => {
  const desk = await deskWithTopics();
  const sent = await desk.run("send", "words", "--file", file('"a:1"', '"b:1"', "", '"a:2"'));
  assert.equal(sent.status, 0, sent.stderr);
  assert.match(sent.stderr, /^3 records sent to words {3}/);
  const tailed = await desk.run("tail", "words");
  assert.equal(tailed.status, 0);
  assert.deepEqual([...linesOf(tailed.stdout)].sort(), ['"a:1"', '"a:2"', '"b:1"']);
  const json = await desk.run("send", "words", "--json", "--file", file('"c"'));
  assert.match(json.stdout, /^\{"type":"sent","topic":"words","records":1,"seconds":[\d.]+\}\n$/);
  assert.equal(json.stderr, "");
});

test("records that the topic does not keep any more are sent with one warning", async () => {
  const desk = await deskWithTopics();
  desk.log.alterTopic("words", { retentionMs: 7 * 86_400_000 });
  const now = Date.now();
  const line = (value: string, days: number) =>
    JSON.stringify({ key: "k", value, timestamp: new Date(now - days * 86_400_000) });
  const place = file(line("a", 8), line("b", 6), line("c", 400));
  const send = (...flags: readonly string[]) =>
    desk.run("send", "words", "--envelope", "--file", place, ...flags);
  const warning =
    'warning: 2 of 3 records are older than the 7 d that topic "words" keeps (retention.ms): ' +
    "the broker may delete them\n";
  const sent = await send();
  assert.equal(sent.status, 0, sent.stderr);
  assert.equal(sent.stderr.replace(/^3 records sent .*\n/, ""), warning);
  assert.equal((await send("--quiet")).stderr, warning);
  assert.match((await send("--json")).stdout, /"records":3,"tooOld":2,/);
  for (const change of [
    { retentionMs: -1 },
    { retentionMs: 5, cleanup: "compact" },
    { cleanup: "delete", config: { "message.timestamp.type": "LogAppendTime" } },
  ] as const) {
    desk.log.alterTopic("words", change);
    assert.equal((await send("--quiet")).stderr, "");
  }
});

test("a bad line ends sending, says where and how many were sent, and no line is lost", async () => {
  const desk = await deskWithTopics();
  const place = file('"a:1"', '"b:1"', "7", '"c:1"');
  const { status, stderr, stdout } = await desk.run("send", "words", "--file", place);
  assert.equal(status, 65);
  assert.equal(
    stderr,
    `error SG8504: ${place}:3: expected a string, found 7; correct the line; the records before it are sent: 2\n`,
  );
  assert.equal(stdout, "");
  assert.equal(linesOf((await desk.run("tail", "words")).stdout).length, 2);
});

test("a batch that is not acknowledged says up to which line everything is there", async () => {
  const desk = await deskWithTopics();
  desk.log.faults.next("send", "lose");
  const { status, stderr } = await desk.run("send", "words", "--file", file('"a"', '"b"'));
  assert.equal(status, 5);
  assert.match(stderr, /^error SG8511: .*no line is certain to be sent, and others may be: /);
  const json = await desk.run("send", "nothing", "--json");
  assert.equal(json.status, 2);
  const refused: Record<string, unknown> = JSON.parse(json.stderr);
  assert.deepEqual([refused["code"], refused["level"]], ["SG8502", "error"]);
});

test("a topic that does not exist is named with what makes it", async () => {
  const desk = new Desk(pipeline);
  const missing = await desk.run("tail", "words");
  assert.equal(missing.status, 1);
  assert.match(
    missing.stderr,
    /SG8510: topic "words" does not exist; make it: streamgen topics apply --external, or topics apply --external of /,
  );
  assert.match(
    (await desk.run("tail", "wrods")).stderr,
    /there is no topic "wrods"; write "words"/,
  );
});

test("tail begins where it is told to, and ends after so many records", async () => {
  const desk = await deskWithTopics();
  const lines = Array.from({ length: 10 }, (_, at) =>
    JSON.stringify({ key: "k", value: `k:${at}`, timestamp: 1000 + at }),
  );
  await desk.run("send", "words", "--envelope", "--file", file(...lines));
  const tailed = async (...flags: readonly string[]): Promise<readonly string[]> =>
    linesOf((await desk.run("tail", "words", ...flags)).stdout);
  assert.deepEqual(await tailed("--from=7"), ['"k:7"', '"k:8"', '"k:9"']);
  assert.deepEqual(await tailed("--from=1970-01-01T00:00:01.008Z"), ['"k:8"', '"k:9"']);
  assert.deepEqual(await tailed("--from=2030-01-01"), []);
  assert.deepEqual(await tailed("--from=end"), []);
  assert.deepEqual(await tailed("--max=2"), ['"k:0"', '"k:1"']);
  const partitions = [await tailed("--partition=0"), await tailed("--partition=1")];
  assert.deepEqual(partitions.map(({ length }) => length).sort(), [0, 10]);
  const refused = await desk.run("tail", "words", "--partition=2");
  assert.match(refused.stderr, /topic "words" has no partition 2; use 0 to 1/);
  const [line = ""] = await tailed("--envelope", "--max=1");
  const record: Record<string, unknown> = JSON.parse(line);
  const { partition, ...others } = record;
  assert.ok(partition === 0 || partition === 1);
  assert.deepEqual(others, { key: "k", value: "k:0", timestamp: 1000, offset: 0 });
});

test("tail leaves out what workers tell each other of time", async () => {
  const desk = await deskWithTopics();
  const batch = new BatchWriter();
  batch.begin(1000, Buffer.from("a")).append(Buffer.from("a:1"));
  batch.end();
  appendTimeMarker(batch, { partition: 0, time: 1000, isIdle: false }, 2000);
  const producer = await desk.log.producer({});
  await producer.send({ topic: "by", partition: 0 }, batch);
  assert.deepEqual(linesOf((await desk.run("tail", "by")).stdout), ['"a:1"']);
});

test("what tail prints with envelopes can be sent again", async () => {
  const desk = await deskWithTopics();
  const line = JSON.stringify({ key: "a", value: "a:1", timestamp: 5, headers: { trace: "t" } });
  await desk.run("send", "words", "--envelope", "--file", file(line));
  const { stdout } = await desk.run("tail", "words", "--envelope");
  await desk.run("send", "words", "--envelope", "--file", file(stdout.trimEnd()));
  const again = linesOf((await desk.run("tail", "words", "--envelope")).stdout);
  assert.equal(again.length, 2);
  assert.equal(again[0]?.replace(/"offset":\d/, ""), again[1]?.replace(/"offset":\d/, ""));
});

test("a record that cannot be decoded is told with its place, and the next are printed", async () => {
  const desk = await deskWithTopics();
  await desk.run("send", "numbers", "--file", file("1"));
  const batch = new BatchWriter();
  batch.begin(5, Buffer.from("x")).append(Buffer.from("junk"));
  batch.end();
  const producer = await desk.log.producer({});
  await producer.send({ topic: "numbers", partition: 0 }, batch);
  await desk.run("send", "numbers", "--file", file("2"));
  const { status, stdout, stderr } = await desk.run("tail", "numbers");
  assert.deepEqual([status, stdout], [0, "1\n2\n"]);
  assert.match(stderr, /^error SG5\d{3}: numbers\/0 offset 1: .+\n$/);
  const json = await desk.run("tail", "numbers", "--json");
  const told: Record<string, unknown> = JSON.parse(json.stderr);
  assert.deepEqual([told["topic"], told["partition"], told["offset"]], ["numbers", 0, 1]);
});

test("a registry that does not answer ends a tail: no record is to blame", async () => {
  const desk = await deskWithTopics();
  const batch = new BatchWriter();
  const unknownSchema = 9;
  batch.begin(5, Buffer.from("x")).append(Buffer.from([0, 0, 0, 0, unknownSchema, 2]));
  batch.end();
  const producer = await desk.log.producer({});
  await producer.send({ topic: "numbers", partition: 0 }, batch);
  const away = registryError(registryCode.away, "the registry is away");
  desk.registry = Object.assign(modelRegistry(), { schema: () => Promise.reject(away) });
  const { status, stdout, stderr } = await desk.run("tail", "numbers");
  assert.deepEqual([status, stdout], [5, ""]);
  assert.equal(stderr, "error SG5041: the registry is away\n");
});

test("a tail that follows prints what comes, until it is stopped", async () => {
  const desk = await deskWithTopics();
  const running = desk.run("tail", "words", "--follow", "--from=start");
  const other = new Desk(pipeline);
  other.cluster = desk.log;
  await other.run("send", "words", "--file", file('"a"'));
  while (desk.stdout === "") await new Promise((resolve) => setImmediate(resolve));
  desk.stop();
  const { status, stdout } = await running;
  assert.deepEqual([status, stdout], [0, '"a"\n']);
});

test("a tail ends when nobody reads it any more", async () => {
  const desk = await deskWithTopics();
  await desk.run("send", "words", "--file", file('"a"', '"b"', '"c"'));
  desk.readMax = 1;
  const { status, stdout } = await desk.run("tail", "words", "--follow", "--from=start");
  assert.equal(status, 0);
  assert.equal(linesOf(stdout).length, 1);
});

test("a worker says what it does, and ends when everything is processed", async () => {
  const desk = await deskWithTopics();
  await desk.run("send", "words", "--file", file('"a"', '"b"', '"a"'));
  const { status, stdout, stderr } = await desk.run("--until-idle", "--show=out");
  assert.equal(status, 0, stderr);
  assert.deepEqual([...linesOf(stdout)].sort(), ['out "a:1"', 'out "a:2"', 'out "b:1"']);
  assert.match(stderr, /info {2}tasks assigned tasks=words\/0-1\n/);
  assert.match(stderr, /info {2}ready tasks=2 tookMs=\d+\n/);
  assert.match(stderr, /info {2}stopped records=3 tookMs=\d+\n$/);
  const json = await desk.run("--until-idle", "--json");
  const lines = linesOf(json.stderr).map((line): Record<string, unknown> => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ text }) => text),
    ["tasks assigned", "ready", "stopped"],
  );
});

test("a signal stops a worker in good order, and is no failure", async () => {
  const desk = await deskWithTopics();
  const running = desk.run("--show-outputs");
  await desk.log.producer({});
  const other = new Desk(pipeline);
  other.cluster = desk.log;
  await other.run("send", "words", "--file", file('"a"'));
  while (!desk.stdout.includes("a:1")) await new Promise((resolve) => setImmediate(resolve));
  desk.stop();
  const { status } = await running;
  assert.equal(status, 0);
  assert.equal((await desk.log.admin().members("small")).length, 0);
});

test("a worker that still waits for its log is stopped as well", async () => {
  const desk = await deskWithTopics();
  let calls = 0;
  desk.log.faults.decide = ({ kind }) => {
    if (kind !== "describeTopics") return undefined;
    calls += 1;
    return "refuse";
  };
  const running = desk.run();
  await new Promise((resolve) => setTimeout(resolve, 50));
  desk.stop();
  const { status, stderr } = await running;
  assert.equal(status, 0, stderr);
  const asked = calls;
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(calls <= asked + 1, "it asks on after it was stopped");
});

test("a worker that fails says so once, with what an operator's program reads", async () => {
  const fails = each("fails", () => () => {
    throw new Error("no more");
  });
  const failing = spec([group([fails], { tables: [] })], { topics: [{ ...words, keyOf }, out] });
  const desk = new Desk(failing);
  await desk.run("topics", "apply", "--yes");
  await desk.run("send", "words", "--file", file('"a"'));
  const { status, stderr } = await desk.run("--until-idle");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^error SG8020: .*no more.*agent fails, topic words, partition 0, offset 0/m,
  );
  assert.equal(stderr.match(/no more/g)?.length, 1, stderr);
  assert.match(stderr, /\n {2}correct the function, or let it skip: onError: "skip"\n/);
});

test("topics that a worker must not start with end it with one line", async () => {
  const desk = new Desk(pipeline);
  const { status, stderr } = await desk.run("--until-idle");
  assert.equal(status, 1);
  assert.match(stderr, /^error SG8003: topic "words" is external and does not exist: create it/m);
});

test("files are for the embedded log, and it is said what to type instead", async () => {
  const desk = await deskWithTopics();
  const input = await desk.run("--input=words=a.jsonl");
  assert.equal(input.status, 2);
  assert.match(input.stderr, /or send them: send words --file a\.jsonl/);
  assert.match((await desk.run("--output=out=b.jsonl")).stderr, /tail out --no-follow/);
});

test("the settings are printed with where they come from", async () => {
  const desk = new Desk(pipeline);
  const text = await desk.run("--print-config", "--bootstrap=a:1");
  assert.equal(text.status, 0);
  assert.match(text.stdout, /^kafka\.bootstrap +a:1 +\(flag --bootstrap\)$/m);
  const json = await desk.run("--print-config", "--json");
  assert.match(json.stdout, /^\{"type":"config","settings":\[/);
});

test("help and mistakes", async () => {
  const desk = new Desk(pipeline);
  assert.match((await desk.run("--help")).stdout, /^Usage: node main\.js \[flags\]/);
  assert.match((await desk.run("reset", "--help")).stdout, /^Usage: node main\.js reset \[flags\]/);
  const wrong = await desk.run("reset", "--dry");
  assert.deepEqual(
    [wrong.status, wrong.stderr],
    [2, 'error SG8501: there is no flag "--dry"; see --help\n'],
  );
});
