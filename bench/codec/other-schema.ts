/** Values by another program's schema: the same fields in another order, and one that nobody wants. */
import assert from "node:assert/strict";
import avsc from "avsc";
import { isUnion, type Schema, schemaText } from "../../runtime/avro/schema.ts";
import {
  avro,
  type BoundFormat,
  bindFormat,
  type Codec,
  decode,
  encode,
} from "../../runtime/codec/index.ts";

/** One shape's values as the other program writes them, framed, with both ways of reading them. */
export interface OtherSchema {
  readonly framed: readonly Buffer[];
  /** The same, one behind the other, as they are in a batch. */
  readonly whole: Buffer;
  readonly format: BoundFormat<unknown>;
  /** The value without its frame, by avsc's resolver. */
  avsc(bytes: Buffer): unknown;
}

const frameBytes = 5;

export async function otherSchema(
  codec: Codec<unknown>,
  values: readonly unknown[],
): Promise<OtherSchema> {
  const text = otherText(codec.schema);
  const own = avsc.Type.forSchema(JSON.parse(schemaText(codec.schema)));
  const other = avsc.Type.forSchema(JSON.parse(text));
  const resolver = own.createResolver(other);
  const format = await bindFormat(avro(codec), {
    subject: "bench-value",
    isReadOnly: true,
    registry: { register: async () => 1, lookup: async () => 1, schema: async () => text },
  });
  await format.learn?.(2);
  const framed = values.map((value) => {
    const bytes = other.toBuffer(Object.assign({ unwanted: "of no use" }, value));
    return Buffer.concat([Buffer.from([0, 0, 0, 0, 2]), bytes]);
  });
  const read = (bytes: Buffer): unknown => own.fromBuffer(bytes.subarray(frameBytes), resolver);
  for (const [index, bytes] of framed.entries()) {
    assert.deepEqual(
      own.toBuffer(read(bytes)),
      encode(codec, decode(codec, own.toBuffer(values[index]))),
    );
  }
  return { framed, whole: Buffer.concat(framed), format, avsc: read };
}

function otherText(schema: Schema): string {
  const text: unknown = JSON.parse(schemaText(schema));
  if (typeof schema === "string" || isUnion(schema) || schema.type !== "record") {
    throw new TypeError("a shape is a record");
  }
  const fields = [...schema.fields].reverse();
  return schemaText({
    ...Object(text),
    fields: [{ name: "unwanted", type: "string" }, ...fields],
  });
}
