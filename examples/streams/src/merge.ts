import type { Each, Event, Sink, Table, To, Topic } from "streamgen";

export interface Deposit {
  account: string;
  at: Date;
  deposited: number;
}

export interface Payout {
  account: string;
  at: Date;
  paid: number;
}

export interface Balance {
  account: string;
  amount: number;
}

export type Deposits = Topic<
  "deposits",
  { value: Deposit; keyBy: "account"; time: "at"; partitions: 2; external: true }
>;
export type Payouts = Topic<
  "payouts",
  { value: Payout; keyBy: "account"; time: "at"; partitions: 2; external: true }
>;
export type Statements = Topic<"statements", { value: Balance; keyBy: "account" }>;
export type Journal = Topic<"journal", { value: string; format: "string" }>;
export type Balances = Table<"balances", { key: string; value: number; default: 0 }>;

/** Two topics as one stream, `deposits & payouts`, in the order of their times. */
export function balance(change: Each<Deposits | Payouts>, balances: Balances): To<Statements> {
  const { account } = change;
  const by = "deposited" in change ? change.deposited : -change.paid;
  return { account, amount: balances.update(account, (sum) => sum + by) };
}

/** With `Event`, the topic tells them apart. */
export function enter(change: Event<Deposits | Payouts>, journal: Sink<Journal>): void {
  const { topic, value } = change;
  journal.send(`${topic} of ${value.account}`);
}
