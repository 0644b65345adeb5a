import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import test from "node:test";
import { openPrinter } from "../../../runtime/cli/printer.ts";

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("printing waits for a reader that is slow", async () => {
  const stream = new PassThrough({ highWaterMark: 4 });
  const print = openPrinter(stream);
  let isDone = false;
  const printing = print("more than four").then((isRead) => {
    isDone = true;
    return isRead;
  });
  await settle();
  assert.equal(isDone, false);
  assert.equal(String(stream.read()), "more than four");
  assert.equal(await printing, true);
});

test("once nobody reads any more, that is known, and nothing is written", async () => {
  const stream = new PassThrough({ highWaterMark: 4 });
  const print = openPrinter(stream);
  const printing = print("more than four");
  stream.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  assert.equal(await printing, false);
  assert.equal(await print("after"), false);
});
