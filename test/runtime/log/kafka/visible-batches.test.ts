import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { BatchCursor } from "../../../../runtime/log/batch-cursor.ts";
import { batchBit, batchField, writeInt64 } from "../../../../runtime/log/batch-header.ts";
import type { AbortedTransaction } from "../../../../runtime/log/kafka/fetch-answer.ts";
import { crc32c } from "../../../../runtime/log/kafka/kafkajs.ts";
import { visibleBatches } from "../../../../runtime/log/kafka/visible-batches.ts";
import { readRecords } from "../../../../runtime/log/record.ts";
import { batchOf } from "../contract/driver.ts";

interface Stored {
  readonly offset: number;
  readonly producer?: number;
  readonly values?: readonly string[];
  readonly marker?: "abort" | "commit";
  readonly isPlain?: boolean;
  readonly gzip?: boolean;
}

/** A batch as a broker stores it. */
function stored(options: Stored): Buffer {
  const { offset, producer = -1, values = [], marker, isPlain = producer < 0, gzip } = options;
  const key = marker === "abort" ? "\0\0\0\0" : "\0\0\0\x01";
  const drafts = marker === undefined ? values.map((value) => ({ value })) : [{ key, value: "" }];
  let batch = Buffer.from(batchOf(...drafts).finish());
  if (gzip) {
    const head = batch.subarray(0, batchField.records);
    batch = Buffer.concat([head, gzipSync(batch.subarray(batchField.records))]);
    batch.writeInt32BE(batch.length - batchField.leaderEpoch, batchField.length);
  }
  writeInt64(batch, batchField.baseOffset, offset);
  writeInt64(batch, batchField.producerId, producer);
  const attributes =
    (isPlain ? 0 : batchBit.transactional) |
    (marker === undefined ? 0 : batchBit.control) |
    (gzip ? 1 : 0);
  batch.writeInt16BE(attributes, batchField.attributes);
  batch.writeUInt32BE(crc32c(batch.subarray(batchField.attributes)), batchField.crc);
  return batch;
}

async function read(
  batches: readonly Buffer[],
  aborted: readonly AbortedTransaction[] = [],
  from = 0,
): Promise<{ readonly values: readonly string[]; readonly nextOffset: number }> {
  const place = { topic: "t", partition: 0 };
  const records = Buffer.concat(batches);
  const fetched = { ...place, errorCode: 0, lastStableOffset: 99, aborted, records };
  const { bytes, starts, nextOffset } = await visibleBatches(fetched, from);
  const seen = readRecords(place, new BatchCursor(bytes, starts, from));
  return { values: seen.map(({ value }) => `${value}`), nextOffset };
}

test("aborted transactions of one producer in one fetch are left out, committed ones are not", async () => {
  const batches = [
    stored({ offset: 0, producer: 1, values: ["bad"] }),
    stored({ offset: 1, producer: 1, marker: "abort" }),
    stored({ offset: 2, producer: 1, values: ["good"] }),
    stored({ offset: 3, producer: 1, marker: "commit" }),
    stored({ offset: 4, producer: 1, values: ["bad"] }),
    stored({ offset: 5, producer: 1, marker: "abort" }),
  ];
  const aborted = [
    { producerId: 1, firstOffset: 0 },
    { producerId: 1, firstOffset: 4 },
  ];
  assert.deepEqual(await read(batches, aborted), { values: ["good"], nextOffset: 6 });
});

test("a fetch that begins inside several aborted transactions shows none of them", async () => {
  const batches = [
    stored({ offset: 10, producer: 2, values: ["bad"] }),
    stored({ offset: 11, producer: 1, values: ["bad"] }),
    stored({ offset: 12, producer: 3, values: ["bad"] }),
    stored({ offset: 13, producer: 4, values: ["good"] }),
  ];
  const aborted = [
    { producerId: 3, firstOffset: 7 },
    { producerId: 1, firstOffset: 2 },
    { producerId: 2, firstOffset: 5 },
  ];
  assert.deepEqual(await read(batches, aborted, 10), { values: ["good"], nextOffset: 14 });
});

