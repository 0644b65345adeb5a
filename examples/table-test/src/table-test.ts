import type { Context, Each, Int, On, SafeLong, Table, To, Topic, View } from "streamgen";

export interface Amount {
  account: Int;
  amount: Int;
}

export interface Total {
  account: Int;
  /** How many amounts there were. */
  amounts: Int;
  total: SafeLong;
}

export type Amounts = Topic<
  "amounts",
  { value: Amount; keyBy: "account"; partitions: 4; external: true }
>;
export type Totals = Topic<"totals", { value: Total; keyBy: "account"; cleanup: "compact" }>;
export type Sums = Table<"sums", { key: Int; value: Total }>;

/** Every amount counts once, whatever happens to the workers. */
export function addUp({ account, amount }: Each<Amounts>, sums: Sums): To<Totals> {
  return sums.update(account, (before) => ({
    account,
    amounts: (before?.amounts ?? 0) + 1,
    total: (before?.total ?? 0) + amount,
  }));
}

/** Faust's `on_rebalance_complete`: the tables of the new tasks are whole. */
export async function inspect(
  { tasks }: On<"recovered">,
  sums: View<Sums>,
  ctx: Context,
): Promise<void> {
  let amounts = 0;
  for await (const [, sum] of sums.entries()) amounts += sum.amounts;
  ctx.log.info("recovered", { tasks: tasks.length, amounts });
}
