import assert from "node:assert/strict";
import test from "node:test";
import { murmur2, partitionOfKey, StickyPartitioner } from "../../../runtime/log/partitioner.ts";

/** The vectors of Kafka's own `UtilsTest.testMurmur2`. */
const vectors: readonly (readonly [string, number])[] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

test("murmur2 gives what Kafka's Java clients give", () => {
  for (const [text, hash] of vectors) {
    assert.equal(murmur2(Buffer.from(text)), hash, text);
  }
});

test("a key inside a larger buffer has the partition that it has alone", () => {
  for (const [text, hash] of vectors) {
    const bytes = Buffer.from(`xxx${text}yyyy`);
    const end = 3 + Buffer.byteLength(text);
    assert.equal(murmur2(bytes, 3, end), hash);
    assert.equal(partitionOfKey(bytes, 7, 3, end), (hash & 0x7fff_ffff) % 7);
  }
});

test("a negative hash is made positive by dropping its sign bit, not by its absolute value", () => {
  assert.equal(partitionOfKey(Buffer.from("21"), 10), (-973932308 & 0x7fff_ffff) % 10);
  assert.notEqual(partitionOfKey(Buffer.from("21"), 10), 973932308 % 10);
});

test("an empty key has a partition", () => {
  assert.equal(murmur2(Buffer.alloc(0)), 275646681);
});

test("records without a key stay on one partition until the turn", () => {
  const sticky = new StickyPartitioner(1);
  assert.deepEqual([sticky.choose(3), sticky.choose(3)], [1, 1]);
  sticky.turn();
  assert.equal(sticky.choose(3), 2);
  sticky.turn();
  assert.equal(sticky.choose(3), 0);
});
