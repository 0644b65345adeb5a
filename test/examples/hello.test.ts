/** examples/hello: a greeting every second, and who hears it. */
import assert from "node:assert/strict";
import test from "node:test";
import { context, openDriver } from "@streamgen/runtime/testing";
import { greetingsTopic } from "../../examples/hello/generated/topics.ts";
import { createWorker } from "../../examples/hello/generated/worker.ts";
import { greet } from "../../examples/hello/src/hello.ts";

test("a greeting is logged", () => {
  const ctx = context();
  greet({ from: "ann", to: "bob" }, ctx);
  assert.deepEqual(ctx.lines, ["info hello from=ann to=bob"]);
});

test("greetings are sent every second, and logged", async () => {
  await using hello = await openDriver(createWorker);
  await hello.advance("3s");
  await hello.push(greetingsTopic, [{ from: "ann", to: "bob" }]);
  const greetings = await hello.values(greetingsTopic);
  assert.deepEqual(greetings.map(({ from }) => from).sort(), [
    "ann",
    "streamgen",
    "streamgen",
    "streamgen",
  ]);
  const heard = hello.lines.filter(({ text }) => text === "hello");
  assert.equal(heard.length, 4);
});
