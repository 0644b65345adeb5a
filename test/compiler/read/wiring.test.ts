import assert from "node:assert/strict";
import test from "node:test";
import { sourceReader } from "./sources.ts";

const readSource = sourceReader();
const header = `import type { Each, Event, Every, Field, Int, Sink, Table, To, Topic, Uuid } from "streamgen";
export interface Order { id: string; customer: Uuid; at: Date }
export type Orders = Topic<"orders", { value: Order; keyBy: "id"; external: true }>;
`;

test("a union of records is keyed and timed by a field that all of them have alike", () => {
  const { program, codes } = readSource(`${header}
export interface Opened { type: "opened"; id: Uuid; at: Date }
export interface Closed { type: "closed"; id: Uuid; at: Date; by: string }
export type Events = Topic<"events", { value: Opened | Closed; keyBy: "id"; time: "at"; external: true }>;`);
  assert.deepEqual(codes, []);
  const events = program.topics.find(({ name }) => name === "events");
  assert.deepEqual(events?.key, { kind: "field", field: "id", type: { kind: "uuid" } });
  assert.deepEqual(events?.time, { field: "at", isDate: true });
});

test("a field that the records of a union have with different types is no key", () => {
  const { diagnostics } = readSource(`${header}
export interface Opened { type: "opened"; id: Uuid }
export interface Closed { type: "closed"; id: Int }
export type Events = Topic<"events", { value: Opened | Closed; keyBy: "id"; external: true }>;`);
  assert.deepEqual(
    diagnostics.map(({ code, message }) => `${code} ${message}`),
    ['SG3001 topic "events" has keyBy: "id", but Closed has no such field'],
  );
});

test("grouping by the key that a topic has adds nothing", () => {
  const { program, codes } = readSource(`${header}
export const idOf = (order: Order): string => order.id;
export type Keyed = Topic<"keyed", { value: Order; keyBy: typeof idOf; external: true }>;
export function one(order: Each<Orders, { groupBy: "id" }>): void { order.id; }
export function two(order: Each<Keyed, { groupBy: typeof idOf }>): void { order.id; }`);
  assert.deepEqual(codes, []);
  assert.deepEqual(
    program.topics.map(({ name }) => name),
    ["orders", "keyed"],
  );
});

test("a mistake in a field is reported once, and not again by what refers to the field", () => {
  const { codes } = readSource(`${header}
export interface Broken { id: Missing; at: Date }
export type Brokens = Topic<"brokens", { value: Broken; keyBy: "id"; time: "at"; external: true }>;
export type Table1 = Table<"t", { key: string; value: Broken }>;
export function one(broken: Each<Brokens>, rows: Table1): void { rows.set(broken.id, broken); }`);
  assert.deepEqual(codes, ["SG1002"]);
});

test("the platform's types are no business of the compiler's, unless they are data", () => {
  const { codes } = readSource(`${header}
import type { Missing } from "not-installed";
type Timer = NodeJS.Timeout;
export function helper(url: URL, timer: Timer): string { return String([url, timer]); }
export function other(missing: Missing): void { missing; }
function third(buffer: Buffer): void { buffer; }`);
  assert.deepEqual(codes, []);
  const fields = readSource(`${header}
export interface Blobs { a: Buffer; b: URL }
export type T = Topic<"t", { value: Blobs; external: true }>;`);
  assert.deepEqual(fields.codes, ["SG2013", "SG2013"]);
});

test("a helper whose parameter comes from a module that is not there may have been an agent", () => {
  const { codes } = readSource(`${header}
import type { In } from "./names.ts";
export function one(value: In): void { value; }`);
  assert.deepEqual(codes, ["SG1003"]);
});

test("a name that Avro does not allow can have another one", () => {
  const { codes } = readSource(`${header}
export interface Größe { n: Field<Int, { aliases: ["a-b"] }>; kind: "a" | "b" }
export type T = Topic<"t", { value: Größe; external: true }>;`);
  assert.deepEqual(codes, ["SG4006"]);
  const { program } = readSource(`${header.replace("Int,", "Int, Schema,")}
export interface Größe extends Schema<{ name: "other.Size" }> { n: Int; kind: "a" | "b" }
export type T = Topic<"t", { value: Größe; external: true }>;`);
  assert.deepEqual(
    program.records.map(({ name }) => name),
    ["Order", "other.Size"],
  );
});

test("what an unreadable agent would have written is not said to be missing", () => {
  const { codes } = readSource(`${header}
export type Copies = Topic<"copies", { value: Order; keyBy: "id" }>;
export function copy(order: Each<Orders>, limit: number): To<Copies> { return order; }
export function show(order: Each<Copies>): void { order.id; }`);
  assert.deepEqual(codes, ["SG3102"]);
});

test("agents are found however a module exports them, and each of them once", () => {
  const { program, codes } = readSource(`${header}
export function declared(order: Each<Orders>): void { order.id; }
export const arrow = (order: Each<Orders>): void => { order.id; };
export const expression = function (order: Each<Orders>): void { order.id; };
function local(order: Each<Orders>): void { order.id; }
const constant = (order: Each<Orders>): void => { order.id; };
export { local, constant as renamed, declared as declaredAgain };
export function helper(order: Order): void { order.id; }
export const value = 1;`);
  assert.deepEqual(codes, []);
  assert.deepEqual(
    program.agents.map((agent) => agent.function.name),
    ["declared", "arrow", "expression", "local", "renamed"],
  );
});

test("every diagnostic points at the token that is wrong", () => {
  const source = `${header}
export function f(order: Each<Orders, { groupBy: "custmer" }>, n: number): To<Orders> | boolean {
  return order;
}`;
  const { diagnostics } = readSource(source);
  assert.deepEqual(
    diagnostics.map(({ code, span }) => `${code} ${source.slice(span?.start, span?.end)}`),
    ['SG3001 "custmer"', "SG3102 number", "SG3105 boolean"],
  );
});
