/** examples/table-test: every amount counts once, while workers come, go and crash. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import { sumsTable } from "../../examples/table-test/generated/tables.ts";
import { amountsTopic, totalsTopic } from "../../examples/table-test/generated/topics.ts";
import { createWorker } from "../../examples/table-test/generated/worker.ts";
import type { Amount, Total } from "../../examples/table-test/src/table-test.ts";
import { random } from "../random.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

/** What a plain loop makes of them. */
function add(amounts: readonly Amount[]): Map<number, Total> {
  const totals = new Map<number, Total>();
  for (const { account, amount } of amounts) {
    const before = totals.get(account);
    const total = (before?.total ?? 0) + amount;
    totals.set(account, { account, total, amounts: (before?.amounts ?? 0) + 1 });
  }
  return totals;
}

const disturbances: readonly ((bank: Driver) => Promise<void>)[] = [
  (bank) => bank.crash(),
  (bank) => bank.rebalance(),
  (bank) => bank.idle(),
  (bank) => bank.advance("2m"),
  () => Promise.resolve(),
];

test("tables are right whatever happens to workers", async () => {
  const numbers = random(seed);
  await using bank = await openDriver(createWorker, { workers: 2 });
  const amounts: Amount[] = [];
  for (let round = 0; round < 12; round += 1) {
    const some = Array.from({ length: 1 + numbers.int(20) }, () => ({
      account: numbers.int(10),
      amount: numbers.int(100) - 30,
    }));
    await bank.push(amountsTopic, some);
    amounts.push(...some);
    await numbers.pick(disturbances)(bank);
  }
  const expected = add(amounts);
  assert.deepEqual(await bank.table(sumsTable).rows(), expected, `seed ${seed}`);
  const told = await bank.values(totalsTopic);
  assert.equal(told.length, amounts.length, `seed ${seed}`);
  assert.deepEqual(new Map(told.map((total) => [total.account, total])), expected);
});

test("tables are whole when a worker says that they are recovered", async () => {
  await using bank = await openDriver(createWorker);
  await bank.push(amountsTopic, [
    { account: 1, amount: 5 },
    { account: 2, amount: 5 },
    { account: 1, amount: 6 },
  ]);
  await bank.idle();
  await bank.rebalance();
  const recovered = bank.lines.filter(({ text }) => text === "recovered");
  assert.equal(recovered.at(-1)?.fields["amounts"], 3);
});
