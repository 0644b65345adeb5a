import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { collect } from "../../../runtime/cli/collect.ts";
import { exitCode } from "../../../runtime/cli/exit-code.ts";
import { feed } from "../../../runtime/cli/feed.ts";
import { JsonTopic } from "../../../runtime/cli/json-topic.ts";
import { Refusal } from "../../../runtime/cli/refusal.ts";
import {
  avro,
  bytesFormat,
  intKey,
  longCodec,
  modelRegistry,
  nullKey,
  stringCodec,
  stringKey,
} from "../../../runtime/codec/index.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import type { TopicSpec } from "../../../runtime/worker/spec.ts";
import { temporaryFolder } from "../../temporary.ts";

const folder = temporaryFolder();
const partitions = 3;

/** Values such as `b7`: a key, and a time in seconds. */
const words: TopicSpec<string, string> = {
  name: "words",
  key: stringKey,
  value: avro(stringCodec),
  keyOf: (value) => value.slice(0, 1),
  timeOf: (value) => Number(value.slice(1)) * 1000,
  cleanup: "compact",
};

interface Trip {
  readonly spec: TopicSpec<unknown, unknown>;
  readonly lines: readonly string[];
  readonly hasEnvelope?: boolean;
}

/** Sends lines into a log and gives what comes out of it. */
async function roundTrip({ spec, lines, hasEnvelope = false }: Trip): Promise<readonly string[]> {
  const log = memoryLog();
  const { name, cleanup = "delete" } = spec;
  const settings = { partitions, replicas: 1, cleanup, retentionMs: -1, config: {} };
  await log.createTopics([{ name, ...settings }]);
  const registry = modelRegistry();
  const topic = await JsonTopic.open(spec, { name, partitions, registry, hasEnvelope });
  const file = path.join(folder, "in.jsonl");
  writeFileSync(file, lines.join("\n"));
  const producer = await log.producer({});
  const stop = { isRequested: false, requested: new Promise<void>(() => undefined) };
  const onProgress = (): void => undefined;
  const sent = await feed({
    producer,
    topic,
    file,
    before: "void",
    now: () => 5,
    onProgress,
    stop,
  });
  const found: string[] = [];
  assert.equal(await collect(log, topic, (line) => found.push(line)), sent);
  await log.close();
  return found;
}

async function refusal(trip: Trip): Promise<string> {
  try {
    await roundTrip(trip);
  } catch (cause) {
    assert.ok(cause instanceof Refusal, String(cause));
    assert.equal(cause.exitCode, exitCode.badInput);
    return `${cause.message.slice(folder.length + 1)} -> ${cause.fix}`;
  }
  return assert.fail("it was accepted");
}

test("values come out in the order of their times, whatever their partitions", async () => {
  const lines = Array.from(
    { length: 500 },
    (_, index) => `"${"abcdefg"[index % 7] ?? ""}${index}"`,
  );
  assert.deepEqual(await roundTrip({ spec: words, lines }), lines);
});

test("with an envelope keys, timestamps and headers come out as they went in", async () => {
  const lines = [
    '{"key":"x","value":"a1","timestamp":1000,"headers":{"t":"1","b":{"base64":"/w=="},"n":null,"m":["1","2"]}}',
    '{"key":"b","value":"b9","timestamp":9000}',
  ];
  assert.deepEqual(await roundTrip({ spec: words, lines, hasEnvelope: true }), lines);
});

test("what an envelope leaves out comes from the value, and a null is a tombstone", async () => {
  const lines = ['{"value":"b7"}', '{"key":"c","value":null,"timestamp":"1970-01-01T00:00:08Z"}'];
  assert.deepEqual(await roundTrip({ spec: words, lines, hasEnvelope: true }), [
    '{"key":"b","value":"b7","timestamp":7000}',
    '{"key":"c","value":null,"timestamp":8000}',
  ]);
});

test("keys and values of every form have their JSON", async () => {
  const numbers: TopicSpec<number, bigint> = { name: "n", key: intKey, value: avro(longCodec) };
  const lines = ['{"key":7,"value":"9007199254740993","timestamp":1}'];
  assert.deepEqual(await roundTrip({ spec: numbers, lines, hasEnvelope: true }), lines);
  const raw: TopicSpec<null, Uint8Array> = { name: "raw", key: nullKey, value: bytesFormat };
  assert.deepEqual(await roundTrip({ spec: raw, lines: ['"AAEC"'] }), ['"AAEC"']);
});

