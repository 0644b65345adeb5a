import assert from "node:assert/strict";
import { test } from "node:test";
import { UnknownWriter } from "../../runtime/codec/unknown-writer.ts";
import { StreamgenError } from "../../runtime/errors.ts";

test("an error of a second copy of the module is an error of the runtime", async () => {
  const again = new URL("../../runtime/errors.ts?again", import.meta.url).href;
  const copy: { StreamgenError: typeof StreamgenError } = await import(again);
  assert.notEqual(copy.StreamgenError, StreamgenError);
  const error: unknown = new copy.StreamgenError("SG6020", "no broker answers");
  assert.ok(error instanceof StreamgenError);
  assert.equal(error.code, "SG6020");
});

test("an error is of a subclass only where it was made by it", () => {
  assert.ok(new UnknownWriter(7) instanceof UnknownWriter);
  assert.ok(new UnknownWriter(7) instanceof StreamgenError);
  assert.ok(!(new StreamgenError("SG5050", "not fetched") instanceof UnknownWriter));
});

test("what others throw is no error of the runtime", () => {
  for (const other of [new Error("no"), undefined, null, "SG6020", { code: "SG6020" }]) {
    assert.ok(!(other instanceof StreamgenError));
  }
});
