/**
 * A record that a stream waits with is moved in memory by the next poll. It is the same record all the
 * same: it is put aside once, and what is held of it are its own bytes.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Stream, TopicSpec } from "@streamgen/runtime";
import { bytesFormat, nullKey } from "@streamgen/runtime/codec";
import { Bench, group, spec, type TextAgent, words } from "./small.ts";

const dead: TopicSpec<null, Uint8Array> = {
  name: "dead",
  partitions: 1,
  key: nullKey,
  value: bytesFormat,
};

/** Long enough for polls to come in between. */
async function wait(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
}

async function putAside(body: (stream: Stream<string, string>) => Promise<void>): Promise<Bench> {
  const onError = { deadLetter: dead } as const;
  const agent: TextAgent = { kind: "stream", name: "waiting", onError, open: () => body };
  const bench = new Bench(spec([group([agent])], { topics: [words, dead] }));
  await bench.create("words");
  await bench.worker.start();
  for (let index = 0; index < 12; index += 1) {
    await bench.sendBytes("words", "k", `${index}`);
    await setImmediate();
  }
  await bench.worker.idle();
  return bench;
}

test("a record that a body fails at after a wait is put aside once", async () => {
  const bench = await putAside(async (stream) => {
    for await (const value of stream) {
      await wait();
      if (Number(value) % 3 === 0) throw new Error("no");
    }
  });
  assert.deepEqual(bench.values("dead"), ["0", "3", "6", "9"]);
});

test("what take has gathered after waits is put aside as it came", async () => {
  const slow = async (value: string): Promise<string> => {
    await wait();
    return value;
  };
  const bench = await putAside(async (stream) => {
    for await (const values of stream.map(slow).take(4)) {
      if (values.includes("5")) throw new Error("no");
    }
  });
  assert.deepEqual(bench.values("dead"), ["4", "5", "6", "7"]);
});