test("a record without a time gets the time of the run, and no key goes to every partition", async () => {
  const raw: TopicSpec<null, Uint8Array> = { name: "raw", key: nullKey, value: bytesFormat };
  const lines = ['{"value":"AA=="}', '{"value":"AQ=="}', '{"value":"Ag=="}'];
  assert.deepEqual(await roundTrip({ spec: raw, lines, hasEnvelope: true }), [
    '{"key":null,"value":"AA==","timestamp":5}',
    '{"key":null,"value":"AQ==","timestamp":5}',
    '{"key":null,"value":"Ag==","timestamp":5}',
  ]);
});

test("a line that cannot be used is named with its number and path", async () => {
  const refusedLines = (...lines: readonly string[]): Promise<string> =>
    refusal({ spec: words, lines });
  assert.equal(
    await refusedLines('"a1"', "17"),
    "in.jsonl:2: expected a string, found 17 -> correct the line; nothing was written",
  );
  assert.match(
    await refusedLines('"a1"', "", '{"a": }'),
    /^in\.jsonl:3: the line is no JSON: .* -> write one JSON value per line/,
  );
  assert.match(await refusedLines("[", '"a1"', "]"), /^in\.jsonl:1: .*without the brackets/);
  const topic = { ...words, cleanup: "delete" as const };
  assert.match(await refusal({ spec: topic, lines: ["null"] }), /expected a string, found null/);
});

const places: TopicSpec<string, string> = {
  name: "places",
  key: stringKey,
  value: avro(stringCodec),
  cleanup: "compact",
};

test("a line without the key that senders give is refused at its place", async () => {
  const needed = 'topic "places" needs a key beside each value -> write {"key": ..., "value": ...}';
  assert.equal(
    await refusal({ spec: places, lines: ['"here"'] }),
    `in.jsonl:1: ${needed} and pass --envelope; nothing was written`,
  );
  const lines = ['{"key":"a","value":"here"}', '{"value":"there"}'];
  assert.equal(
    await refusal({ spec: places, lines, hasEnvelope: true }),
    `in.jsonl:2: ${needed}; nothing was written`,
  );
  const tombstone = { spec: words, lines: ['{"value":null}'], hasEnvelope: true };
  assert.match(
    await refusal(tombstone),
    /^in\.jsonl:1: topic "words" needs a key beside each value/,
  );
});

test("an envelope without the flag, and a value alone with it, say so", async () => {
  assert.equal(
    await refusal({ spec: words, lines: ['{"key":"a","value":"a1"}'] }),
    "in.jsonl:1: expected a string, found an object -> pass --envelope, as the line has its key, " +
      "timestamp or headers beside the value; nothing was written",
  );
  assert.equal(
    await refusal({ spec: words, lines: ['{"id":"a1"}'], hasEnvelope: true }),
    'in.jsonl:1: id: there is no such property -> correct the line: --envelope expects {"key",' +
      '"value","timestamp","headers"}, and values alone go without it; nothing was written',
  );
});

test("a wrong envelope is named with its path", async () => {
  const refusedLine = (line: string): Promise<string> =>
    refusal({ spec: words, lines: [line], hasEnvelope: true });
  assert.match(
    await refusedLine('{"valeu":"a1"}'),
    /^in\.jsonl:1: valeu: there is no such property -> correct the line: --envelope expects \{"key","value",/,
  );
  assert.match(await refusedLine('"a1"'), /^in\.jsonl:1: expected an object, found "a1"/);
  assert.match(await refusedLine('{"key":1,"value":"a1"}'), /^in\.jsonl:1: key: expected a string/);
  assert.match(
    await refusedLine('{"value":"a1","timestamp":"x"}'),
    /:1: timestamp: expected a time/,
  );
  assert.match(await refusedLine('{"value":"a1","timestamp":-1}'), /:1: .*timestamp/);
  assert.match(await refusedLine('{"value":"a1","headers":{"a":1}}'), /:1: headers\.a: expected/);
});
