import assert from "node:assert/strict";
import test from "node:test";
import { explain } from "../../compiler/explain.ts";
import { sourceReader } from "./read/sources.ts";

const readSource = sourceReader();

test("explains what each function reads, by which keys, and why no less", () => {
  const { program, codes } =
    readSource(`import type { Each, Every, Lookup, Sink, Table, To, Topic } from "streamgen";
export interface Order { id: string; customerId: string; amount: number; at: Date }
export type Orders = Topic<"orders", { value: Order; keyBy: "customerId"; time: "at"; external: true }>;
export type Copies = Topic<"copies", { value: Order; keyBy: "customerId" }>;
export type Counts = Table<"counts", { key: string; value: number; default: 0 }>;
declare function audit(order: Order): void;
export function large(order: Each<Orders>): To<Copies> | undefined {
  return order.amount > 100 ? order : undefined;
}
export function count(order: Each<Orders>, counts: Counts): void {
  if (order.amount > 1) counts.update(order.customerId, (n) => n + 1);
  counts.set(order.id.toLowerCase(), 1);
}
export function audited(order: Each<Orders>): void {
  audit(order);
}
export function ignored(_: Each<Copies>): void {}
export async function report(_: Every<"1m">, counts: Lookup<Counts>): Promise<void> {
  await Promise.resolve(counts.size);
}
`);
  assert.deepEqual(codes, []);
  assert.equal(
    explain(program),
    `large  src/program0.ts:7:17
  may read everything because all of it is given back, src/program0.ts:8:10
  emits its input unchanged
  never waits: runs in a straight loop

count  src/program0.ts:10:17
  reads amount, customerId, id and nothing else
  counts.update: certainly by the record's own key, src/program0.ts:11:25
  counts.set: by a key that is not certain to be the record's own, src/program0.ts:12:3
  never waits: runs in a straight loop

audited  src/program0.ts:14:17
  may read everything because it is passed to "audit", src/program0.ts:15:9
  may change its input because it is passed to "audit", src/program0.ts:15:9
  never waits: runs in a straight loop

ignored  src/program0.ts:17:17
  reads no field
  never waits: runs in a straight loop

report  src/program0.ts:18:23
  reads no records
  counts.size: every row of the partition, src/program0.ts:19:25
  may wait: what it returns is awaited

group orders
  decodes each record of orders whole

group copies
  decodes nothing of copies
`,
  );
});

test("names the fields that a group decodes, the topic's own among them", () => {
  const { program } = readSource(`import type { Each, Topic } from "streamgen";
export interface Order { id: string; customerId: string; amount: number; at: Date }
export type Orders = Topic<"orders", { value: Order; keyBy: "id"; time: "at"; external: true; trustKey: true }>;
export function look(order: Each<Orders>): void { void order.amount; }
`);
  assert.match(explain(program), /\n {2}decodes amount, at of each record of orders\n$/);
});
