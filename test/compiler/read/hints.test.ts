import assert from "node:assert/strict";
import test from "node:test";
import { sourceReader } from "./sources.ts";

const readSource = sourceReader();
const header = `import type { Context, Each, Hopping, Int, Resource, Sink, Table, Topic, Tumbling, WindowedTable } from "streamgen";
export interface Order { id: string; lines: string[] }
export type Orders = Topic<"orders", { value: Order; keyBy: "id"; external: true }>;
export type Seen = Topic<"seen", { value: Order; keyBy: "id" }>;
export type Counts = WindowedTable<"counts", { key: string; value: Int; window: Hopping<"10m", "1m">; grace: "0s" }>;
export type Minutes = WindowedTable<"minutes", { key: string; value: Int; window: Tumbling<"1m">; grace: "0s" }>;
export type Rows = Table<"rows", { key: string; value: Int }>;
declare function tell(text: string): Promise<void>;
declare function maybe(text: string): Promise<void> | undefined;
declare function note(text: string): void;
export async function openMail() { return { send: async (to: string): Promise<void> => { await tell(to); } }; }
`;
const codesOf = (parameters: string, body: string): readonly string[] =>
  readSource(`${header}
export async function agent(order: Each<Orders>${parameters}): Promise<void> {
  await tell("");
  ${body}
}`).codes;

for (const [what, parameters, body] of [
  ["a call", "", "tell(order.id);"],
  ["a call that may give none", "", "maybe(order.id);"],
  ["a resource's method", ", mail: Resource<typeof openMail>", "mail.send(order.id);"],
  ["a call in a branch", "", "if (order.id) tell(order.id);"],
  ["a call in a callback", "", "order.lines.map((line) => { tell(line); });"],
  [
    "forEach with an async function",
    "",
    "order.lines.forEach(async (line) => { await tell(line); });",
  ],
] as const) {
  test(`a promise is left: ${what}`, () => assert.deepEqual(codesOf(parameters, body), ["SG3116"]));
}

for (const [what, parameters, body] of [
  ["it is awaited", "", "await tell(order.id);"],
  ["it is void", "", "void tell(order.id);"],
  ["it is kept", "", "const sent = tell(order.id); await sent;"],
  ["nothing is promised", "", "note(order.id); order.lines.forEach((line) => note(line));"],
  ["a sink sends", ", seen: Sink<Seen>", "seen.send(order);"],
  ["a table is written", ", rows: Rows", "rows.set(order.id, 1);"],
  ["a line is logged", ", context: Context", 'context.log.info("x"); console.log(order.id);'],
] as const) {
  test(`no promise is left: ${what}`, () => assert.deepEqual(codesOf(parameters, body), []));
}

const change = (body: string): string => `counts.update(order.id, (n = 0) => ${body});`;
for (const [what, body] of [
  [
    "counts",
    `let updates = 0; ${change("{ updates += 1; return n + 1; }")} note(String(updates));`,
  ],
  ["increments", `let updates = 0; ${change("n + updates++")}`],
  ["sends", change("{ seen.send(order); return n + 1; }")],
  ["writes another table", change("{ rows.set(order.id, n); return n + 1; }")],
  ["takes a random number", change("n + Math.random()")],
  ["takes the time", change("n + Date.now()")],
] as const) {
  test(`an update of overlapping windows does more: it ${what}`, () => {
    assert.deepEqual(codesOf(", counts: Counts, rows: Rows, seen: Sink<Seen>", body), ["SG3442"]);
  });
}

for (const [what, parameters, body] of [
  ["uses the event and what was", ", counts: Counts", change('n + (order.id === "" ? 1 : 2)')],
  [
    "has variables of its own",
    ", counts: Counts",
    change("{ let next = n; next += 1; return next; }"),
  ],
  [
    "reads a variable",
    ", counts: Counts",
    `const step = order.lines.length; ${change("n + step")}`,
  ],
  ["is of windows that do not overlap", ", counts: Minutes", change("n + Date.now()")],
] as const) {
  test(`an update only makes a value: it ${what}`, () => {
    assert.deepEqual(codesOf(parameters, body), []);
  });
}
