/** Schemas made to cost more than they weigh. */
import assert from "node:assert/strict";
import test from "node:test";
import { parseSchema } from "../../../runtime/avro/parse.ts";
import { resolveSchemas } from "../../../runtime/avro/resolve.ts";
import type { Schema } from "../../../runtime/avro/schema.ts";
import { intCodec, Reader, Writer } from "../../../runtime/codec/index.ts";
import { bindRegistryFormat } from "../../../runtime/codec/registry-format.ts";
import { transcode } from "../../../runtime/codec/transcode.ts";
import { StreamgenError } from "../../../runtime/errors.ts";

function run(writer: Schema, reader: Schema, bytes: Uint8Array): Buffer {
  const input = new Reader();
  input.reset(Buffer.from(bytes), 0, bytes.length);
  const output = new Writer(0);
  transcode(resolveSchemas(writer, reader).step, input, output);
  return output.written();
}

const fails = (code: string, call: () => unknown): void => {
  assert.throws(call, (error) => {
    assert.ok(error instanceof StreamgenError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
};

const record = (name: string, ...types: readonly unknown[]): object => ({
  type: "record",
  name,
  fields: types.map((type, index) => ({ name: `f${index}`, type })),
});

test("records that hold themselves without an end are refused at a depth", () => {
  const endless = parseSchema(JSON.stringify(record("A", "A")));
  fails("SG5005", () => run(endless, endless, Buffer.alloc(0)));
});

test("values that take no bytes and endless time are refused", () => {
  let type: unknown = "null";
  for (let level = 0; level < 40; level++) type = record(`R${level}`, type, `R${level - 1}`);
  const bomb = parseSchema(JSON.stringify(type).replace('"R-1"', '"null"'));
  fails("SG5053", () => run(bomb, bomb, Buffer.alloc(0)));
});

test("a long chain of types is refused before the stack ends", () => {
  const links = Array.from({ length: 5000 }, (_, index) =>
    index === 0 ? record("R0", "int") : record(`R${index}`, `R${index - 1}`),
  );
  const chain = parseSchema(JSON.stringify({ ...record("Chain", ...links) }));
  fails("SG5005", () => run(chain, chain, Buffer.alloc(5000)));
});

test("defaults cannot make much of little without end", () => {
  const items = { type: "array", items: record("Item") };
  const writer = parseSchema(JSON.stringify(record("Outer", items)));
  const large = { name: "text", type: "string", default: "x".repeat(1000) };
  const reader = parseSchema(
    JSON.stringify(
      record("Outer", { type: "array", items: { ...record("Item"), fields: [large] } }),
    ),
  );
  // A million items of no bytes, each to become a thousand.
  const bytes = Buffer.from([0x80, 0x89, 0x7a, 0]);
  fails("SG5053", () => run(writer, reader, bytes));
});

test("a count of items that the bytes cannot hold is refused before anything is made", () => {
  const schema = parseSchema(JSON.stringify({ type: "array", items: "long" }));
  fails("SG5003", () => run(schema, schema, Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f, 0])));
});

test("a block's size in bytes is left out, because it may be another now", () => {
  const [ints, doubles] = ["int", "double"].map((items) =>
    parseSchema(JSON.stringify({ type: "array", items })),
  );
  assert.ok(ints !== undefined && doubles !== undefined);
  const sized = Buffer.from([3, 4, 2, 4, 2, 6, 0]);
  assert.deepEqual([...run(ints, ints, sized)], [4, 2, 4, 2, 6, 0]);
  const found = run(ints, doubles, sized);
  assert.deepEqual([found.length, found.readDoubleLE(1), found.readDoubleLE(18)], [27, 1, 3]);
});

test("an enum, a union or a text of another schema fails where the value has it", () => {
  const symbols = (...names: string[]): string =>
    JSON.stringify({ type: "enum", name: "E", symbols: names });
  const [writer, reader] = [parseSchema(symbols("A", "B")), parseSchema(symbols("A"))];
  assert.deepEqual([...run(writer, reader, Buffer.from([0]))], [0]);
  fails("SG5054", () => run(writer, reader, Buffer.from([2])));
  fails("SG5004", () => run(writer, reader, Buffer.from([4])));
  const union = parseSchema('["int","string"]');
  assert.deepEqual([...run(union, "long", Buffer.from([0, 14]))], [14]);
  fails("SG5054", () => run(union, "long", Buffer.from([2, 0])));
  fails("SG5004", () => run(union, "long", Buffer.from([4])));
});

test("numbers of different units are not each other's", () => {
  const time = (logicalType: string): Schema => ({ type: "long", logicalType });
  fails("SG5052", () => resolveSchemas(time("timestamp-micros"), time("timestamp-millis")));
  resolveSchemas("long", time("timestamp-millis"));
  const decimal = (scale: number): Schema => ({
    ...{ type: "bytes", logicalType: "decimal", precision: 9, scale },
  });
  fails("SG5052", () => resolveSchemas(decimal(2), decimal(4)));
  resolveSchemas(decimal(2), decimal(2));
});

test("a branch of the same type comes before one by promotion", () => {
  const long = Buffer.from([2]);
  assert.deepEqual([...run("int", parseSchema('["double","int"]'), long)], [2, 2]);
  assert.equal(run("int", parseSchema('["null","double"]'), long).length, 9);
});

test("ids that nobody has are learned without limit to their number, but not kept so", async () => {
  const format = await bindRegistryFormat(intCodec, '"int"', {
    subject: "s",
    isReadOnly: true,
    registry: {
      register: async () => 1,
      lookup: async () => 1,
      schema: async () => '"string"',
    },
  });
  for (let id = 2; id < 3000; id++) await format.learn?.(id);
  const reader = new Reader();
  reader.reset(Buffer.from([0, 0, 0, 0, 2, 0]), 0, 6);
  fails("SG5050", () => format.read(reader));
});
