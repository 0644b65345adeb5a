import assert from "node:assert/strict";
import test from "node:test";
import type { JsonModel } from "../../../compiler/model/type.ts";
import { sourceReader } from "./sources.ts";

const readSource = sourceReader();
const header = `import type * as s from "streamgen";
export interface Inner { a: s.Int; b: s.Field<string, { default: "b"; name: "bee" }> }
export type Color = "red" | "green";
`;

const defaultOf = (type: string, literal: string): JsonModel | undefined | string => {
  const { program, codes } = readSource(`${header}
export interface R { f: s.Field<${type}, { default: ${literal} }> }
export type T = s.Topic<"t", { value: R; external: true }>;`);
  const [code] = codes;
  return code ?? program.records.find(({ name }) => name === "R")?.fields[0]?.default;
};

/** Avro's JSON for the literal, or the code of the diagnostic. */
const cases: readonly (readonly [type: string, literal: string, expected: JsonModel])[] = [
  ["boolean", "false", false],
  ["s.Int", "2147483647", 2_147_483_647],
  ["s.Int", "2147483648", "SG2026"],
  ["s.Int", "1.5", "SG2026"],
  ["s.SafeLong", "-9007199254740991", -9_007_199_254_740_991],
  ["s.Long", "12n", 12],
  ["s.Long", "9223372036854775807n", "SG2026"],
  ["bigint", "-1n", -1],
  ["number", "-0.25", -0.25],
  ["s.Float", "3", 3],
  ["string", '"\\u00fc\\n"', "ü\n"],
  ["s.Uuid", '"00000000-0000-0000-0000-00000000000"', "SG2026"],
  ["Color", '"green"', "green"],
  ["Color", '"blue"', "SG2026"],
  ["s.LocalDate", '"1969-12-31"', -1],
  ["s.LocalDate", '"2024-02-29"', 19_782],
  ["s.LocalDate", '"2023-02-29"', "SG2026"],
  ["s.TimeMillis", "86399999", 86_399_999],
  ["s.TimeMillis", "86400000", "SG2026"],
  ["s.LocalTimestamp", '"1970-01-02T00:00:00.001"', 86_400_001],
  ["s.LocalTimestamp", '"1970-01-02T24:00:00"', "SG2026"],
  ["s.LocalTimestampMicros", '"1970-01-01T00:00:00.000001"', 1],
  ["s.Decimal<4, 2>", '"0"', "\u0000"],
  ["s.Decimal<4, 2>", '"1.27"', "\u007f"],
  ["s.Decimal<4, 2>", '"1.28"', "\u0000\u0080"],
  ["s.Decimal<4, 2>", '"-1.28"', "\u0080"],
  ["s.Decimal<4, 2>", '"1.234"', "SG2026"],
  ["s.Decimal<4, 2>", '"123"', "SG2026"],
  ["s.Decimal<4, 2>", '"1e1"', "SG2026"],
  ["s.Int[]", "[1, 2]", [1, 2]],
  ["s.Int[]", '[1, "2"]', "SG2026"],
  ["Record<string, s.Int>", "{ x: 1 }", { x: 1 }],
  ["Inner", "{ a: 1 }", { a: 1, bee: "b" }],
  ["Inner", '{ b: "x" }', "SG2026"],
  ["Inner", "{ a: 1; c: 2 }", "SG2026"],
  ["string | null", "null", null],
  ["string | null", '"x"', "x"],
  ["s.Int | string[]", '["x"]', ["x"]],
  ["s.Int", "number", "SG3013"],
];

for (const [type, literal, expected] of cases) {
  test(`the default ${literal} of ${type}`, () => {
    assert.deepEqual(defaultOf(type, literal), expected);
  });
}

test("the branch that the default belongs to leads", () => {
  const branches = (type: string, literal: string): readonly string[] => {
    const { program } = readSource(`${header}
export interface R { f: s.Field<${type}, { default: ${literal} }> }
export type T = s.Topic<"t", { value: R; external: true }>;`);
    const found = program.records.find(({ name }) => name === "R")?.fields[0]?.type;
    return found?.kind === "union" ? found.branches.map(({ type: { kind } }) => kind) : [];
  };
  assert.deepEqual(branches("string | null", "null"), ["null", "string"]);
  assert.deepEqual(branches("null | string", '"x"'), ["string", "null"]);
  assert.deepEqual(branches("s.Int | string | s.Long[]", "[1n]"), ["array", "int", "string"]);
  assert.deepEqual(branches("s.Long | string", "1n"), ["long", "string"]);
});
