import assert from "node:assert/strict";
import test from "node:test";
import { Reader, Writer } from "../../../runtime/codec/index.ts";
import { StreamgenError } from "../../../runtime/errors.ts";
import { random } from "../../random.ts";

function readerOf(bytes: Uint8Array | readonly number[]): Reader {
  const buffer = Buffer.from(bytes);
  const reader = new Reader();
  reader.reset(buffer, 0, buffer.length);
  return reader;
}

function written(write: (writer: Writer) => void): Buffer {
  // Small, so that it has to grow.
  const writer = new Writer(1);
  write(writer);
  return Buffer.from(writer.written());
}

const fails = (code: string, action: () => unknown): void => {
  assert.throws(action, (error) => error instanceof StreamgenError && error.code === code);
};

/** Avro's number of variable length, from the definition, with whole numbers of any size. */
function zigzag(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const edges = [
  0n,
  1n,
  63n,
  64n,
  8191n,
  8192n,
  2n ** 27n,
  2n ** 31n,
  2n ** 34n,
  2n ** 52n,
  2n ** 62n,
]
  .flatMap((edge) => [edge - 1n, edge, edge + 1n])
  .flatMap((edge) => [edge, -edge]);

test("longs of all sizes are written by the definition and read back", () => {
  const source = random(1);
  const values = [
    ...edges,
    ...[2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n - 1n, -(2n ** 53n) + 1n],
    ...Array.from({ length: 20_000 }, () =>
      BigInt.asIntN(64, source.bytes(8).readBigUInt64LE() >> BigInt(source.int(64))),
    ),
  ];
  for (const value of values) {
    const bytes = written((writer) => writer.long(value));
    assert.deepEqual(bytes, zigzag(value));
    assert.equal(readerOf(bytes).long(), value);
    const skipping = readerOf(bytes);
    skipping.skipLong();
    assert.equal(skipping.position, bytes.length);
    if (Number.isSafeInteger(Number(value))) {
      assert.deepEqual(
        written((writer) => writer.safeLong(Number(value))),
        bytes,
      );
      assert.equal(readerOf(bytes).safeLong(), Number(value));
    } else fails("SG5002", () => readerOf(bytes).safeLong());
  }
});

test("ints of all sizes are written by the definition and read back", () => {
  for (const value of edges.filter((edge) => BigInt.asIntN(32, edge) === edge)) {
    const bytes = written((writer) => writer.int(Number(value)));
    assert.deepEqual(bytes, zigzag(value));
    assert.equal(readerOf(bytes).int(), Number(value));
  }
  fails("SG5002", () => readerOf(zigzag(2n ** 31n)).int());
  fails("SG5002", () => readerOf(zigzag(-(2n ** 31n) - 1n)).int());
});

test("numbers that go on for ever are refused", () => {
  const endless = Buffer.alloc(40, 255);
  fails("SG5002", () => readerOf(endless).int());
  fails("SG5002", () => readerOf(endless).safeLong());
  fails("SG5002", () => readerOf(endless).long());
  fails("SG5002", () => readerOf(endless).skipLong());
  // The tenth byte has room for one bit.
  fails("SG5002", () => readerOf([...Buffer.alloc(9, 255), 2]).long());
});

test("lengths are compared with what is left before anything is made", () => {
  for (const length of [-1n, -(2n ** 31n), 1n, 2n ** 31n - 1n]) {
    const code = length < 0n ? "SG5003" : "SG5001";
    fails(code, () => readerOf(zigzag(length)).string());
    fails(code, () => readerOf(zigzag(length)).bytesValue());
    fails(code, () => readerOf(zigzag(length)).skipBytes());
    fails(code, () => readerOf(zigzag(length)).key());
  }
});

test("a block cannot promise more items than there are bytes for", () => {
  assert.equal(readerOf([...zigzag(3n), 0, 0, 0]).block(1), 3);
  fails("SG5003", () => readerOf([...zigzag(4n), 0, 0, 0]).block(1));
  fails("SG5003", () => readerOf([...zigzag(2n), 0, 0, 0]).block(2));
  fails("SG5003", () => readerOf(zigzag(2n ** 40n)).block(1));
  fails("SG5002", () => readerOf(zigzag(2n ** 62n)).block(1));
});

test("a block with its size in bytes is checked the same", () => {
  assert.equal(readerOf([...zigzag(-2n), ...zigzag(2n), 0, 0]).block(1), 2);
  fails("SG5003", () => readerOf([...zigzag(-2n), ...zigzag(3n), 0, 0]).block(1));
  fails("SG5003", () => readerOf([...zigzag(-2n), ...zigzag(-3n), 0, 0]).block(1));
  fails("SG5003", () => readerOf([...zigzag(-(2n ** 40n)), ...zigzag(2n), 0, 0]).block(1));
});

test("items that take no bytes are counted over all blocks of a value", () => {
  const half = zigzag(500_000n);
  const reader = readerOf([...half, ...half, ...zigzag(1n)]);
  assert.equal(reader.block(0), 500_000);
  assert.equal(reader.block(0), 500_000);
  fails("SG5003", () => reader.block(0));
  reader.reset(reader.bytes, 0, half.length);
  assert.equal(reader.block(0), 500_000);
});

test("indexes and booleans that do not exist are refused", () => {
  fails("SG5004", () => readerOf([2]).boolean());
  fails("SG5004", () => readerOf(zigzag(2n)).symbol(["a", "b"]));
  fails("SG5004", () => readerOf(zigzag(-1n)).symbol(["a", "b"]));
  fails("SG5004", () => readerOf(zigzag(2n)).branch(2));
  fails("SG5004", () => readerOf(zigzag(-1n)).present());
});

test("nothing is read at or behind the end, whatever the buffer holds there", () => {
  const buffer = Buffer.alloc(64, 1);
  const reader = new Reader();
  const reads: readonly ((reader: Reader) => unknown)[] = [
    (each) => each.boolean(),
    (each) => each.int(),
    (each) => each.safeLong(),
    (each) => each.long(),
    (each) => each.float(),
    (each) => each.double(),
    (each) => each.string(),
    (each) => each.fixed(1),
    (each) => each.duration(),
    (each) => each.skip(1),
  ];
  for (const read of reads) {
    reader.reset(buffer, 10, 10);
    fails("SG5001", () => read(reader));
  }
});

test("depth is limited, and counted anew for each value", () => {
  const reader = readerOf([]);
  for (let depth = 0; depth < 100; depth++) reader.enter();
  fails("SG5005", () => reader.enter());
  reader.reset(reader.bytes, 0, 0);
  reader.enter();
  const writer = new Writer();
  for (let depth = 0; depth < 100; depth++) writer.enter();
  fails("SG5005", () => writer.enter());
  writer.truncate(0);
  writer.enter();
});

test("text of every length and kind is what Node makes of the bytes", () => {
  const source = random(2);
  const pieces = ["a", "Z9 ", "é", "ÿ", "Ж", "中", "🙂", "\u0000", "\uffff", "\u{10ffff}"];
  for (let round = 0; round < 20_000; round++) {
    const kinds = source.shuffle(pieces).slice(0, 1 + source.int(3));
    const length = source.chance(0.8) ? source.int(24) : source.int(900);
    const text = Array.from({ length }, () => source.pick(kinds)).join("");
    const bytes = written((writer) => writer.string(text));
    assert.deepEqual(
      bytes,
      Buffer.concat([zigzag(BigInt(Buffer.byteLength(text))), Buffer.from(text)]),
    );
    assert.equal(readerOf(bytes).string(), text);
    assert.equal(readerOf(bytes).key(), text);
  }
});

test("bytes that are no UTF-8 become the same text as elsewhere in Node", () => {
  const source = random(3);
  const leads = [
    0x20, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff,
  ];
  for (let round = 0; round < 50_000; round++) {
    const bytes = Buffer.from(
      Array.from({ length: source.int(30) }, () =>
        source.chance(0.5) ? source.pick(leads) : source.int(256),
      ),
    );
    const framed = Buffer.concat([zigzag(BigInt(bytes.length)), bytes]);
    assert.equal(readerOf(framed).string(), bytes.toString("utf8"));
    assert.equal(readerOf(framed).key(), bytes.toString("utf8"));
  }
});

test("bytes that were read are a copy", () => {
  const buffer = Buffer.from([4, 1, 2]);
  const value = readerOf(buffer).bytesValue();
  buffer.fill(9);
  assert.deepEqual(value, new Uint8Array([1, 2]));
});
