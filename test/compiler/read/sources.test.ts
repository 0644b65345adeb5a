/** What triggers say about the records that a function gets. */
import assert from "node:assert/strict";
import test from "node:test";
import { sourceReader } from "./sources.ts";

const readSource = sourceReader();
const header = `import type { Batch, Each, Event, Stream, Topic } from "streamgen";
export interface Order { id: string; amount: number }
export type Orders = Topic<"orders", { value: Order; keyBy: "id"; external: true }>;
`;

test("a batch says how many records, and for how long it waits", () => {
  const { program, codes } = readSource(`${header}
export function one(orders: Batch<Orders, { max: 10; within: "5s" }>): void { orders.length; }
export function two(orders: Batch<Orders, { max: 1; within: "1m"; events: true }>): void { orders.length; }`);
  assert.deepEqual(codes, []);
  assert.deepEqual(
    program.agents.map(({ trigger }) => trigger),
    [
      { kind: "batch", topic: "orders", batch: { max: 10, withinMs: 5000 } },
      { kind: "batch", topic: "orders", batch: { max: 1, withinMs: 60_000, events: true } },
    ],
  );
});

for (const [options, message] of [
  [`max: 10`, 'the batch of agent "one" does not say its within'],
  [`within: "1s"`, 'the batch of agent "one" does not say its max'],
  [`max: 0; within: "1s"`, 'the batch of agent "one" cannot have 0 records'],
  [`max: 1.5; within: "1s"`, 'the batch of agent "one" cannot have 1.5 records'],
  [`max: 1000000; within: "1s"`, 'the batch of agent "one" cannot have 1000000 records'],
  [`max: 10; within: "0s"`, /within/],
] as const) {
  test(`a batch with { ${options} } is refused`, () => {
    const { diagnostics } = readSource(`${header}
export function one(orders: Batch<Orders, { ${options} }>): void { orders.length; }`);
    assert.equal(diagnostics.length, 1);
    assert.match(diagnostics[0]?.message ?? "", new RegExp(message));
  });
}

test("lanes are as many as are said, and one needs none", () => {
  const { program, diagnostics } = readSource(`${header}
export async function one(order: Each<Orders, { concurrency: 8 }>): Promise<void> { await order; }
export async function two(order: Event<Orders, { concurrency: 1 }>): Promise<void> { await order; }
export async function three(order: Each<Orders, { concurrency: 0 }>): Promise<void> { await order; }`);
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['agent "three" cannot have 0 records at once'],
  );
  assert.deepEqual(
    program.agents.map(({ trigger }) => trigger),
    [
      { kind: "each", topic: "orders", lanes: 8 },
      { kind: "event", topic: "orders" },
      { kind: "each", topic: "orders" },
    ],
  );
});
