/** What one schema wrote is read as another: checked against avsc's resolvers on random pairs. */
import assert from "node:assert/strict";
import test from "node:test";
import avsc from "avsc";
import { parseSchema } from "../../../runtime/avro/parse.ts";
import { type Resolution, resolveSchemas } from "../../../runtime/avro/resolve.ts";
import { Reader } from "../../../runtime/codec/reader.ts";
import { transcode } from "../../../runtime/codec/transcode.ts";
import { Writer } from "../../../runtime/codec/writer.ts";
import { StreamgenError } from "../../../runtime/errors.ts";
import { random } from "../../random.ts";
import { type Json, Schemas, Values } from "./schema-pairs.ts";

const seed = Number(process.env["SEED"] ?? 20_261_121);
const pairs = Number(process.env["PAIRS"] ?? 1500);

function resolve(writer: Json, reader: Json): Resolution | StreamgenError {
  const schemas = [writer, reader].map((each) => parseSchema(JSON.stringify(each))) as [
    never,
    never,
  ];
  try {
    return resolveSchemas(...schemas);
  } catch (error) {
    if (error instanceof StreamgenError) return error;
    throw error;
  }
}

function transcoded({ step }: Resolution, bytes: Buffer): Buffer {
  const reader = new Reader();
  reader.reset(bytes, 0, bytes.length);
  const writer = new Writer(0);
  transcode(step, reader, writer);
  assert.equal(reader.position, bytes.length);
  return Buffer.from(writer.written());
}

const typeOf = (schema: Json): avsc.Type =>
  avsc.Type.forSchema(JSON.parse(JSON.stringify(schema)), { wrapUnions: true });

function oracle(
  writer: avsc.Type,
  reader: avsc.Type,
): ReturnType<avsc.Type["createResolver"]> | undefined {
  try {
    return reader.createResolver(writer);
  } catch {
    return undefined;
  }
}

/** Calls `check` for each pair; a failure names the seed and both schemas. */
function forEachPair(
  count: number,
  check: (writer: Json, reader: Json, seed: number) => void,
): void {
  for (let index = 0; index < count; index++) {
    const schemas = new Schemas(random(seed + index));
    const writer = schemas.record();
    const reader = schemas.evolved(writer);
    try {
      check(writer, reader, seed + index);
    } catch (error) {
      const pair = `${JSON.stringify(writer)} -> ${JSON.stringify(reader)}`;
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`SEED=${seed + index}: ${pair}: ${reason}`, { cause: error });
    }
  }
}

test("what resolves, and what it gives, is what avsc says", () => {
  let resolved = 0;
  let refused = 0;
  forEachPair(pairs, (writer, reader, own) => {
    const [writerType, readerType] = [typeOf(writer), typeOf(reader)];
    const resolver = oracle(writerType, readerType);
    const resolution = resolve(writer, reader);
    const isSafe = !(resolution instanceof StreamgenError) && resolution.problems.length === 0;
    assert.equal(isSafe, resolver !== undefined, "whether it resolves");
    if (resolver === undefined || resolution instanceof StreamgenError) {
      refused++;
      return;
    }
    resolved++;
    const values = new Values(random(own), writer);
    for (let count = 0; count < 5; count++) {
      const bytes = writerType.toBuffer(values.of(writer));
      // By way of bytes, because avsc does not make an int the nearest float.
      const expected: unknown = readerType.fromBuffer(
        readerType.toBuffer(readerType.fromBuffer(bytes, resolver)),
      );
      const found: unknown = readerType.fromBuffer(transcoded(resolution, bytes));
      assert.deepEqual(found, expected);
    }
  });
  assert.ok(
    resolved > pairs / 4 && refused > pairs / 20,
    `${resolved} resolved, ${refused} did not`,
  );
});

test("a schema resolves to itself, byte for byte", () => {
  forEachPair(300, (writer, _, own) => {
    const resolution = resolve(writer, writer);
    assert.ok(!(resolution instanceof StreamgenError));
    assert.deepEqual(resolution.problems, []);
    const values = new Values(random(own), writer);
    const bytes = typeOf(writer).toBuffer(values.of(writer));
    assert.deepEqual(transcoded(resolution, bytes), bytes);
  });
});

test("damaged bytes give a value or an error of a codec, and always an end", () => {
  forEachPair(300, (writer, reader, own) => {
    const resolution = resolve(writer, reader);
    if (resolution instanceof StreamgenError) return;
    const source = random(own);
    const values = new Values(source, writer);
    const bytes = typeOf(writer).toBuffer(values.of(writer));
    for (let count = 0; count < 20; count++) {
      const damaged = source.chance(0.3) ? source.bytes(source.int(40)) : Buffer.from(bytes);
      if (damaged.length > 0) damaged[source.int(damaged.length)] = source.int(256);
      const cut = damaged.subarray(0, source.int(damaged.length + 1));
      const input = new Reader();
      input.reset(cut, 0, cut.length);
      try {
        transcode(resolution.step, input, new Writer(0));
        assert.ok(input.position <= cut.length);
      } catch (error) {
        assert.ok(error instanceof StreamgenError && /^SG50/.test(error.code), String(error));
      }
    }
  });
});
