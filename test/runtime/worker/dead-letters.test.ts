/** Records that are put aside: as the bytes they came in, with the reason, in the commit of their offset. */
import assert from "node:assert/strict";
import test from "node:test";
import { type AgentSpec, source, type TopicSpec } from "@streamgen/runtime";
import { bytesFormat, int32Format, nullKey, stringKey } from "@streamgen/runtime/codec";
import type { LogRecord } from "../../../runtime/log/record.ts";
import { random } from "../../random.ts";
import {
  Bench,
  countTable,
  each,
  group,
  keyOf,
  out,
  spec,
  type TextAgent,
  words,
} from "./small.ts";

const dead: TopicSpec<null, Uint8Array> = {
  name: "dead",
  partitions: 1,
  key: nullKey,
  value: bytesFormat,
};
const toDead = { deadLetter: dead } as const;
const topics = [words, out, dead];

const echo = (name: string, onError: TextAgent["onError"]) =>
  each(
    name,
    (task) => {
      const rows = task.table(countTable);
      const sink = task.sink(out);
      return (value) => {
        rows.update(keyOf(value), (n) => n + 1);
        sink.send(`${value}:${name}`);
        if (value.endsWith("bad")) throw new Error("I do not like it");
      };
    },
    onError,
  );

/** Headers as texts, in their order. */
const headersOf = ({ headers }: LogRecord): readonly string[] =>
  headers.map(([name, value]) => `${name}=${value}`);

const letters = (bench: Bench): readonly LogRecord[] => bench.log.records("dead");

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`a record that its agent fails at is put aside as it came: ${delivery}`, async () => {
    const bench = new Bench(spec([group([echo("echo", toDead)])], { topics }), { delivery });
    await bench.create("words");
    await bench.sendBytes("words", "a", "a", {});
    await bench.sendBytes("words", "b", "b:bad", {
      trace: "17",
      "sg-reply-to": "replies",
      "sg-correlation-id": "1",
      "Faust-Ag-ReplyTo": "replies",
      "Faust-Ag-CorrelationId": "1",
      "sg-dlq-code": "SG0000",
    });
    await bench.sendBytes("words", "c", "c");
    await bench.run();
    assert.deepEqual(bench.values("out"), ["a:echo", "c:echo"]);
    const [letter, ...others] = letters(bench);
    assert.ok(letter);
    assert.deepEqual(others, []);
    assert.deepEqual([String(letter.key), String(letter.value)], ["b", "b:bad"]);
    assert.equal(letter.timestamp, bench.clock.now(), "it is kept as long as any record of now");
    assert.deepEqual(headersOf(letter), [
      "trace=17",
      "sg-dlq-topic=words",
      "sg-dlq-partition=0",
      "sg-dlq-offset=1",
      "sg-dlq-timestamp=5000",
      "sg-dlq-agent=echo",
      "sg-dlq-code=SG8020",
      "sg-dlq-attempts=1",
      'sg-dlq-message=agent "echo" threw: I do not like it',
    ]);
    assert.equal(bench.worker.health().counts["deadLetters"], 1);
    assert.equal(bench.putAside[0]?.place.offset, 1);
    assert.equal(bench.log.committed("small")[0]?.offset, 3);
    const keys = bench.log.records(countTable.changelog).map(({ key }) => String(key));
    assert.ok(!keys.includes("b"), "what the agent did is undone");
  });
}

const numbers: TopicSpec<string, number> = {
  name: "numbers",
  partitions: 1,
  key: stringKey,
  value: int32Format,
};

const reader = (
  name: string,
  onError: AgentSpec<string, number>["onError"],
): AgentSpec<string, number> => ({
  kind: "each",
  name,
  onError,
  open: () => () => undefined,
});

async function undecodable(agents: readonly AgentSpec<string, number>[]): Promise<Bench> {
  const groups = [group([], { sources: [source({ topic: numbers, agents })] })];
  const other = { ...dead, name: "other" };
  const bench = new Bench(spec(groups, { topics: [numbers, dead, other] }));
  await bench.create("numbers");
  await bench.sendBytes("numbers", "a", "1234");
  await bench.sendBytes("numbers", null, "not four bytes");
  await bench.worker.start();
  return bench;
}

test("bytes that are no value are put aside once in each topic, for all its agents", async () => {
  const other = { deadLetter: { ...dead, name: "other" } };
  const retrying = { retries: 3, firstWaitMs: 10, waitMaxMs: 10, last: toDead };
  const agents = [reader("one", toDead), reader("two", other), reader("three", retrying)];
  const bench = await undecodable([...agents, reader("four", "skip")]);
  await bench.worker.idle();
  const [letter, ...more] = letters(bench);
  assert.ok(letter);
  assert.equal(more.length, 0);
  assert.deepEqual([letter.key, String(letter.value)], [null, "not four bytes"]);
  assert.ok(headersOf(letter).includes("sg-dlq-agent=one,three"));
  assert.ok(headersOf(letter).includes("sg-dlq-attempts=0"), "what cannot be read is not retried");
  assert.match(headersOf(letter).join(), /sg-dlq-code=SG5\d{3}/);
  assert.equal(bench.log.records("other").length, 1);
  assert.deepEqual(bench.skipped, []);
});

