import assert from "node:assert/strict";
import test from "node:test";
import {
  booleanKey,
  bytesKey,
  dateKey,
  doubleKey,
  enumKey,
  intKey,
  type KeyCodec,
  longKey,
  Reader,
  recordKey,
  safeLongKey,
  stringCodec,
  stringKey,
  uuidKey,
  Writer,
} from "../../../runtime/codec/index.ts";
import { StreamgenError } from "../../../runtime/errors.ts";
import { random } from "../../random.ts";

function bytesOf<K>(codec: KeyCodec<K>, key: K, form: "write" | "writeOrdered" = "write"): Buffer {
  const writer = new Writer(1);
  codec[form](writer, key);
  return Buffer.from(writer.written());
}

function readerOf(bytes: Buffer): Reader {
  const reader = new Reader();
  reader.reset(bytes, 0, bytes.length);
  return reader;
}

const hex = <K>(codec: KeyCodec<K>, key: K): string => bytesOf(codec, key).toString("hex");

test("keys on topics are what Java's serializers write", () => {
  assert.equal(hex(stringKey, "größe"), Buffer.from("größe").toString("hex"));
  assert.equal(hex(enumKey(["new", "paid"]), "paid"), Buffer.from("paid").toString("hex"));
  assert.equal(hex(intKey, -2), "fffffffe");
  assert.equal(hex(longKey, 258n), "0000000000000102");
  assert.equal(hex(safeLongKey, -1), "ffffffffffffffff");
  assert.equal(hex(dateKey, new Date(1)), "0000000000000001");
  assert.equal(hex(doubleKey, 1), "3ff0000000000000");
  assert.equal(hex(booleanKey, true), "01");
  assert.equal(hex(bytesKey, new Uint8Array([1, 2])), "0102");
});

/** In stores: bytes compare as keys do, and come back as the same key. */
function isSorted<K>(codec: KeyCodec<K>, sorted: readonly K[]): void {
  const encoded = sorted.map((key) => bytesOf(codec, key, "writeOrdered"));
  for (const [index, bytes] of encoded.entries()) {
    assert.deepEqual(codec.readOrdered(readerOf(bytes)), sorted[index]);
    const next = encoded[index + 1];
    if (next !== undefined) assert.ok(Buffer.compare(bytes, next) < 0, String(sorted[index]));
  }
}

test("keys in stores are in the order of their values", () => {
  const source = random(4);
  const numbers = [
    ...Array.from({ length: 500 }, () => source.bytes(8).readDoubleLE()),
    ...[0, 1, -1, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE],
    ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ].filter((value) => !Number.isNaN(value));
  const ascending = <T extends number | bigint>(values: readonly T[]): readonly T[] =>
    [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
  isSorted(doubleKey, ascending(numbers));
  const longs = numbers.flatMap((value) =>
    Number.isFinite(value) ? [BigInt.asIntN(64, BigInt(Math.trunc(value)))] : [],
  );
  isSorted(longKey, ascending([...longs, 2n ** 63n - 1n, -(2n ** 63n)]));
  isSorted(intKey, ascending(longs.map((long) => Number(BigInt.asIntN(32, long)))));
  isSorted(safeLongKey, ascending(longs.map((long) => Number(BigInt.asIntN(53, long)))));
  isSorted(dateKey, [new Date(-5), new Date(0), new Date(1.76e12)]);
  isSorted(stringKey, ["", "a", "ab", "b", "é", "中"]);
});

test("every key comes back from a topic", () => {
  const pairs: readonly (readonly [KeyCodec<never>, unknown])[] = [
    [stringKey as KeyCodec<never>, "x".repeat(100)],
    [uuidKey as KeyCodec<never>, "01234567-89ab-cdef-0123-456789ABCDEF"],
    [intKey as KeyCodec<never>, -(2 ** 31)],
    [longKey as KeyCodec<never>, -(2n ** 63n)],
    [safeLongKey as KeyCodec<never>, Number.MIN_SAFE_INTEGER],
    [doubleKey as KeyCodec<never>, Number.NaN],
    [booleanKey as KeyCodec<never>, false],
    [recordKey(stringCodec) as KeyCodec<never>, "inside"],
  ];
  for (const [codec, key] of pairs) {
    assert.deepEqual(codec.read(readerOf(bytesOf(codec, key as never))), key);
  }
});

test("equal keys have equal bytes", () => {
  assert.equal(hex(doubleKey, -0), hex(doubleKey, 0));
  const strange = new DataView(new ArrayBuffer(8));
  strange.setBigUint64(0, 0xfff8000000000001n);
  assert.equal(hex(doubleKey, strange.getFloat64(0)), hex(doubleKey, Number.NaN));
});

test("bytes that are no key are refused", () => {
  const refuses = (codec: KeyCodec<unknown>, bytes: readonly number[]): void => {
    assert.throws(
      () => codec.read(readerOf(Buffer.from(bytes))),
      (error) => error instanceof StreamgenError && /^SG50/.test(error.code),
    );
  };
  refuses(stringKey, [0xff]);
  refuses(stringKey, [0x61, 0xc3]);
  refuses(enumKey(["new"]), [0x6e, 0x65]);
  refuses(intKey, [0, 0, 0]);
  refuses(longKey, [0, 0, 0, 0]);
  refuses(safeLongKey, [127, 255, 255, 255, 255, 255, 255, 255]);
  refuses(dateKey, [0, 31, 255, 255, 255, 255, 255, 255]);
  refuses(booleanKey, [2]);
  refuses(booleanKey, [1, 1]);
  refuses(recordKey(stringCodec), [2, 0x61, 0x62]);
});
