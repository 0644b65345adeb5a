import type { Context, DeadLetter, Event, Sink, Stream, Topic } from "streamgen";

export interface Payment {
  id: string;
  amount: number;
  state: "pending" | "settled";
}

export type Payments = Topic<"payments", { value: Payment; keyBy: "id"; external: true }>;
export type Settled = Topic<"settled", { value: Payment; keyBy: "id" }>;
/** What was refused, with its reason in the headers. */
export type Refused = Topic<"refused", { value: Uint8Array; format: "bytes" }>;

/** Returning acknowledges. What is not ready comes again; what never will be is put aside. */
export function settle(
  payment: Event<Payments, { onError: DeadLetter<Refused> }>,
  settled: Sink<Settled>,
): void {
  const { amount, state } = payment.value;
  if (amount <= 0) payment.reject("nothing to pay");
  else if (state === "pending") payment.nack("30s");
  else payment.forward(settled);
}

/** `event.ack()`: what is not acknowledged comes again, to this run or to the next one. */
export async function confirm(
  payments: Stream<Payments, { ack: "manual" }>,
  ctx: Context,
): Promise<void> {
  for await (const payment of payments.events()) {
    ctx.log.info("confirmed", { id: payment.value.id });
    payment.ack();
  }
}
