import assert from "node:assert/strict";
import test from "node:test";
import { packKeys, valuesIn } from "../../../../runtime/state/rocksdb/packed.ts";
import { StoreThread } from "../../../../runtime/state/rocksdb/store-thread.ts";
import { newFolder } from "./folder.ts";

test("an answer that does not come in time is an error, and one that comes late is dropped", async () => {
  const plan = { binding: "rocksdb-native", folder: newFolder("slow"), memoryBytes: 0 } as const;
  const thread = new StoreThread(plan, assert.fail, 0);
  const opening = {
    kind: "open",
    app: "shop",
    table: "counts",
    partition: 0,
    changelog: "c",
  } as const;
  const { handle } = await thread.ask(opening);
  const get = { kind: "get", handle, keys: packKeys([Buffer.from("a")]) } as const;
  // With no patience at all, hardly any answer is in time.
  const inTime = () => {
    for (let call = 0; call < 10_000; call += 1) thread.askNow(get);
  };
  for (let round = 0; round < 3; round += 1) {
    assert.throws(inTime, { code: "SG7015", message: /UV_THREADPOOL_SIZE/ });
  }
  assert.deepEqual(valuesIn(await thread.ask(get)), [undefined]);
  await thread.end();
  await assert.rejects(thread.ask(get), { code: "SG7018" });
});

test("calls that are outstanding when the thread ends are rejected", async () => {
  const plan = { binding: "rocksdb-native", folder: newFolder("ended"), memoryBytes: 0 } as const;
  const thread = new StoreThread(plan, assert.fail);
  const calls = [thread.ask({ kind: "start" }), thread.ask({ kind: "start" })];
  const ended = calls.map((call) => assert.rejects(call, { code: "SG7018" }));
  await thread.end();
  await Promise.all(ended);
});
