import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import { greetingsTopic } from "../generated/topics.ts";
import { createWorker } from "../generated/worker.ts";

test("a greeting is sent every second", async () => {
  await using hello = await openDriver(createWorker);
  await hello.advance("3s");
  const greetings = await hello.values(greetingsTopic);
  assert.deepEqual(
    greetings.map(({ text }) => text),
    ["Hello", "Hello", "Hello"],
  );
});
