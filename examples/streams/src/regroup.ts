import type { Each, Int, Table, To, Topic } from "streamgen";

export interface Purchase {
  id: string;
  account: string;
  amount: number;
  /** Such as "DE-10115". */
  place: string;
}

export interface Spent {
  account: string;
  amount: number;
}

export interface Sold {
  country: string;
  purchases: Int;
}

/** Keyed by the purchase, and written by others as JSON. */
export type Purchases = Topic<
  "purchases",
  { value: Purchase; keyBy: "id"; format: "json"; external: true }
>;
export type SpentByAccount = Topic<"spent", { value: Spent; keyBy: "account" }>;
export type SoldByCountry = Topic<"sold", { value: Sold; keyBy: "country" }>;
export type Accounts = Table<"accounts", { key: string; value: number; default: 0 }>;
export type Countries = Table<"countries", { key: string; value: Int; default: 0 }>;

/** `group_by(Purchase.account)` */
export function addSpent(
  { account, amount }: Each<Purchases, { groupBy: "account" }>,
  accounts: Accounts,
): To<SpentByAccount> {
  return { account, amount: accounts.update(account, (sum) => sum + amount) };
}

/** `group_by(country_of, name="country")`: the name is the function's. */
export function addSold(
  purchase: Each<Purchases, { groupBy: typeof countryOf }>,
  countries: Countries,
): To<SoldByCountry> {
  const country = countryOf(purchase);
  return { country, purchases: countries.update(country, (n) => n + 1) };
}

export function countryOf(purchase: Purchase): string {
  return purchase.place.slice(0, 2);
}
