import assert from "node:assert/strict";
import test from "node:test";
import avsc from "avsc";
import { canonicalForm } from "../../../runtime/avro/canonical.ts";
import { parseSchema } from "../../../runtime/avro/parse.ts";
import { resolveSchemas } from "../../../runtime/avro/resolve.ts";
import { schemaText } from "../../../runtime/avro/schema.ts";
import { StreamgenError } from "../../../runtime/errors.ts";
import { type Random, random } from "../../random.ts";
import { type Json, Schemas } from "../codec/schema-pairs.ts";

const refuses = (text: string, reason: RegExp): void => {
  assert.throws(
    () => parseSchema(text),
    (error) => {
      assert.ok(error instanceof StreamgenError && error.code === "SG5051", String(error));
      assert.match(error.message, reason);
      return true;
    },
  );
};

test("random schemas have the canonical form that avsc gives them", () => {
  const seed = Number(process.env["SEED"] ?? 5);
  for (let index = 0; index < 300; index++) {
    const text = JSON.stringify(new Schemas(random(seed + index)).record());
    const schema = parseSchema(text);
    const expected = JSON.stringify(avsc.Type.forSchema(JSON.parse(text)).schema());
    assert.equal(canonicalForm(schema), expected, `SEED=${seed + index}`);
    assert.equal(canonicalForm(parseSchema(schemaText(schema))), expected, `SEED=${seed + index}`);
  }
});

test("names become full names by their own namespace, or the one around them", () => {
  const text = JSON.stringify({
    type: "record",
    name: "Outer",
    namespace: "a.b",
    aliases: ["Old", "x.Older"],
    fields: [
      { name: "inner", type: { type: "enum", name: "Inner", symbols: ["X"], default: "X" } },
      { name: "other", type: { type: "fixed", name: "c.Other", namespace: "ignored", size: 2 } },
      { name: "again", type: ["null", "Inner", "c.Other"], default: null, aliases: ["before"] },
      { name: "bare", type: { type: "record", name: "Bare", namespace: "", fields: [] } },
      { name: "deep", type: { type: { type: "long", logicalType: "timestamp-millis" } } },
      { name: "error", type: { type: "error", name: "Failure", fields: [] }, doc: "Words." },
    ],
  });
  assert.deepEqual(parseSchema(text), {
    type: "record",
    name: "a.b.Outer",
    aliases: ["a.b.Old", "x.Older"],
    fields: [
      { name: "inner", type: { type: "enum", name: "a.b.Inner", symbols: ["X"], default: "X" } },
      { name: "other", type: { type: "fixed", name: "c.Other", size: 2 } },
      { name: "again", type: ["null", "a.b.Inner", "c.Other"], default: null, aliases: ["before"] },
      { name: "bare", type: { type: "record", name: "Bare", fields: [] } },
      { name: "deep", type: { type: "long", logicalType: "timestamp-millis" } },
      { name: "error", doc: "Words.", type: { type: "record", name: "a.b.Failure", fields: [] } },
    ],
  });
  assert.equal(parseSchema(' "int" '), "int");
  assert.equal(parseSchema("string"), "string", "as Java's registry takes it");
});

test("what is no schema says where and why", () => {
  refuses("", /no JSON/);
  refuses("{", /no JSON/);
  refuses("7", /a name, a list or an object/);
  refuses('"Order"', /"Order" is no type/);
  refuses('{"type":"record","name":"R"}', /record "R" has no fields/);
  refuses('{"type":"record","name":"R","fields":[{"name":"a"}]}', /at \.fields\[0\] "a"/);
  refuses('{"type":"record","name":"1R","fields":[]}', /no name that Avro takes/);
  refuses('{"type":"record","name":"string","fields":[]}', /no name that Avro takes/);
  refuses(
    '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}',
    /a field twice/,
  );
  refuses('{"type":"enum","name":"E","symbols":["A","A"]}', /a symbol twice/);
  refuses('{"type":"enum","name":"E","symbols":["A"],"default":"B"}', /none of its symbols/);
  refuses('{"type":"enum","name":"E","symbols":"A"}', /no symbols/);
  refuses('{"type":"fixed","name":"F","size":-1}', /no size/);
  refuses('{"type":"fixed","name":"F","size":1e99}', /no size/);
  refuses('["int","int"]', /"int" twice/);
  refuses('["int",["null"]]', /another union/);
  refuses(
    '[{"type":"fixed","name":"F","size":1},{"type":"fixed","name":"F","size":2}]',
    /defined twice/,
  );
  refuses('{"type":"array"}', /a name, a list or an object/);
  refuses('{"type":{"__proto__":1}}', /a name, a list or an object/);
});

test("schemas are bounded in size and depth", () => {
  refuses(`"${"x".repeat(2_000_000)}"`, /2000002 characters/);
  const deep = (levels: number): string =>
    `${'{"type":"array","items":'.repeat(levels)}"int"${"}".repeat(levels)}`;
  parseSchema(deep(90));
  refuses(deep(101), /more than 100 deep/);
  refuses("[".repeat(400_000), /no JSON|deep/);
  refuses(`${'{"type":'.repeat(30_000)}"int"${"}".repeat(30_000)}`, /more than 100 deep/);
});

test("whatever stands in a schema's place, it is a schema or SG5051", () => {
  const seed = Number(process.env["SEED"] ?? 9);
  let parsed = 0;
  for (let index = 0; index < 3000; index++) {
    const source = random(seed + index);
    const damaged = damage(new Schemas(source).record(), source);
    const place = `SEED=${seed + index}: ${JSON.stringify(damaged)}`;
    try {
      const schema = parseSchema(JSON.stringify(damaged));
      parsed++;
      canonicalForm(parseSchema(schemaText(schema)));
      resolveSchemas(schema, schema);
    } catch (error) {
      assert.ok(error instanceof StreamgenError, `${place}: ${error}`);
      assert.match(error.code, /^SG505[12]$/, place);
    }
  }
  assert.ok(parsed > 300 && parsed < 2700, String(parsed));
});

const strange: readonly Json[] = [
  ...[null, true, 0, -1, 1e300, "", "int", "record", "test.Record1", "\u0000", "a.b", ".x"],
  ...[[], {}, [[]], ["int"], { type: "int" }, { type: "array" }, { type: { type: "map" } }],
  { type: "record", name: "constructor", fields: [] },
  { type: "enum", name: "__proto__", symbols: ["toString"] },
];

/** The same JSON with something else in one or two places. */
function damage(json: Json, source: Random): Json {
  if (source.chance(0.04)) return source.pick(strange);
  if (Array.isArray(json)) return json.map((each: Json) => damage(each, source));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(() => !source.chance(0.02))
      .map(([name, each]) => [name, damage(each, source)]),
  );
}
