/** What partitions of a source have told, as it is kept beside an offset. */
import assert from "node:assert/strict";
import test from "node:test";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { appendTimeMarker, readTimeMarker } from "../../../runtime/worker/upstream/time-marker.ts";
import { readTimes, writeTimes } from "../../../runtime/worker/upstream/times-text.ts";
import { UpstreamTimes } from "../../../runtime/worker/upstream/upstream-times.ts";
import { random } from "../../random.ts";

const never = Number.NEGATIVE_INFINITY;
const now = 1_700_000_000_000;

test("the slowest that is not idle counts, and what was told is never taken back", () => {
  const times = new UpstreamTimes(3);
  assert.equal(times.slowest, never);
  times.tell({ partition: 0, time: 50, isIdle: false });
  times.tell({ partition: 1, time: 20, isIdle: false });
  assert.equal(times.slowest, never);
  times.tell({ partition: 2, time: never, isIdle: true });
  assert.deepEqual([times.slowest, times.highest], [20, 50]);
  times.tell({ partition: 1, time: 10, isIdle: false });
  assert.equal(times.slowest, 20);
  times.tell({ partition: 2, time: 5, isIdle: false });
  assert.equal(times.slowest, 5);
  for (const partition of [0, 1, 2]) times.tell({ partition, time: never, isIdle: true });
  assert.deepEqual([times.slowest, times.highest], [Number.POSITIVE_INFINITY, 50]);
  // The source has got a partition more.
  times.tell({ partition: 4, time: 7, isIdle: false });
  assert.equal(times.slowest, never);
});

test("what is not committed is forgotten by a rewind; a commit's text brings it back", () => {
  const times = new UpstreamTimes(2);
  times.tell({ partition: 0, time: -30, isIdle: false });
  times.tell({ partition: 1, time: 40, isIdle: true });
  times.seal();
  times.acknowledge();
  times.tell({ partition: 0, time: 35, isIdle: false });
  times.seal();
  const text = times.sealedText(1000);
  times.rewind();
  assert.equal(times.slowest, -30);
  const next = new UpstreamTimes(2);
  next.begin(text);
  assert.deepEqual([next.slowest, next.highest], [35, 40]);
});

test("where there is little room, times are rounded down", () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  const numbers = random(seed);
  const times = Array.from({ length: 500 }, () => ({
    time: numbers.chance(0.05) ? never : now + numbers.int(7_200_000),
    isIdle: numbers.chance(0.1),
  }));
  assert.deepEqual(readTimes(writeTimes(times, 10_000)), times);
  for (const room of [2500, 1600, 1200]) {
    const text = writeTimes(times, room);
    assert.ok(text.length <= room && text !== "");
    for (const [index, { time, isIdle }] of readTimes(text).entries()) {
      const exact = times[index];
      assert.ok(exact !== undefined && time <= exact.time, `seed ${seed}`);
      assert.equal(isIdle, exact.isIdle);
      assert.equal(time === never, exact.time === never);
    }
  }
  assert.deepEqual(readTimes(writeTimes(times, 100)), []);
});

test("a marker is told from a record, and from a tombstone", () => {
  const batch = new BatchWriter();
  const marker = { partition: 7, time: -3, isIdle: true };
  appendTimeMarker(batch, marker, now);
  batch.begin(now, Buffer.from("key")).append(Buffer.from("value"));
  batch.end();
  batch.begin(now, null);
  batch.tombstone();
  batch.header(Buffer.from("sg-time"), Buffer.alloc(14, 9));
  batch.end();
  batch.begin(now, null);
  batch.tombstone();
  batch.end();
  const cursor = batch.cursor();
  const found = [];
  while (cursor.next()) found.push(readTimeMarker(cursor));
  assert.deepEqual(found, [marker, undefined, undefined, undefined]);
});