test("an aborted transaction whose marker is not in the fetch is left out", async () => {
  const batches = [
    stored({ offset: 0, producer: 1, values: ["bad", "bad"] }),
    stored({ offset: 2, values: ["plain"] }),
    stored({ offset: 3, producer: 1, values: ["bad"] }),
  ];
  const aborted = [{ producerId: 1, firstOffset: 0 }];
  assert.deepEqual(await read(batches, aborted), { values: ["plain"], nextOffset: 4 });
});

test("records sent without a transaction by a producer that aborts are seen", async () => {
  const batches = [stored({ offset: 0, producer: 1, isPlain: true, values: ["seen"] })];
  const aborted = [{ producerId: 1, firstOffset: 0 }];
  assert.deepEqual((await read(batches, aborted)).values, ["seen"]);
});

test("a batch that is cut off is left for the next fetch", async () => {
  const whole = stored({ offset: 0, values: ["a"] });
  const cut = stored({ offset: 1, values: ["b"] });
  for (let length = 0; length < cut.length; length++) {
    const { values, nextOffset } = await read([whole, cut.subarray(0, length)]);
    assert.deepEqual([values, nextOffset], [["a"], 1], `${length} bytes`);
  }
});

test("batches before the offset, and records before it in a batch, are left out", async () => {
  const batches = [
    stored({ offset: 0, values: ["a", "b"] }),
    stored({ offset: 2, values: ["c", "d", "e"] }),
  ];
  assert.deepEqual(await read(batches, [], 3), { values: ["d", "e"], nextOffset: 5 });
});

test("a batch that compaction left empty moves the reader behind it", async () => {
  const empty = stored({ offset: 0, values: ["gone"] }).subarray(0, batchField.records);
  empty.writeInt32BE(0, batchField.recordCount);
  empty.writeInt32BE(6, batchField.lastOffsetDelta);
  empty.writeInt32BE(empty.length - batchField.leaderEpoch, batchField.length);
  empty.writeUInt32BE(crc32c(empty.subarray(batchField.attributes)), batchField.crc);
  assert.deepEqual(await read([empty]), { values: [], nextOffset: 7 });
});

test("gzip is read, between batches without compression", async () => {
  const batches = [
    stored({ offset: 0, values: ["a"] }),
    stored({ offset: 1, values: ["b", "c"], gzip: true }),
    stored({ offset: 3, values: ["d"] }),
  ];
  assert.deepEqual(await read(batches), { values: ["a", "b", "c", "d"], nextOffset: 4 });
});

test("a compression that cannot be read is named, with what to do", async () => {
  const batch = stored({ offset: 4, values: ["a"] });
  batch.writeInt16BE(3, batchField.attributes);
  batch.writeUInt32BE(crc32c(batch.subarray(batchField.attributes)), batchField.crc);
  await assert.rejects(read([batch]), {
    code: "SG6027",
    message: /lz4.*use gzip/,
    place: { topic: "t", partition: 0, offset: 4 },
  });
});

test("a damaged batch is an error, whichever byte is wrong", async () => {
  const good = stored({ offset: 3, values: ["value"] });
  for (let position = batchField.crc; position < good.length; position++) {
    const bad = Buffer.from(good);
    bad[position] = (bad[position] ?? 0) ^ 0x10;
    await assert.rejects(read([bad], [], 0), { code: "SG6001" }, `byte ${position}`);
  }
});

test("lengths that cannot be are refused", async () => {
  for (const length of [-1, 0, 48, -2_147_483_648]) {
    const bad = stored({ offset: 0, values: ["a"] });
    bad.writeInt32BE(length, batchField.length);
    await assert.rejects(read([bad]), { code: "SG6001" }, String(length));
  }
});

test("where the log sets the time, its time counts", async () => {
  const batch = stored({ offset: 0, values: ["a", "b"] });
  writeInt64(batch, batchField.maxTimestamp, 7_777);
  batch.writeInt16BE(batchBit.appendTime, batchField.attributes);
  batch.writeUInt32BE(crc32c(batch.subarray(batchField.attributes)), batchField.crc);
  const place = { topic: "t", partition: 0 };
  const fetched = { ...place, errorCode: 0, lastStableOffset: 2, aborted: [], records: batch };
  const { bytes, starts } = await visibleBatches(fetched, 0);
  const times = readRecords(place, new BatchCursor(bytes, starts)).map((one) => one.timestamp);
  assert.deepEqual(times, [7_777, 7_777]);
});
