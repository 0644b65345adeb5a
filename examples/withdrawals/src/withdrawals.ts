import type {
  Closed,
  Command,
  Context,
  Each,
  Get,
  Int,
  Sink,
  Stream,
  To,
  Topic,
  Tumbling,
  View,
  WindowedTable,
} from "streamgen";

/** Somebody took money out. */
export interface Withdrawal {
  user: string;
  country: string;
  amount: number;
  at: Date;
}

/** What was taken out in a country within an hour. */
export interface CountryTotal {
  country: string;
  hour: Date;
  amount: number;
}

export type Withdrawals = Topic<
  "withdrawals",
  { value: Withdrawal; keyBy: "user"; time: "at"; partitions: 4 }
>;
export type CountryTotals = Topic<"country-totals", { value: CountryTotal; keyBy: "country" }>;

/** By user and hour, to be read for a day. */
export type UserHours = WindowedTable<
  "user-hours",
  {
    key: string;
    value: number;
    default: 0;
    window: Tumbling<"1h">;
    grace: "10m";
    expires: "1d";
  }
>;
/** By country and hour. */
export type CountryHours = WindowedTable<
  "country-hours",
  { key: string; value: number; default: 0; window: Tumbling<"1h">; grace: "10m" }
>;

/** The topic is keyed by user: nothing has to be sent anywhere. */
export function trackUser(withdrawal: Each<Withdrawals>, hours: UserHours): void {
  hours.update(withdrawal.user, (sum) => sum + withdrawal.amount);
}

/** By country the withdrawals have to be grouped first. */
export function trackCountry(
  withdrawal: Each<Withdrawals, { groupBy: "country" }>,
  hours: CountryHours,
): void {
  hours.update(withdrawal.country, (sum) => sum + withdrawal.amount);
}

/** Tells each country's total once, when its hour is over, or nothing has come for ten minutes. */
export function tellCountry({
  key,
  value,
  window,
}: Closed<CountryHours, { idle: "10m" }>): To<CountryTotals> {
  return { country: key, hour: new Date(window.start), amount: value };
}

/** A stream in a function of its own, with the loop that Faust would run in a task. */
export async function watch(withdrawals: Stream<Withdrawals>, ctx: Context): Promise<void> {
  let largest = 0;
  for await (const { user, amount } of withdrawals.filter((one) => one.amount > largest)) {
    largest = amount;
    ctx.log.info("largest so far", { user, amount });
  }
}

/** GET /users/ann/hour -> {"user":"ann","amount":120} */
export async function getHour(
  { params: { user } }: Get<"/users/:user/hour">,
  hours: View<UserHours>,
): Promise<{ user: string; amount: number }> {
  return { user, amount: await hours.get(user) };
}

export interface Made {
  count: Int;
  /** How many users there are. */
  users?: Int;
}

const countries = ["DE", "FR", "NO"];

/** Makes withdrawals: `streamgen run-command produce --count 1000`. */
export function produce(
  { count, users = 100 }: Command<Made>,
  withdrawals: Sink<Withdrawals>,
  ctx: Context,
): void {
  for (let n = 0; n < count; n += 1) {
    const country = countries[n % countries.length] ?? "DE";
    const at = new Date(ctx.now());
    withdrawals.send({ user: `user-${n % users}`, country, amount: 10 + (n % 9) * 20, at });
  }
}
