/** Streams and events. */
import type { Batch, Context, Each, Event, Every, Lookup, Sink, Stream, Topic } from "streamgen";
import { unknown } from "./far.js";
import { isLarge } from "./near.ts";
import { type Copy, type Counts, type Order, type Orders } from "./order.ts";

/** amount,customerId,id | proved | unchanged | - */
export async function chained(orders: Stream<Orders>, counts: Counts): Promise<void> {
  const large = orders.filter(isLarge).peek((o) => counts.set(o.customerId, 1));
  for await (const name of large.map((o) => o.id)) void name.length;
}
/** amount,id | - | unchanged | - */
export async function mapped(orders: Stream<Orders>): Promise<void> {
  for await (const { id, n } of orders.map((o) => ({ id: o.id, n: o.amount }))) void [id, n];
}
/** id | - | unchanged | - */
export async function mappedToItself(orders: Stream<Orders>): Promise<void> {
  for await (const o of orders.map((each) => each)) void o.id;
}
/** all | - | changed | - */
export async function mappedLater(orders: Stream<Orders>): Promise<void> {
  for await (const o of orders.map(async (each) => each)) void o.id;
}
/** all | - | changed | - */
export async function mappedIntoObject(orders: Stream<Orders>): Promise<void> {
  for await (const box of orders.map((o) => ({ o }))) void box.o.id;
}
/** all | - | changed | - */
export async function unknownCallback(orders: Stream<Orders>): Promise<void> {
  for await (const o of orders.filter(unknown)) void o.id;
}
/** all | - | changed | - */
export async function unknownOperator(orders: Stream<Orders>): Promise<void> {
  const odd = orders as unknown as { sliding(): AsyncIterable<Order> };
  for await (const o of odd.sliding()) void o.id;
}
/** all | - | changed | - */
export async function byHand(orders: Stream<Orders>): Promise<void> {
  const iterator = orders[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (!first.done) void first.value.id;
}
/** amount,id | unknown | unchanged | - */
export async function remembered(orders: Stream<Orders>, counts: Counts): Promise<void> {
  let last: Order | undefined;
  for await (const o of orders) {
    if (last !== undefined) counts.set(last.id, last.amount);
    last = o;
  }
}
/** customerId | unknown | unchanged | - */
export async function intoOldVariable(orders: Stream<Orders>, counts: Counts): Promise<void> {
  let o: Order;
  for await (o of orders) counts.set(o.customerId, 1);
}
/** id | field id,proved | unchanged | - */
export async function pairs(orders: Stream<Orders>, counts: Counts): Promise<void> {
  for await (const [key, { id }] of orders.items()) {
    counts.set(key, 1);
    counts.set(id, 1);
  }
}
/** id | proved | unchanged | - */
export async function pairsByIndex(orders: Stream<Orders>, counts: Counts): Promise<void> {
  for await (const pair of orders.items()) counts.set(pair[0], pair[1].id.length);
}
/** all | unknown | changed | - */
export async function pairsByOther(orders: Stream<Orders>, counts: Counts): Promise<void> {
  for await (const pair of orders.items()) {
    for (const each of pair) unknown(each);
    counts.set(pair[0], 1);
  }
}
/** all | unknown | changed | - */
export async function pairsChanged(orders: Stream<Orders>, counts: Counts): Promise<void> {
  for await (const pair of orders.items()) {
    (pair as unknown as string[])[0] = "x";
    counts.set(pair[0], 1);
  }
}
/** customerId,id | field id,proved | unchanged | - */
export async function eventsOf(
  orders: Stream<Orders>,
  counts: Counts,
  copy: Sink<Copy>,
): Promise<void> {
  for await (const e of orders.events()) {
    counts.set(e.key, 1);
    counts.set(e.value.id, 1);
    counts.set(e.value.customerId, 1);
    e.forward(copy as Sink<never>);
  }
}
/** amount | - | unchanged | - */
export async function throughHelper(orders: Stream<Orders>): Promise<void> {
  await drain(orders);
}
async function drain(orders: AsyncIterable<Order>): Promise<void> {
  for await (const { amount } of orders) void amount;
}
/** all | - | unchanged | - */
export async function* passedOn(orders: Stream<Orders>): AsyncGenerator<Order> {
  for await (const o of orders) if (o.amount > 1) yield o;
}
/** all | - | changed | - */
export async function* delegated(orders: Stream<Orders>): AsyncGenerator<Order> {
  yield* orders;
}
/** amount | - | changed | - */
export async function changedByPeek(orders: Stream<Orders>): Promise<void> {
  for await (const _ of orders.peek((o) => o.amount++)) void _;
}
/** customerId | proved | unchanged | - */
export async function twoLoops(orders: Stream<Orders>, counts: Counts): Promise<void> {
  for await (const a of orders) {
    for await (const b of orders) counts.set(a.customerId, b === a ? 1 : 2);
  }
}
/** amount | - | unchanged | - */
export function handled(e: Event<Orders>, copy: Sink<Copy>): void {
  if (e.value.amount < 10) e.reject(`small at ${e.offset}`);
  else e.forward(copy as Sink<never>);
}
/** amount,coupon,id | - | unchanged | - */
export function eventInParts(e: Event<Orders>): void {
  const {
    value: { id, ["amount"]: amount },
    headers,
  } = e;
  const { coupon } = e["value"];
  void [id, amount, headers, coupon];
}
/** all | - | changed | - */
export function restOfEvent(e: Event<Orders>): unknown {
  const { key, ...others } = e;
  return [key, others.value.id];
}
/** all | - | changed | - */
export function eventChanged(e: Event<Orders>): unknown {
  const other = { ...e.value, id: "x" };
  (e as { value: Order }).value = other;
  return e.value.id;
}
/** amount | - | unchanged | - */
export function eventToHelper(e: Event<Orders>): unknown {
  const ask = ({ value }: Event<Orders>) => value.amount;
  return ask(e);
}
/** all | - | unchanged | input */
export function eventsValue(e: Event<Orders>): Order {
  return e.value;
}
/** customerId | proved | unchanged | - */
export function nullable(e: Event<Customers>, counts: Counts): void {
  if (e.value === null) return;
  counts.set(e.value.customerId, 1);
}
/** customerId | unknown | unchanged | - */
export function optionalValue(e: Event<Customers>, counts: Counts): void {
  counts.set(e.value?.customerId as string, 1);
}
export type Customers = Topic<
  "customers",
  { value: Order; keyBy: "customerId"; cleanup: "compact" }
>;
/** - | scan | unchanged | - */
export function ticked(tick: Every<"10s">, counts: Lookup<Counts>, ctx: Context): void {
  ctx.log.info("customers", { partition: tick.partition, count: counts.size });
}
/** - | unknown | unchanged | - */
export function tickedByKey(tick: Every<"10s">, counts: Counts): void {
  counts.set(String(tick.at), 1);
}
/** id | - | unchanged | - */
export async function partOfStream(orders: Stream<Orders>): Promise<void> {
  for await (const o of orders) unknown(o.id);
}
/** id | proved | unchanged | - */
export function partsOfEvent(e: Event<Orders>, counts: Counts): void {
  unknown(e.value.id, e.key, e.headers);
  counts.set(e.key, 1);
}
/** amount,coupon,id | - | unchanged | - */
export async function everyday(
  order: Each<Orders>,
  copies: Sink<Copy>,
  ctx: Context,
): Promise<void> {
  try {
    if ("coupon" in order && order.coupon !== undefined) ctx.metrics.count("coupons");
    const body = JSON.stringify({ id: order.id, at: ctx.now(), amount: order.amount });
    await Promise.resolve(body);
  } catch (error) {
    ctx.log.error(String(error), { id: order.id });
    copies.delete("" as never);
  }
}
/** amount,customerId,id | proved | unchanged | - */
export async function taken(orders: Stream<Orders>, counts: Counts): Promise<void> {
  for await (const some of orders.take(2, "1s")) {
    for (const o of some) counts.set(o.customerId, o.amount);
    void some.map((o) => o.id).length;
  }
}
/** all | - | changed | - */
export async function takenApart(orders: Stream<Orders>): Promise<void> {
  for await (const [first, ...rest] of orders.rateLimit(5).take(3)) void [first?.id, rest.length];
}
/** id | - | unchanged | - */
export async function takenByIndex(orders: Stream<Orders>): Promise<void> {
  for await (const some of orders.take(3)) void some[some.length - 1]?.id;
}
/** amount,id | - | unchanged | - */
export async function takenAndFound(orders: Stream<Orders>): Promise<void> {
  for await (const some of orders.take(3)) {
    void some.filter((o) => o.amount > 1).find((o) => o.id !== "")?.id;
  }
}
/** all | - | changed | - */
export async function takenAndHandedOn(orders: Stream<Orders>): Promise<void> {
  for await (const some of orders.take(3)) unknown(some);
}
/** all | - | changed | - */
export async function takenAndSorted(orders: Stream<Orders>): Promise<void> {
  for await (const some of orders.take(3)) void some.toSorted();
}
/** - | - | changed | - */
export async function takenAndChanged(orders: Stream<Orders>): Promise<void> {
  for await (const some of orders.take(3)) for (const o of some) (o as { id: string }).id = "x";
}
/** all | - | unchanged | - */
export async function takenAndSent(orders: Stream<Orders>, ctx: Context): Promise<void> {
  for await (const some of orders.take(3)) ctx.log.info("some", { text: JSON.stringify(some) });
}
/** id | - | unchanged | - */
export async function takenEvents(orders: Stream<Orders>): Promise<void> {
  for await (const some of orders.events().take(2)) for (const e of some) void e.value.id;
}
/** id | - | unchanged | - */
export async function flatMapped(orders: Stream<Orders>): Promise<void> {
  for await (const part of orders.flatMap((o) => o.id.split("-"))) void part.length;
}
/** all | - | changed | - */
export async function flatMappedToItself(orders: Stream<Orders>): Promise<void> {
  for await (const o of orders.flatMap((each) => [each, each])) void o.id;
}
/** amount,customerId | proved | unchanged | - */
export function batched(orders: Batch<Orders, { max: 9; within: "1s" }>, counts: Counts): void {
  for (const o of orders) counts.set(o.customerId, o.amount);
}
/** id | field id | unchanged | - */
export function batchedByOther(
  orders: Batch<Orders, { max: 9; within: "1s" }>,
  counts: Counts,
): void {
  for (const { id } of orders) counts.set(id, 1);
}
/** amount | proved | unchanged | - */
export function batchedEvents(
  orders: Batch<Orders, { max: 9; within: "1s"; events: true }>,
  counts: Counts,
): void {
  for (const { key, value } of orders) counts.set(key, value.amount);
}
/** all | - | changed | - */
export function batchedAndKept(orders: Batch<Orders, { max: 9; within: "1s" }>): void {
  unknown({ orders });
}
/** all | - | changed | - */
export function batchedAndSpread(orders: Batch<Orders, { max: 9; within: "1s" }>): void {
  unknown(...orders);
}
/** amount,id | - | unchanged | - */
export function batchedAndReduced(orders: Batch<Orders, { max: 9; within: "1s" }>): number {
  return orders.filter((o) => o.id !== "").map((o) => o.amount).length;
}
