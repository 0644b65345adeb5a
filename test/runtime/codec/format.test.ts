import assert from "node:assert/strict";
import test from "node:test";
import {
  avro,
  type BoundFormat,
  bare,
  bindFormat,
  bytesFormat,
  type Format,
  float64Format,
  int32Format,
  int64Format,
  intCodec,
  json,
  modelRegistry,
  Reader,
  singleObject,
  stringCodec,
  stringFormat,
  Writer,
} from "../../../runtime/codec/index.ts";
import { StreamgenError } from "../../../runtime/errors.ts";

const bind = <V>(format: Format<V>): Promise<BoundFormat<V>> =>
  bindFormat(format, { subject: "orders-value", registry: modelRegistry() });

function bytesOf<V>(bound: BoundFormat<V>, value: V): Buffer {
  const writer = new Writer(1);
  bound.write(writer, value);
  return Buffer.from(writer.written());
}

function readFrom<V>(bound: BoundFormat<V>, bytes: Uint8Array): V {
  const buffer = Buffer.from(bytes);
  const reader = new Reader();
  reader.reset(buffer, 0, buffer.length);
  return bound.read(reader);
}

const refuses = <V>(bound: BoundFormat<V>, bytes: readonly number[], code: string): void => {
  assert.throws(
    () => readFrom(bound, Buffer.from(bytes)),
    (error) => error instanceof StreamgenError && error.code === code,
  );
};

test("Avro stands behind the id that the registry gave", async () => {
  const bound = await bind(avro(stringCodec));
  assert.deepEqual(bytesOf(bound, "ab"), Buffer.from([0, 0, 0, 0, 1, 4, 97, 98]));
  assert.equal(readFrom(bound, bytesOf(bound, "ab")), "ab");
  refuses(bound, [], "SG5030");
  refuses(bound, [1, 0, 0, 0, 1, 0], "SG5030");
  refuses(bound, [0, 0, 0, 0], "SG5030");
  refuses(bound, [0, 0, 0, 0, 2, 0], "SG5050");
  refuses(bound, [0, 0, 0, 0, 1, 0, 0], "SG5006");
});

test("an error counts bytes from the start of the value, its frame among them", async () => {
  const bound = await bind(avro(stringCodec));
  assert.throws(
    () => readFrom(bound, Buffer.from([0, 0, 0, 0, 1, 4, 97])),
    (error) => error instanceof StreamgenError && error.place.position === 6,
  );
});

test("a single object carries the schema's fingerprint", async () => {
  const bound = await bind(singleObject(intCodec));
  // The fingerprint of "int" in Avro's own tests: 7275d51a3f395c8f.
  assert.equal(bytesOf(bound, 1).toString("hex"), "c3018f5c393f1ad5757202");
  assert.equal(readFrom(bound, bytesOf(bound, 1)), 1);
  refuses(bound, [0xc3, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 2], "SG5030");
  refuses(bound, [0xc3, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 2], "SG5031");
});

test("bare Avro and JSON are only themselves", async () => {
  assert.deepEqual(bytesOf(await bind(bare(intCodec)), 1), Buffer.from([2]));
  const text = await bind(json(stringCodec));
  assert.deepEqual(bytesOf(text, 'a"'), Buffer.from('"a\\""'));
  assert.equal(readFrom(text, Buffer.from(' "x" ')), "x");
  const number = await bind(json(intCodec));
  assert.throws(() => bytesOf(number, 1.5), StreamgenError);
  refuses(text, [...Buffer.from("{")], "SG5007");
  refuses(text, [...Buffer.from("1")], "SG5020");
});

test("plain formats are what Java's serializers write", async () => {
  const hex = async <V>(format: Format<V>, value: V): Promise<string> => {
    const bound = await bind(format);
    assert.deepEqual(readFrom(bound, bytesOf(bound, value)), value);
    return bytesOf(bound, value).toString("hex");
  };
  assert.equal(await hex(stringFormat, "é"), "c3a9");
  assert.equal(await hex(bytesFormat, new Uint8Array([7])), "07");
  assert.equal(await hex(int32Format, -1), "ffffffff");
  assert.equal(await hex(int64Format, 1n), "0000000000000001");
  assert.equal(await hex(float64Format, -0), "8000000000000000");
  refuses(await bind(float64Format), [0], "SG5007");
  refuses(await bind(int32Format), [0, 0, 0, 0, 0], "SG5007");
});

test("a projected decoder takes the place of the codec's own, inside the frame", async () => {
  const registry = modelRegistry();
  const read = (reader: Reader): string => {
    reader.skipBytes();
    return "skipped";
  };
  const bound = await bindFormat(avro(stringCodec), { subject: "s", registry, read });
  assert.equal(readFrom(bound, bytesOf(bound, "ab")), "skipped");
  refuses(bound, [0, 0, 0, 0, 1, 4, 97], "SG5001");
});

test("a value that cannot be written leaves nothing behind, not even a frame", async () => {
  const bound = await bind(avro(stringCodec));
  const writer = new Writer();
  writer.int(1);
  assert.throws(() => bound.write(writer, "\ud800"), StreamgenError);
  assert.deepEqual(writer.written(), Buffer.from([2]));
});

test("equal schemas have one id, others the next", async () => {
  const registry = modelRegistry();
  assert.equal(await registry.register("a", '"int"'), 1);
  assert.equal(await registry.register("b", '"long"'), 2);
  assert.equal(await registry.register("c", '"int"'), 1);
  assert.equal(await registry.schema(2), '"long"');
  await assert.rejects(registry.schema(3), StreamgenError);
});