test("bytes that are no value stop the task where one agent stops, and nothing is put aside", async () => {
  const bench = await undecodable([reader("one", toDead), reader("two", "stop")]);
  await assert.rejects(bench.worker.idle(), { code: /^SG5/ });
  await bench.worker.commit();
  assert.deepEqual(letters(bench), []);
});

test("agents of one record each have their own policy", async () => {
  const agents = [echo("first", "skip"), echo("second", toDead), each("third", () => () => {})];
  const bench = new Bench(spec([group(agents)], { topics }));
  await bench.send(["a:bad", "b"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["b:first", "b:second"]);
  assert.deepEqual(
    letters(bench).map((letter) => headersOf(letter).filter((text) => /agent=/.test(text))),
    [["sg-dlq-agent=second"]],
  );
  assert.equal(bench.skipped[0]?.place.agent, "first");
});

test("a tombstone and a record without a key are put aside as what they are", async () => {
  const compacted = { ...words, cleanup: "compact" } as const;
  const rejecting: TextAgent = {
    kind: "event",
    name: "rejecting",
    onError: { retries: 5, firstWaitMs: 10, waitMaxMs: 10, last: toDead },
    open: () => (event) => event.reject("not today"),
  };
  const groups = [group([], { sources: [source({ topic: compacted, agents: [rejecting] })] })];
  const bench = new Bench(spec(groups, { topics: [compacted, out, dead] }));
  await bench.create("words", { cleanup: "compact" });
  await bench.sendBytes("words", "a", null);
  await bench.run();
  const [letter] = letters(bench);
  assert.ok(letter);
  assert.deepEqual([String(letter.key), letter.value], ["a", null]);
  assert.ok(headersOf(letter).includes("sg-dlq-code=SG8023"));
  assert.ok(headersOf(letter).includes("sg-dlq-attempts=1"), "a rejection is for good");
  assert.ok(headersOf(letter).includes("sg-dlq-message=the record was rejected: not today"));
});

test("messages are bounded, and no stack goes along", async () => {
  const talkative = each(
    "talkative",
    () => (value) => {
      const error = new Error("x");
      error.message = value === "long" ? "x".repeat(5000) : `no\n    at /home/secret/file.ts:1:1`;
      throw error;
    },
    toDead,
  );
  const bench = new Bench(spec([group([talkative])], { topics }));
  await bench.send(["long", "stack"]);
  await bench.run();
  const messages = letters(bench).map(({ headers }) =>
    String(headers.find(([name]) => name === "sg-dlq-message")?.[1]),
  );
  assert.equal(messages[0]?.length, 1001);
  assert.equal(messages[1], 'agent "talkative" threw: no');
});

test("a dead letter that its topic cannot hold stops the task: nothing is dropped", async () => {
  const narrow = { ...dead, config: { "max.message.bytes": "200" } };
  const agent = echo("echo", { deadLetter: narrow });
  const bench = new Bench(spec([group([agent])], { topics: [words, out, narrow] }));
  await bench.send([`${"x".repeat(300)}:bad`]);
  await bench.worker.start();
  await assert.rejects(bench.worker.idle(), (error: Error & { code?: string; place?: object }) => {
    assert.equal(error.code, "SG8201");
    assert.match(error.message, /topic "dead" takes 200: set its max.message.bytes; .*I do not/);
    assert.deepEqual(error.place, { topic: "words", partition: 0, offset: 0, agent: "echo" });
    return true;
  });
  assert.equal(bench.log.committed("small").filter(({ offset }) => offset > 0).length, 0);
});

test("whatever a topic takes fits into a dead-letter topic that is made", async () => {
  const wide = { ...words, config: { "max.message.bytes": "2000000" } };
  const groups = [group([], { sources: [source({ topic: wide, agents: [echo("e", toDead)] })] })];
  const bench = new Bench(spec(groups, { topics: [wide, out, dead] }));
  await bench.create("words");
  bench.log.alterTopic("words", { config: { "max.message.bytes": "2000000" } });
  await bench.sendBytes("words", "a", `${"x".repeat(1_999_000)}:bad`);
  await bench.run();
  assert.equal(letters(bench)[0]?.value?.length, 1_999_004);
});

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`what the log refuses for its content is put aside: ${delivery}`, async () => {
    const fill = each(
      "fill",
      (task) => {
        const sink = task.sink(out);
        return (value) => sink.send(`${keyOf(value)}:${"x".repeat(Number(value.split(":")[1]))}`);
      },
      { retries: 2, firstWaitMs: 10, waitMaxMs: 10, last: toDead },
    );
    const bench = new Bench(spec([group([fill])], { topics }), { delivery });
    await bench.create("words");
    await bench.worker.start();
    bench.log.alterTopic("out", { config: { "max.message.bytes": "300" } });
    const numbers = random(7);
    const values = Array.from(
      { length: 40 },
      (_, n) => `key-${n}:${numbers.chance(0.1) ? 400 : 1}`,
    );
    await bench.send(values);
    await bench.clock.advance(30_000);
    await bench.worker.idle();
    const refused = values.filter((value) => value.endsWith(":400"));
    assert.ok(refused.length > 1);
    assert.deepEqual([...new Set(letters(bench).map(({ value }) => String(value)))], refused);
    if (delivery === "exactly-once") assert.equal(letters(bench).length, refused.length);
    assert.ok(headersOf(letters(bench)[0] ?? assert.fail()).includes("sg-dlq-code=SG8046"));
    assert.equal(new Set(bench.values("out")).size, values.length - refused.length);
  });
}
