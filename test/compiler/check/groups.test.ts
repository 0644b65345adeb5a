import assert from "node:assert/strict";
import test from "node:test";
import type { GroupModel } from "../../../compiler/model/topology.ts";
import { sourceReader } from "../read/sources.ts";

const readSource = sourceReader();
const header = `import type { Each, Event, Every, Int, Lookup, Stream, Table, To, Topic, View } from "streamgen";
export interface Value { id: string; other: string; at: Date; size: Int }
export type A = Topic<"a", { value: Value; keyBy: "id"; external: true }>;
export type B = Topic<"b", { value: Value; keyBy: "id"; external: true }>;
export type C = Topic<"c", { value: Value; keyBy: "id"; time: "at"; external: true; trustKey: true }>;
export type S = Table<"s", { key: string; value: Int; default: 0 }>;
export type R = Table<"r", { key: string; value: Int; default: 0 }>;
`;

function groupsOf(source: string): readonly GroupModel[] {
  const { program, codes } = readSource(header + source);
  assert.deepEqual(codes, []);
  return program.groups;
}

const shapeOf = ({ name, topics, tables, agents, repartitions }: GroupModel): unknown => ({
  name,
  topics,
  tables,
  agents,
  repartitions,
});

test("agents of one topic are a group, agents of two are two", () => {
  const groups = groupsOf(`
export function one(value: Each<A>): void { value.id; }
export function two(value: Event<A>): void { value.key; }
export function three(value: Each<B>): void { value.id; }`);
  assert.deepEqual(groups.map(shapeOf), [
    { name: "a", topics: ["a"], tables: [], agents: ["one", "two"], repartitions: [] },
    { name: "b", topics: ["b"], tables: [], agents: ["three"], repartitions: [] },
  ]);
});

test("a shared table joins topics, also through a third agent and a lookup", () => {
  const groups = groupsOf(`
export function one(value: Each<B>, s: S): void { s.set(value.id, 1); }
export function two(value: Each<A>, s: Lookup<S>, r: R): void { r.set(value.id, s.get(value.id)); }
export function three(value: Each<C>, r: R): void { r.set(value.id, 1); }`);
  assert.deepEqual(groups.map(shapeOf), [
    {
      name: "a",
      topics: ["a", "b", "c"],
      tables: ["s", "r"],
      agents: ["one", "two", "three"],
      repartitions: [],
    },
  ]);
});

test("a consumer group of its own has a topic apart, with what is sent on under another key", () => {
  const groups = groupsOf(`
export function one(value: Each<A>, s: S): void { s.set(value.id, 1); }
export function two(value: Each<A, { group: "audit" }>): void { value.size; }
export function three(value: Each<A, { group: "audit"; groupBy: "other" }>, r: R): void { r.set(value.other, 1); }
export function tick(tick: Every<"1s">, r: R): void { for (const key of r.keys()) r.delete(key); }`);
  const repartition = "app-three-other-repartition";
  assert.deepEqual(
    groups.map((group) => ({ ...Object(shapeOf(group)), consumerGroup: group.consumerGroup })),
    [
      {
        ...{ name: "a", topics: ["a"], tables: ["s"], agents: ["one"], repartitions: [] },
        consumerGroup: undefined,
      },
      {
        ...{ name: "a@audit", topics: ["a"], tables: [], agents: ["two"] },
        ...{ repartitions: ["three"], consumerGroup: "audit" },
      },
      {
        ...{ name: `${repartition}@audit`, topics: [repartition], tables: ["r"] },
        ...{ agents: ["three", "tick"], repartitions: [], consumerGroup: "audit" },
      },
    ],
  );
});

test("a view joins nothing, a timer with a table joins its table's group", () => {
  const groups = groupsOf(`
export function one(value: Each<A>, s: S): void { s.set(value.id, 1); }
export async function two(value: Each<B>, s: View<S>): Promise<void> { await s.get(value.id); }
export function tick(at: Every<"1s">, s: S): void { s.size; at.at; }
export function free(at: Every<"1s">): void { at.at; }`);
  assert.deepEqual(groups.map(shapeOf), [
    { name: "a", topics: ["a"], tables: ["s"], agents: ["one", "tick"], repartitions: [] },
    { name: "b", topics: ["b"], tables: [], agents: ["two"], repartitions: [] },
  ]);
});

test("a topic that is only grouped anew has a group that sends it on", () => {
  const groups = groupsOf(`
export function one(value: Each<A, { groupBy: "other" }>, s: S): void { s.set(value.other, 1); }`);
  const internal = "app-one-other-repartition";
  assert.deepEqual(groups.map(shapeOf), [
    { name: "a", topics: ["a"], tables: [], agents: [], repartitions: ["one"] },
    { name: internal, topics: [internal], tables: ["s"], agents: ["one"], repartitions: [] },
  ]);
  assert.deepEqual(groups[0]?.projections, { a: ["id", "other"] }, "the key is compared, too");
});

test("a projection holds what bodies read, and what the topic's key and time need", () => {
  const groups = groupsOf(`
export function one(value: Each<C>): void { value.size; }
export function two(value: Each<C>): void { value.other; }
export function whole(value: Each<B>): void { JSON.stringify(value); }`);
  assert.deepEqual(groups.find(({ name }) => name === "c")?.projections, {
    c: ["at", "other", "size"],
  });
  assert.deepEqual(groups.find(({ name }) => name === "b")?.projections, {});
});
