import assert from "node:assert/strict";
import test from "node:test";
import { WriteBatch, WriteBatchBuilder } from "../../../runtime/state/write-batch.ts";

test("a batch gives back its rows, also behind a transfer to another thread", () => {
  const builder = new WriteBatchBuilder(1);
  const bytes = Buffer.from("..key and value..");
  builder.put(bytes, 2, 5, bytes, 10, 15);
  builder.delete(bytes, 2, 9);
  builder.put(bytes, 0, 0, bytes, 3, 3);
  const built = builder.finish();
  const rows = built.count;
  const used = built.byteLength;
  const moved = structuredClone(built.buffer, { transfer: [built.buffer] });
  const cursor = new WriteBatch(moved, used, rows).cursor();
  const seen: string[] = [];
  while (cursor.next()) seen.push(`${cursor.key()}=${cursor.value()}`);
  assert.deepEqual(seen, ["key=value", "key and=null", "="]);
  assert.equal(rows, 3);
  assert.equal(used, 3 * 8 + 3 + 5 + 7);
});

test("a batch lies in memory as it is described", () => {
  const builder = new WriteBatchBuilder();
  builder.put(Buffer.from("a"), 0, 1, Buffer.from("xy"), 0, 2);
  builder.delete(Buffer.from("b"), 0, 1);
  const { buffer, byteLength } = builder.finish();
  assert.equal(
    Buffer.from(buffer, 0, byteLength).toString("hex"),
    "01000000" + "02000000" + "61" + "7879" + "01000000" + "ffffffff" + "62",
  );
});
