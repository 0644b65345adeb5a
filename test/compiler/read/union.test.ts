import assert from "node:assert/strict";
import test from "node:test";
import { sourceReader } from "./sources.ts";

const readSource = sourceReader();
const header = `import type * as s from "streamgen";
export interface Card { type: "card"; last4: string }
export interface Iban { type: "iban"; code: string }
export interface Circle { radius: number }
export interface Square { side: number; radius?: number }
export interface Plain { radius: number; side?: number }
export type Color = "red" | "green";
export type Maybe<T> = T | null;
export type Payment = Card | Iban;
`;

/** The branches of a field's union with their tests, in order, or the code of the diagnostic. */
function branchesOf(type: string): readonly string[] {
  const { program, codes } = readSource(`${header}
export interface R { f: ${type} }
export type T = s.Topic<"t", { value: R; external: true }>;`);
  if (codes.length > 0) return codes;
  const found = program.records.find(({ name }) => name === "R")?.fields[0]?.type;
  if (found?.kind !== "union") return [found?.kind ?? ""];
  return found.branches.map(({ type: branch, test: { kind, ...rest } }) => {
    const name = "name" in branch ? branch.name : branch.kind;
    return `${name} ${kind} ${Object.values(rest).join(" ")}`.trim();
  });
}

const cases: readonly (readonly [type: string, ...branches: string[]])[] = [
  ["s.Int | null", "null typeof null", "int typeof number"],
  ["null | s.Int | string", "null typeof null", "int typeof number", "string typeof string"],
  ["string | s.Int | null", "string typeof string", "int typeof number", "null typeof null"],
  ["s.Long | Date", "SG2019"],
  ["bigint | number", "long typeof bigint", "double typeof number"],
  ["Date | string", "timestamp-date instanceof Date", "string typeof string"],
  ["Uint8Array | string[]", "bytes instanceof Uint8Array", "array instanceof Array"],
  ["Card | string", "Card object", "string typeof string"],
  ["Card | Iban", "Card literal type card", "Iban literal type iban"],
  ["Maybe<Payment>", "Card literal type card", "Iban literal type iban", "null typeof null"],
  ["Circle | Card", "Circle field radius", "Card field type"],
  ["Plain | Square", "SG2020"],
  ["Card | Record<string, string>", "SG2019"],
  ["string | s.Uuid", "SG2019"],
  ["string | Color", "SG2019"],
  ["number[] | string[]", "SG2019"],
  ["Uint8Array | s.Decimal<4, 2>", "SG2019"],
  ["Color | null", "null typeof null", "Color typeof string"],
  ["Color | s.Int", "Color typeof string", "int typeof number"],
  ['Color | "blue"', "enum"],
  ['"a" | s.Int | "b"', "RF typeof string", "int typeof number"],
  ["true | false", "boolean"],
  ["true | null", "SG2010"],
  ["boolean | null", "null typeof null", "boolean typeof boolean"],
  ["string | string", "string"],
  ["Card | Card", "record"],
  ["{ a: string } | null", "null typeof null", "RF object"],
  ["{ a: string } | { b: string }", "SG2021"],
  ["string | undefined", "SG2011"],
];

for (const [type, ...branches] of cases) {
  test(`the union ${type}`, () => {
    assert.deepEqual(branchesOf(type), branches);
  });
}
