import assert from "node:assert/strict";
import test from "node:test";
import { StreamgenError } from "../../../runtime/errors.ts";
import { BatchCursor } from "../../../runtime/log/batch-cursor.ts";
import { batchEnd, batchField, readInt64, writeInt64 } from "../../../runtime/log/batch-header.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { type Random, random } from "../../random.ts";

interface Written {
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** Where the batches in the bytes begin. */
function batchStarts(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (let start = 0; start < bytes.length; start = batchEnd(bytes, start)) starts.push(start);
  return starts;
}

function add(batch: BatchWriter, record: Written): void {
  const out = batch.begin(record.timestamp, record.key === null ? null : Buffer.from(record.key));
  if (record.value === null) batch.tombstone();
  else out.append(Buffer.from(record.value));
  for (const [name, value] of record.headers) {
    batch.header(Buffer.from(name), value === null ? null : Buffer.from(value));
  }
  batch.end();
}

function slice(bytes: Buffer, start: number, end: number): string | null {
  return start < 0 ? null : bytes.toString("utf8", start, end);
}

/** All records, by a cursor over all batches. */
function read(bytes: Buffer): Written[] {
  const cursor = new BatchCursor(bytes, batchStarts(bytes));
  const records: Written[] = [];
  while (cursor.next()) {
    const headers: [string, string | null][] = [];
    while (cursor.nextHeader()) {
      headers.push([
        slice(bytes, cursor.headerNameStart, cursor.headerNameEnd) ?? "",
        slice(bytes, cursor.headerValueStart, cursor.headerValueEnd),
      ]);
    }
    records.push({
      timestamp: cursor.timestamp,
      key: slice(bytes, cursor.keyStart, cursor.keyEnd),
      value: slice(bytes, cursor.valueStart, cursor.valueEnd),
      headers,
    });
  }
  return records;
}

const plain = (value: string | null, key: string | null = "k", timestamp = 1_000): Written => ({
  timestamp,
  key,
  value,
  headers: [],
});

function someText(from: Random, most: number): string {
  return "x".repeat(from.int(from.chance(0.1) ? most : 12)) + from.int(1_000);
}

function someRecord(from: Random): Written {
  return {
    timestamp: from.chance(0.1)
      ? from.int(2 ** 32) * from.int(2 ** 20)
      : 1_700_000_000_000 + from.int(1e6),
    key: from.chance(0.1) ? null : someText(from, 300),
    value: from.chance(0.1) ? null : someText(from, 20_000),
    headers: Array.from({ length: from.chance(0.02) ? 70 : from.int(3) }, () => [
      someText(from, 200),
      from.chance(0.2) ? null : someText(from, 200),
    ]),
  };
}

test("a record comes back as it was written", () => {
  const batch = new BatchWriter();
  const record: Written = {
    timestamp: 1_700_000_000_123,
    key: "clé",
    value: "wert",
    headers: [
      ["a", "1"],
      ["a", null],
      ["", ""],
    ],
  };
  add(batch, record);
  assert.equal(batch.count, 1);
  assert.deepEqual(read(batch.finish()), [record]);
});

test("a key that is null, one that is empty, a tombstone and an empty value are four things", () => {
  const batch = new BatchWriter();
  const records = [plain("v", null), plain("v", ""), plain(null), plain("")];
  for (const record of records) add(batch, record);
  assert.deepEqual(read(batch.finish()), records);
});

test("the head is Kafka's, byte by byte", () => {
  const batch = new BatchWriter();
  add(batch, plain("value", "key", 1_000));
  add(batch, plain("value", "key", 900));
  const expected =
    "0000000000000000" + // base offset
    "00000050" + // length of the rest: 49 of the head, 15 and 16 of the records
    "ffffffff" + // leader epoch
    "02" +
    "00000000" + // checksum, the log's to fill
    "0000" +
    "00000001" + // last offset delta
    "00000000000003e8" + // base timestamp
    "00000000000003e8" + // highest timestamp
    "ffffffffffffffff" +
    "ffff" +
    "ffffffff" +
    "00000002" +
    `1c00000006${Buffer.from("key").toString("hex")}0a${Buffer.from("value").toString("hex")}00` +
    `1e00c7010206${Buffer.from("key").toString("hex")}0a${Buffer.from("value").toString("hex")}00`;
  assert.equal(batch.finish().toString("hex"), expected);
  assert.equal(batch.sizeBytes, expected.length / 2);
});

test("a record that was begun and not ended does not exist", () => {
  const batch = new BatchWriter();
  batch.begin(1, null).append(Buffer.from("half"));
  assert.equal(batch.count, 0);
  assert.equal(batch.finish().length, 0);
  add(batch, plain("whole"));
  batch.begin(1, Buffer.from("key")).append(Buffer.from("half"));
  assert.deepEqual(read(batch.finish()), [plain("whole")]);
  add(batch, plain("next"));
  assert.deepEqual(read(batch.finish()), [plain("whole"), plain("next")]);
});

test("a rewind undoes the records since its mark, and their timestamps", () => {
  const batch = new BatchWriter();
  add(batch, plain("first", "k", 5_000));
  const mark = batch.mark();
  add(batch, plain("second", "k", 9_000));
  batch.begin(1, null);
  batch.rewind(mark);
  assert.equal(batch.count, 1);
  add(batch, plain("third", "k", 6_000));
  const bytes = batch.finish();
  assert.deepEqual(read(bytes), [plain("first", "k", 5_000), plain("third", "k", 6_000)]);
  assert.equal(readInt64(bytes, batchField.maxTimestamp), 6_000);
  batch.rewind(0);
  assert.equal(batch.finish().length, 0);
});

test("records beyond the batch's limit begin a batch of their own", () => {
  const batch = new BatchWriter(300);
  const records = Array.from({ length: 40 }, (_, i) =>
    plain(`${i}`.repeat(20), `key-${i}`, 1_000 + i),
  );
  for (const record of records) add(batch, record);
  add(batch, plain("y".repeat(1_000)));
  add(batch, plain("z"));
  const bytes = batch.finish();
  const starts = batchStarts(bytes);
  assert.ok(starts.length > 5);
  const sizes = starts.map((start) => batchEnd(bytes, start) - start);
  assert.deepEqual(
    sizes.filter((size) => size > 300),
    [sizes.at(-2)],
    "only the record that is too large alone exceeds the limit",
  );
  assert.deepEqual(read(bytes), [...records, plain("y".repeat(1_000)), plain("z")]);
  assert.equal(batch.count, records.length + 2);
});

test("a rewind goes back over batches", () => {
  const batch = new BatchWriter(200);
  const marks: number[] = [];
  const records = Array.from({ length: 30 }, (_, i) =>
    plain(`value ${i}`.repeat(3), "k", 1_000 - i),
  );
  for (const record of records) {
    marks.push(batch.mark());
    add(batch, record);
  }
  for (const keep of [25, 24, 13, 12, 1]) {
    batch.rewind(marks[keep] ?? -1);
    assert.equal(batch.count, keep);
    assert.deepEqual(read(batch.finish()), records.slice(0, keep));
  }
  add(batch, plain("after"));
  assert.deepEqual(read(batch.finish()), [...records.slice(0, 1), plain("after")]);
});

test("a record is forwarded without being decoded", () => {
  const source = new BatchWriter();
  const records: Written[] = [
    {
      ...plain("v".repeat(100)),
      headers: [
        ["h", "1"],
        ["n", null],
      ],
    },
    plain(null),
    plain("v", null),
  ];
  for (const record of records) add(source, record);
  const target = new BatchWriter();
  const bytes = source.finish();
  const cursor = new BatchCursor(bytes, batchStarts(bytes));
  while (cursor.next()) target.forward(cursor);
  assert.deepEqual(read(target.finish()), records);
});

test("headers are carried over beside new ones", () => {
  const source = new BatchWriter();
  add(source, { ...plain("v"), headers: [["old", "1"]] });
  const bytes = source.finish();
  const cursor = new BatchCursor(bytes, batchStarts(bytes));
  assert.ok(cursor.next());
  assert.ok(cursor.nextHeader());
  const target = new BatchWriter();
  target.begin(1_000, Buffer.from("k")).append(Buffer.from("v"));
  target.headersFrom(cursor);
  target.header(Buffer.from("new"), Buffer.from("2"));
  target.end();
  assert.deepEqual(read(target.finish())[0]?.headers, [
    ["old", "1"],
    ["new", "2"],
  ]);
});

test("records below the offset asked for are passed over", () => {
  const batch = new BatchWriter();
  for (const value of ["a", "b", "c"]) add(batch, plain(value));
  const bytes = batch.finish();
  writeInt64(bytes, batchField.baseOffset, 7_000_000_000);
  const cursor = new BatchCursor(bytes, [0], 7_000_000_001);
  assert.ok(cursor.next());
  assert.equal(cursor.offset, 7_000_000_001);
  assert.equal(slice(bytes, cursor.valueStart, cursor.valueEnd), "b");
  assert.ok(cursor.next());
  assert.equal(cursor.offset, 7_000_000_002);
  assert.equal(cursor.next(), false);
  assert.equal(cursor.next(), false);
});

test("a timestamp that no date has is refused", () => {
  const batch = new BatchWriter();
  for (const timestamp of [-1, 1.5, Number.NaN, 9e15, Number.POSITIVE_INFINITY]) {
    assert.throws(() => batch.begin(timestamp, null), { code: "SG6009" });
  }
  add(batch, plain("v", "k", 0));
  add(batch, plain("v", "k", 8_640_000_000_000_000));
  assert.deepEqual(
    read(batch.finish()).map((record) => record.timestamp),
    [0, 8_640_000_000_000_000],
  );
});

/** Writes at random, with savepoints, and gives what the batch must then hold. */
function writeAtRandom(batch: BatchWriter, from: Random): Written[] {
  let expected: Written[] = [];
  for (let step = 0; step < 80; step++) {
    const mark = batch.mark();
    const adding = Array.from({ length: 1 + from.int(4) }, () => someRecord(from));
    for (const record of adding) add(batch, record);
    if (from.chance(0.1)) batch.begin(1, null).append(from.bytes(50));
    if (from.chance(0.3)) batch.rewind(mark);
    else expected = [...expected, ...adding];
    if (from.chance(0.02)) {
      batch.clear();
      expected = [];
    }
  }
  return expected;
}

test("random records, savepoints and limits come back as written", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const from = random(seed);
    const batch = new BatchWriter(200 + from.int(40_000));
    const expected = writeAtRandom(batch, from);
    const bytes = batch.finish();
    assert.deepEqual(read(bytes), expected, `seed ${seed}`);
    assert.equal(batch.count, expected.length, `seed ${seed}`);
    for (const start of batchStarts(bytes)) {
      const times = read(bytes.subarray(start, batchEnd(bytes, start))).map((one) => one.timestamp);
      const highest = readInt64(bytes, start + batchField.maxTimestamp);
      assert.equal(highest, Math.max(...times), `seed ${seed}`);
    }
  }
});

