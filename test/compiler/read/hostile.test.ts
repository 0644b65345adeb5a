import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { renderText } from "../../../compiler/diagnostics/render-text.ts";
import { programFromJson, programToJson } from "../../../compiler/model/json.ts";
import { random } from "../../random.ts";
import { sourceReader } from "./sources.ts";

const readSource = sourceReader();
const header = 'import type { Each, Field, Int, Table, Topic } from "streamgen";\n';
const topicOf = (value: string): string =>
  `export type T = Topic<"t", { value: ${value}; external: true }>;`;

/** Circles and oddities, many of which TypeScript refuses too; the reader must come to an end. */
const oddities: readonly (readonly [source: string, ...codes: string[]])[] = [
  [`type A = A | null; ${topicOf("A")}`],
  [`export interface A extends A { x: string } ${topicOf("A")}`],
  [`type X = X["a"]; ${topicOf("X")}`, "SG2012"],
  [`type X = X[number]; ${topicOf("X")}`, "SG2012"],
  [
    `type X = [X]; export interface O { a: Field<string, { aliases: X }> } ${topicOf("O")}`,
    "SG3013",
  ],
  [`type J = string | J[] | { [k: string]: J }; ${topicOf("J")}`, "SG2032"],
  [`type N<T> = T | N<T[]>[] | Record<string, N<T>>; ${topicOf("N<Int>")}`, "SG2032"],
  [`type A = { x: A }[]; ${topicOf("A")}`, "SG2023"],
  [`export type A = { x: A }; ${topicOf("A")}`, "SG2022"],
  [`type Maybe<T> = T | null; export interface O { a: Maybe<Maybe<Int>[]> } ${topicOf("O")}`],
  [`export interface P<A, B> { x?: P<P<A, B>, P<B, A>> } ${topicOf("P<Int, string>")}`, "SG2023"],
  [`export type B = string & { __b: "x" }; export interface O { a: B } ${topicOf("O")}`, "SG2012"],
  ['export type T = Topic<"t", T>;', "SG3015"],
  [topicOf("T"), "SG2014"],
  ['export type C = Table<"t", { key: C; value: C }>;', "SG2014", "SG2014"],
  [`export enum E { A = "a" } export interface O { e: E.A } ${topicOf("O")}`, "SG2012"],
  [`export default interface O { a: string } ${topicOf("O")}`, "SG2029"],
  [`export namespace N { export interface O { a: string } } ${topicOf("N.O")}`, "SG2029"],
  [`interface O { a: string } export type { O as Order }; ${topicOf("O")}`],
  [
    `${topicOf("string")} export function f(handle: (value: Each<T>) => void): void { handle(""); }`,
  ],
  [
    `${topicOf("string")} type If<X> = X extends 1 ? Each<T> : never; export function f(value: If<1>): void {}`,
    "SG1014",
  ],
  [`${topicOf("string")} export const f = wrap((value: Each<T>) => value);`, "SG1010"],
  [
    `${topicOf("string")} export namespace N { export function f(value: Each<T>): void {} }`,
    "SG1010",
  ],
];

for (const [source, ...codes] of oddities) {
  test(`reading comes to an end: ${source}`, () => {
    assert.deepEqual(readSource(header + source).codes, codes);
  });
}

test("names of the object prototype are names like any other", () => {
  const { program, codes } = readSource(`${header}
export interface O { __proto__: string; hasOwnProperty: Int; "constructor": Field<Int, { default: 1 }> }
export type T = Topic<"t", { value: O; keyBy: "__proto__"; external: true; config: { __proto__: "x" } }>;
export type S = Table<"__proto__", { key: string; value: Record<string, Int>; default: { __proto__: 1 } }>;`);
  assert.deepEqual(codes, []);
  assert.deepEqual(
    program.records[0]?.fields.map(({ name }) => name),
    ["__proto__", "hasOwnProperty", "constructor"],
  );
  assert.deepEqual(Object.keys(program.topics[0]?.config ?? {}), ["__proto__"]);
  assert.deepEqual(Object.keys(program.tables[0]?.default ?? {}), ["__proto__"]);
  const text = programToJson(program);
  assert.equal(programToJson(programFromJson(text)), text);
  assert.match(text, /"default": \{ "__proto__": 1 \}/);
});

test("sources with random damage give diagnostics, never an exception", () => {
  const fixtures = path.join(import.meta.dirname, "../../../fixtures");
  const sources = [
    "shapes/in/src/shapes.ts",
    "agents/in/src/agents.ts",
    "returns/in/src/returns.ts",
  ];
  for (let seed = 1; seed <= 25; seed++) {
    const { pick, int, chance } = random(seed);
    const text = readFileSync(path.join(fixtures, pick(sources)), "utf8");
    const tokens = text.match(/\w+|\s+|[^\w\s]/g) ?? [];
    const words = tokens.filter((token) => /[\w<>{}|;&?:]/.test(token));
    for (let damages = 1 + int(3); damages > 0; damages--) {
      const place = int(tokens.length);
      if (chance(0.4)) tokens[place] = "";
      else tokens[place] = chance(0.5) ? pick(words) : `${tokens[place]} ${pick(words)}`;
    }
    const damaged = tokens.join("");
    assert.doesNotThrow(() => {
      const { program, diagnostics } = readSource(damaged);
      renderText(diagnostics, { readSource: () => damaged });
      programToJson(program);
    }, `seed ${seed}`);
  }
});
