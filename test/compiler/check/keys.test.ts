import assert from "node:assert/strict";
import test from "node:test";
import { sourceReader } from "../read/sources.ts";

const readSource = sourceReader();
const codesOf = (source: string): readonly string[] =>
  readSource(`import type { Each, Event, Int, Lookup, SafeLong, SetTable, Table, Topic, Uuid } from "streamgen";
export interface Value { id: Uuid; other: string; size: Int; place: { city: string } }
export type A = Topic<"a", { value: Value; keyBy: "id"; external: true }>;
export type Given = Topic<"given", { value: Value; key: string; external: true }>;
export type Sizes = Topic<"sizes", { value: Value; keyBy: "size"; external: true }>;
export type S = Table<"s", { key: string; value: Int; default: 0 }>;
export type N = Table<"n", { key: SafeLong; value: Int; default: 0 }>;
export type T = SetTable<"t", { key: string; element: string }>;
export const cityOf = (value: Value): string => value.place.city;
${source}`).codes;

test("a row by the stream's key is where its records are", () => {
  assert.deepEqual(codesOf("export function f(v: Each<A>, s: S): void { s.set(v.id, 1); }"), []);
  assert.deepEqual(codesOf("export function f(e: Event<A>, s: S): void { s.set(e.key, 1); }"), []);
});

test("a row by another field is not, read or written", () => {
  assert.deepEqual(
    codesOf("export function f(v: Each<A>, s: S): void { s.set(v.other, 1); s.get(v.other); }"),
    ["SG3202", "SG3202"],
  );
  assert.deepEqual(
    codesOf(`export function f(v: Each<A>, s: S): void { s.set(v.id, 1); }
export function g(v: Each<A>, s: Lookup<S>): void { s.get(v.other); }`),
    ["SG3202"],
  );
});

test("a set is found by the stream's key, too", () => {
  assert.deepEqual(
    codesOf(
      "export function f(v: Each<A>, t: T): void { if (t.add(v.id, v.other)) t.clear(v.id); }",
    ),
    [],
  );
  assert.deepEqual(
    codesOf(
      "export function f(v: Each<A>, t: T): void { if (t.size(v.other) > 1) t.clear(v.other); }",
    ),
    ["SG3202", "SG3202"],
  );
});

test("grouping by the field, or by the function that gives it, puts it right", () => {
  assert.deepEqual(
    codesOf(
      'export function f(v: Each<A, { groupBy: "other" }>, s: S): void { s.set(v.other, 1); }',
    ),
    [],
  );
  assert.deepEqual(
    codesOf(
      "export function f(v: Each<A, { groupBy: typeof cityOf }>, s: S): void { s.set(cityOf(v), 1); }",
    ),
    [],
  );
});

test("the message names the field and the way out", () => {
  const { diagnostics } = readSource(`import type { Each, Int, Table, Topic } from "streamgen";
export interface Value { id: string; place: { city: string } }
export type A = Topic<"a", { value: Value; keyBy: "id"; external: true }>;
export type S = Table<"s", { key: string; value: Int }>;
export function f(v: Each<A>, s: S): void { s.set(v.place.city, 1); }`);
  assert.equal(
    diagnostics[0]?.message,
    'agent "f" uses table "s" by "place.city", but "a" is keyed by "id", so the row may live on another worker',
  );
  assert.match(diagnostics[0]?.fix ?? "", /typeof fn/);
});

test("where senders give the key, a field may well be it", () => {
  assert.deepEqual(
    codesOf("export function f(v: Each<Given>, s: S): void { s.set(v.other, 1); }"),
    [],
  );
});

test("keys that TypeScript takes for the same may have other bytes", () => {
  assert.deepEqual(codesOf("export function f(v: Each<Sizes>, n: N): void { n.set(v.size, 1); }"), [
    "SG3207",
  ]);
});
