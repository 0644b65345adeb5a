import type { Context, Each, Event, Field, Int, Resource, Sink, To, Topic, Uuid } from "streamgen";

export interface Order {
  id: Uuid;
  account: string;
  price: number;
  quantity: Field<Int, { default: 1 }>;
}

export interface Total {
  order: Uuid;
  account: string;
  total: number;
}

export type Orders = Topic<"orders", { value: Order; keyBy: "id"; external: true }>;
/** Orders of more than 1000, as they came. */
export type LargeOrders = Topic<"large-orders", { value: Order; keyBy: "id" }>;
export type Totals = Topic<"totals", { value: Total; keyBy: "order" }>;

/** Sends mail; a test gives its own. */
export function openMailer(): { send(to: string, text: string): Promise<void> } {
  return { send: async (to, text) => void process.stdout.write(`mail to ${to}: ${text}\n`) };
}

/** The least that an agent can do: logs each order. */
export function print({ account, price, quantity }: Each<Orders>, ctx: Context): void {
  ctx.log.info("order", { account, amount: price * quantity });
}

/** Forwards large orders, as bytes. */
export function alert(order: Event<Orders>, large: Sink<LargeOrders>): void {
  if (order.value.price * order.value.quantity > 1000) order.forward(large);
}

/** Price times quantity, and a mail to the account. A record is acknowledged when the mail is sent. */
export async function total(
  order: Each<Orders>,
  mailer: Resource<typeof openMailer>,
): Promise<To<Totals>> {
  const { account, id, price, quantity } = order;
  await mailer.send(account, `your order costs ${price * quantity}`);
  return { order: id, account, total: price * quantity };
}
