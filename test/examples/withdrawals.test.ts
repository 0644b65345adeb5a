/** examples/withdrawals: what is taken out by user and by country, hour by hour. */
import assert from "node:assert/strict";
import test from "node:test";
import { closed, context, openDriver, sink, stream, windows } from "@streamgen/runtime/testing";
import { userHoursTable } from "../../examples/withdrawals/generated/tables.ts";
import {
  countryTotalsTopic,
  withdrawalsTopic,
} from "../../examples/withdrawals/generated/topics.ts";
import { createWorker } from "../../examples/withdrawals/generated/worker.ts";
import {
  type CountryHours,
  produce,
  tellCountry,
  trackUser,
  type Withdrawal,
  type Withdrawals,
  watch,
} from "../../examples/withdrawals/src/withdrawals.ts";

const at = (time: string): Date => new Date(`2026-01-01T${time}:00Z`);

const withdrawal = (user: string, country: string, amount: number, time: string): Withdrawal => ({
  ...{ user, country, amount },
  at: at(time),
});

test("one user's hours", () => {
  const hours = windows(userHoursTable);
  for (const one of [
    withdrawal("ann", "DE", 10, "08:10"),
    withdrawal("ann", "FR", 20, "08:50"),
    withdrawal("ann", "DE", 40, "09:05"),
  ]) {
    hours.turnTo(one.at);
    trackUser(one, hours);
  }
  assert.equal(hours.get("ann"), 40);
  assert.equal(hours.ago("1h").get("ann"), 30);
});

test("a country's total", () => {
  const told = tellCountry(
    closed<CountryHours>("DE", 50, { start: at("08:00"), end: at("09:00") }),
  );
  assert.deepEqual(told, { country: "DE", hour: at("08:00"), amount: 50 });
});

test("the largest so far are logged", async () => {
  const ctx = context();
  const amounts = [10, 5, 30, 20, 40];
  await watch(stream<Withdrawals>(amounts.map((n) => withdrawal("ann", "DE", n, "08:00"))), ctx);
  assert.deepEqual(
    ctx.lines,
    [10, 30, 40].map((n) => `info largest so far user=ann amount=${n}`),
  );
});

test("withdrawals are made at a command", () => {
  const withdrawals = sink<Withdrawals>();
  produce({ count: 5, users: 2 }, withdrawals, context({ now: at("08:00") }));
  assert.equal(withdrawals.sent.length, 5);
  assert.deepEqual(
    new Set(withdrawals.sent.map(({ user }) => user)),
    new Set(["user-0", "user-1"]),
  );
  assert.deepEqual(withdrawals.sent[0]?.at, at("08:00"));
});

test("users are at hand for a day, and countries are told of when their hour is over", async () => {
  // The driver's clock stands at midnight; what is far ahead of it would count as a mistake.
  await using bank = await openDriver(createWorker, { workers: 2, start: at("09:30") });
  await bank.push(withdrawalsTopic, [
    withdrawal("ann", "DE", 10, "08:10"),
    withdrawal("bob", "DE", 20, "08:20"),
    withdrawal("ann", "FR", 40, "08:30"),
  ]);
  await bank.crash();
  const late = withdrawal("bob", "FR", 5, "08:59");
  const next = [withdrawal("cyd", "DE", 1, "09:20"), withdrawal("cyd", "FR", 2, "09:20")];
  await bank.push(withdrawalsTopic, [late]);
  await bank.idle();
  await bank.push(withdrawalsTopic, next);
  // The partitions of ann and bob are not waited for any more when they are quiet.
  await bank.advance("15s");
  const totals = await bank.values(countryTotalsTopic);
  assert.deepEqual(
    totals.sort((one, other) => one.country.localeCompare(other.country)),
    [
      { country: "DE", hour: at("08:00"), amount: 30 },
      { country: "FR", hour: at("08:00"), amount: 45 },
    ],
  );
  assert.equal(await bank.windows(userHoursTable).at(at("08:00")).get("ann"), 50);
  const answer = await bank.request("GET", "/users/cyd/hour");
  assert.deepEqual(answer.json(), { user: "cyd", amount: 3 });
});
