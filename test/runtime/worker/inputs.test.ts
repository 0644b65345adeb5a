/** Tasks with several inputs: which record comes next. */
import assert from "node:assert/strict";
import test from "node:test";
import { source } from "@streamgen/runtime";
import { manualClock } from "../../../runtime/clock.ts";
import { BatchCursor } from "../../../runtime/log/batch-cursor.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { FetchedBatch } from "../../../runtime/log/log.ts";
import type { SourceDriver } from "../../../runtime/worker/sources/source-driver.ts";
import { Input } from "../../../runtime/worker/tasks/input.ts";
import { InputChoice } from "../../../runtime/worker/tasks/input-choice.ts";
import { random } from "../../random.ts";
import { Bench, each, group, out, spec, type TextTopic, words } from "./small.ts";

const left: TextTopic = { ...words, name: "left", timeOf: (value) => Number(value.split(":")[1]) };
const right: TextTopic = { ...left, name: "right" };

function merging(seen: string[]): ReturnType<typeof spec> {
  const agent = each("note", () => (value) => void seen.push(value));
  const sources = [
    source({ topic: left, agents: [agent] }),
    source({ topic: right, agents: [agent] }),
  ];
  return spec([group([], { name: "left", sources, tables: [] })], { topics: [left, right, out] });
}

test("records of several inputs are taken by event time", async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const numbers = random(seed);
    const seen: string[] = [];
    const bench = new Bench(merging(seen));
    const times = numbers.shuffle(Array.from({ length: 100 }, (_, n) => n));
    const inOrder = (list: readonly number[]) => [...list].sort((a, b) => a - b);
    const half = numbers.int(100);
    await bench.send(
      inOrder(times.slice(0, half)).map((n) => `l:${n}`),
      left,
    );
    await bench.send(
      inOrder(times.slice(half)).map((n) => `r:${n}`),
      right,
    );
    await bench.run();
    assert.deepEqual(
      seen.map((value) => Number(value.split(":")[1])),
      Array.from({ length: 100 }, (_, n) => n),
      `seed ${seed}`,
    );
  }
});

test("where times are equal, the input declared first goes first", async () => {
  const seen: string[] = [];
  const bench = new Bench(merging(seen));
  await bench.send(["r:1", "r:2"], right);
  await bench.send(["l:1", "l:2"], left);
  await bench.run();
  assert.deepEqual(seen, ["l:1", "r:1", "l:2", "r:2"]);
});

test("an input at its end is not waited for", async () => {
  const seen: string[] = [];
  const bench = new Bench(merging(seen));
  await bench.send(["l:1", "l:2"], left);
  await bench.send([], right);
  await bench.run();
  assert.deepEqual(seen, ["l:1", "l:2"]);
  assert.equal(bench.worker.health().counts["inputWaits"] ?? 0, 0);
});

test("an input that has not been fetched yet is waited for: order is exact with small fetches", async () => {
  const seen: string[] = [];
  const bench = new Bench(merging(seen), {}, { pollMaxBytes: 80, partitionMaxBytes: 80 });
  const odd = Array.from({ length: 30 }, (_, n) => `l:${2 * n + 1}`);
  const even = Array.from({ length: 30 }, (_, n) => `r:${2 * n}`);
  await bench.send(odd, left);
  await bench.send(even, right);
  await bench.run();
  assert.deepEqual(
    seen.map((value) => Number(value.split(":")[1])),
    Array.from({ length: 60 }, (_, n) => n),
  );
});

const idleDriver: SourceDriver = {
  load: (cursor) => cursor.timestamp,
  relocate: () => undefined,
  process: () => undefined,
  leaveOut: () => undefined,
  isUnreadable: false,
  paused: [],
  end: async () => undefined,
};

test("an input that stays behind is waited for only so long, and that is counted", async () => {
  const clock = manualClock();
  const [first, second] = ["left", "right"].map((topic) => {
    const input = new Input({ topic, partition: 0 }, idleDriver);
    input.begin(0);
    return input;
  });
  assert.ok(first !== undefined && second !== undefined);
  let waits = 0;
  const waited = (): void => {
    waits += 1;
  };
  const choice = new InputChoice([first, second], { clock, waitMaxMs: 1000, waited });
  first.offer(oneRecord());
  assert.equal(choice.next(), undefined);
  await clock.advance(999);
  assert.equal(choice.next(), undefined);
  await clock.advance(1);
  assert.equal(waits, 1);
  assert.equal(choice.next(), first);
});

function oneRecord(): FetchedBatch {
  const writer = new BatchWriter();
  writer.begin(7, null).append(Buffer.from("x"));
  writer.end();
  const bytes = Buffer.from(writer.finish());
  return { ...emptyBatch(0, 1), cursor: () => new BatchCursor(bytes, [0]) };
}

/** A batch without records, as `poll` gives at a partition's end. */
function emptyBatch(startOffset: number, nextOffset: number): FetchedBatch {
  const batch: FetchedBatch = {
    topic: "left",
    partition: 0,
    startOffset,
    nextOffset,
    endOffset: nextOffset,
    cursor: () => new BatchCursor(Buffer.alloc(0), []),
    keep: () => batch,
  };
  return batch;
}

test("a batch that was fetched before the input was moved is left out", () => {
  const input = new Input({ topic: "left", partition: 0 }, idleDriver);
  input.begin(10);
  assert.equal(input.offer(emptyBatch(10, 20)), true);
  assert.equal(input.peek(), undefined);
  assert.equal(input.position, 20);
  input.begin(10);
  assert.equal(input.offer(emptyBatch(20, 30)), false);
  assert.equal(input.peek(), undefined);
  assert.equal(input.position, 10);
  assert.equal(input.fetched, 10);
});
