/** examples/rpc: functions that ask and answer, called one by one and in two workers. */
import assert from "node:assert/strict";
import test from "node:test";
import { client, openDriver, request } from "@streamgen/runtime/testing";
import type { Post } from "streamgen";
import { addAsk, multiplyAsk } from "../../examples/rpc/generated/asks.ts";
import { createWorker } from "../../examples/rpc/generated/worker.ts";
import { add, multiply, type Pair, sums } from "../../examples/rpc/src/rpc.ts";

test("the functions as they are", async () => {
  const adder = client(add);
  assert.equal(await multiply({ x: 3, y: 4 }, adder), 12);
  assert.equal(adder.asked.length, 4);
  const body = [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ];
  assert.deepEqual(await sums(request<Post<"/sums", Pair[]>>({ body }), adder), [3, 7]);
});

test("answers come from wherever the functions run, and so do errors", async () => {
  await using rpc = await openDriver(createWorker, { workers: 2 });
  const adder = await rpc.asker(addAsk);
  assert.equal(await adder.ask({ x: 40, y: 2 }), 42);
  const multiplier = await rpc.asker(multiplyAsk);
  assert.equal(await multiplier.ask({ x: 6, y: 7 }), 42);
  await assert.rejects(multiplier.ask({ x: 6, y: -7 }), { name: "RangeError" });
  const answer = await rpc.request("POST", "/sums", {
    body: [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ],
  });
  assert.deepEqual(answer.json(), [2, 4]);
});