test("bytes that are not what they claim give an SG6001, never a hang or a read outside", () => {
  const batch = new BatchWriter(2_000);
  const from = random(7);
  for (let i = 0; i < 30; i++) add(batch, someRecord(from));
  const good = Buffer.from(batch.finish());
  let refused = 0;
  for (let seed = 1; seed <= 3_000; seed++) {
    const damage = random(seed);
    const bytes = Buffer.from(
      good.subarray(0, damage.chance(0.3) ? damage.int(good.length) : good.length),
    );
    for (let i = damage.int(4); i >= 0 && bytes.length > 0; i--) {
      bytes[damage.int(bytes.length)] = damage.pick([0, 1, 0x7f, 0x80, 0xff, damage.int(256)]);
    }
    try {
      assert.ok(read(bytes).length <= bytes.length, `seed ${seed}`);
    } catch (error) {
      assert.ok(error instanceof StreamgenError, `seed ${seed}: ${error}`);
      assert.equal(error.code, "SG6001", `seed ${seed}`);
      refused++;
    }
  }
  assert.ok(refused > 1_000);
});

test("a count of records without bytes behind it is refused at once", () => {
  const batch = new BatchWriter();
  add(batch, plain("v"));
  const bytes = Buffer.from(batch.finish());
  bytes.writeInt32BE(2_000_000_000, batchField.recordCount);
  bytes.writeInt32BE(2_000_000_000, batchField.lastOffsetDelta);
  const cursor = new BatchCursor(bytes, [0]);
  assert.ok(cursor.next());
  assert.throws(() => cursor.next(), { code: "SG6001" });
});
