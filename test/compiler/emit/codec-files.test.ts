/** Records that are declared in several files and hold each other. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import avsc from "avsc";
import type { Program } from "../../../compiler/model/program.ts";
import type { FieldModel, RecordModel, TypeModel } from "../../../compiler/model/type.ts";
import { schemaText } from "../../../runtime/avro/schema.ts";
import { type Codec, decode, encode, JsonValue } from "../../../runtime/codec/index.ts";
import { temporaryFolder } from "../../temporary.ts";
import { emitted } from "./codec-load.ts";
import { nullType, span, union } from "./codec-models.ts";

function field(name: string, type: TypeModel): FieldModel {
  return { name, wireName: name, type, optional: false, aliases: [], span };
}

function record(
  module: string,
  name: string,
  fields: readonly FieldModel[],
  recursive = false,
): RecordModel {
  return {
    name: `test.${name}`,
    typescriptName: name,
    declaration: { kind: "export", module, name, external: false, arguments: [] },
    aliases: [],
    fields,
    recursive,
    span: { ...span, file: module },
  };
}

const of = (name: string): TypeModel => ({ kind: "record", name: `test.${name}` });
const orNull = (type: TypeModel): TypeModel => union([nullType, type]);
const int: TypeModel = { kind: "int" };

/**
 * Files that import each other although no record holds itself (Order, Line; Note, Author), records
 * that hold each other over two files (Even, Odd), and one of which only a part is read.
 */
const program: Program = {
  app: "test",
  records: [
    record("src/a.ts", "Order", [field("id", int), field("line", of("Line")), field("n", int)]),
    record("src/a.ts", "Author", [field("age", int)]),
    record("src/a.ts", "Even", [field("odd", orNull(of("Odd")))], true),
    record("src/b.ts", "Line", [field("price", int)]),
    record("src/b.ts", "Note", [field("author", of("Author")), field("line", of("Line"))]),
    record("src/b.ts", "Odd", [field("even", of("Even"))], true),
  ],
  enums: [],
  fixed: [],
  topics: [
    {
      name: "orders",
      alias: "Orders",
      value: of("Order"),
      valueDeclaration: undefined,
      key: { kind: "none" },
      format: "avro",
      cleanup: "delete",
      config: {},
      external: true,
      trustKey: false,
      span,
    },
  ],
  tables: [],
  agents: [],
  groups: [
    {
      name: "orders",
      topics: ["orders"],
      tables: [],
      agents: [],
      repartitions: [],
      projections: { orders: ["n"] },
    },
  ],
};

const folder = temporaryFolder({ "package.json": '{ "type": "module" }' });
const runtime = pathToFileURL(path.join(import.meta.dirname, "../../../runtime/codec/index.ts"));

/** Writes the codecs to a folder of their own, where nothing was loaded before, and loads one file. */
function load(first: string): Promise<Readonly<Record<string, unknown>>> {
  const target = path.join(folder, `${first} first`);
  mkdirSync(path.join(target, "codecs"), { recursive: true });
  for (const { path: name, text } of emitted(program)) {
    if (!name.endsWith(".ts")) continue;
    const linked = text.replaceAll("@streamgen/runtime/codec", runtime.href);
    writeFileSync(path.join(target, name), linked);
  }
  return import(pathToFileURL(path.join(target, "codecs", first)).href);
}

const values: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "a.ts": {
    order: { id: 1, line: { price: 2 }, n: 3 },
    author: { age: 4 },
    even: { odd: { even: { odd: { even: { odd: null } } } } },
  },
  "b.ts": {
    line: { price: 2 },
    note: { author: { age: 4 }, line: { price: 2 } },
    odd: { even: { odd: null } },
  },
};

for (const first of ["a.ts", "b.ts"]) {
  test(`records of files that import each other work, ${first} first`, async () => {
    const found = await load(first);
    for (const [name, value] of Object.entries(values[first] ?? {})) {
      const codec = found[`${name}Codec`] as Codec<unknown>;
      assert.deepEqual(decode(codec, encode(codec, value)), value);
      assert.deepEqual(codec.fromJson(new JsonValue(codec.toJson(value))), value);
      const type = avsc.Type.forSchema(JSON.parse(schemaText(codec.schema)));
      assert.equal(type.toBuffer(value).toString("hex"), encode(codec, value).toString("hex"));
    }
  });
}

test("a projection walks over a record of another file", async () => {
  const { orderCodec, readOrderForOrders } = await load("a.ts");
  const codec = orderCodec as Codec<unknown>;
  const bytes = encode(codec, { id: 1, line: { price: 2 }, n: 3 });
  const read = readOrderForOrders as Codec<unknown>["read"];
  assert.deepEqual(decode({ ...codec, read }, bytes), { n: 3 });
});
