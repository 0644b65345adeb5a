import assert from "node:assert/strict";
import test from "node:test";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type Subscription,
} from "../../../../runtime/log/kafka/subscription.ts";
import { random } from "../../../random.ts";

const full: Subscription = {
  topics: ["orders", "payments", "ünicode"],
  copartitioned: [["orders", "payments"], []],
  owned: [
    { topic: "orders", partition: 0 },
    { topic: "orders", partition: 7 },
    { topic: "payments", partition: 7 },
  ],
  generation: 12,
};

test("a subscription comes back as it was written", () => {
  assert.deepEqual(decodeSubscription(encodeSubscription(full)), full);
  const empty = { topics: [], copartitioned: [], owned: [], generation: -1 };
  assert.deepEqual(decodeSubscription(encodeSubscription(empty)), empty);
});

test("the topics stand where Kafka's own tools look for them", () => {
  const bytes = encodeSubscription({ ...full, topics: ["ab"] });
  const wire = [0, 0, 0, 0, 0, 1, 0, 2, 0x61, 0x62];
  assert.deepEqual([...bytes.subarray(0, wire.length)], wire);
});

test("an assignment comes back as it was written", () => {
  for (const letsGo of [false, true]) {
    const assignment = { assigned: full.owned, letsGo };
    assert.deepEqual(decodeAssignment(encodeAssignment(assignment)), assignment);
  }
  const nothing = { assigned: [], letsGo: false };
  assert.deepEqual(decodeAssignment(encodeAssignment(nothing)), nothing);
  assert.deepEqual(decodeAssignment(Buffer.alloc(0)), nothing);
});

test("user data of another format owns nothing, and its topics count", () => {
  const bytes = encodeSubscription(full);
  const text = Buffer.from("ünicode");
  const formatAt = bytes.indexOf(text) + text.length + 4;
  assert.equal(bytes[formatAt], 1);
  bytes[formatAt] = 2;
  const nothing = { copartitioned: [], owned: [], generation: -1 };
  assert.deepEqual(decodeSubscription(bytes), { topics: full.topics, ...nothing });
});

test("a member without user data subscribes and owns nothing", () => {
  const bytes = Buffer.from([0, 1, 0, 0, 0, 1, 0, 1, 0x61, 0xff, 0xff, 0xff, 0xff]);
  const nothing = { copartitioned: [], owned: [], generation: -1 };
  assert.deepEqual(decodeSubscription(bytes), { topics: ["a"], ...nothing });
});

test("a subscription that is cut off anywhere is read without an error", () => {
  const bytes = encodeSubscription(full);
  for (let length = 0; length < bytes.length; length++) {
    const read = decodeSubscription(bytes.subarray(0, length));
    assert.deepEqual(read.owned, [], `${length} bytes`);
  }
});

test("counts and lengths beyond the bytes are refused before anything is allocated", () => {
  const huge = Buffer.from([0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0]);
  assert.deepEqual(decodeSubscription(huge).topics, []);
  assert.throws(() => decodeAssignment(huge), { code: "SG6001" });
  const long = Buffer.from([0, 0, 0, 0, 0, 1, 0x7f, 0xff, 0, 0, 0, 0]);
  assert.throws(() => decodeAssignment(long), { code: "SG6001" });
  const negative = Buffer.from([0, 0, 0, 0, 0, 1, 0xff, 0xf0, 0, 0, 0, 0]);
  assert.throws(() => decodeAssignment(negative), { code: "SG6001" });
});

test("bytes that were changed at random are read, or refused by code", () => {
  const seed = 20_261;
  const { int, bytes: noise } = random(seed);
  for (let i = 0; i < 2_000; i++) {
    const bytes = i % 2 === 0 ? encodeSubscription(full) : noise(int(60));
    for (let changes = int(4); changes > 0 && bytes.length > 0; changes--) {
      bytes[int(bytes.length)] = int(256);
    }
    const read = decodeSubscription(bytes);
    assert.ok(read.owned.length <= bytes.length, `seed ${seed}, round ${i}`);
    try {
      assert.ok(
        decodeAssignment(bytes).assigned.length <= bytes.length,
        `seed ${seed}, round ${i}`,
      );
    } catch (error) {
      assert.equal((error as { code?: string }).code, "SG6001", `seed ${seed}, round ${i}`);
    }
  }
});
