import type { Context, Each, Event, Sink, Stream, To, Topic } from "streamgen";
import { change, consume, unknown, unknownTable } from "./far.js";
import * as near from "./near.ts";
import { area, bump, isLarge, put, putFor, spoil, tagsOf, total, twice } from "./near.ts";
import { type Carts, type Copy, type Counts, defaults, type Order, type Orders } from "./order.ts";

/** customerId | proved | unchanged | - */
export function keyed(order: Each<Orders>, counts: Counts): number {
  return counts.update(order.customerId, (n) => n + 1);
}
/** customerId | proved | unchanged | - */
export function keyedDestructured({ customerId }: Each<Orders>, counts: Counts): number {
  return counts.get(customerId);
}
/** customerId | proved | unchanged | - */
export function keyedRenamed(order: Each<Orders>, counts: Counts): void {
  const { customerId: who } = order;
  const key = who;
  const table = counts;
  table.set(key, table.get(key) + 1);
}
/** id | field id | unchanged | - */
export function keyedWrong(order: Each<Orders>, counts: Counts): void {
  counts.set(order.id, 1);
}
/** customerId | unknown | unchanged | - */
export function keyedComputed(order: Each<Orders>, counts: Counts): void {
  counts.set(order.customerId.toLowerCase(), 1);
}
/** - | constant | unchanged | - */
export function keyedConstant(_: Each<Orders>, counts: Counts): void {
  counts.set("all", 1);
}
/** amount,customerId,id | unknown | unchanged | - */
export function keyedLet(order: Each<Orders>, counts: Counts): void {
  let key = order.customerId;
  if (order.amount > 1) key = order.id;
  counts.set(key, 1);
}
/** customerId | proved | unchanged | - */
export function keyedHelper(order: Each<Orders>, counts: Counts): number {
  return bump(counts, order);
}
/** customerId | unknown | changed | - */
export function keyedMutated(order: Each<Orders>, counts: Counts): void {
  order.customerId = "x";
  counts.set(order.customerId, 1);
}
/** all | unknown | changed | - */
export function keyedAfterUnknown(order: Each<Orders>, counts: Counts): void {
  unknown(order);
  counts.set(order.customerId, 1);
}
/** customerId | proved | unchanged | - */
export function keyedClosure(order: Each<Orders>, counts: Counts): void {
  [1, 2].forEach((n) => counts.set(order.customerId, n));
}
/** customerId | proved | unchanged | - */
export function keyedEvent(e: Event<Orders>, counts: Counts): void {
  counts.set(e.key, 1);
  counts.set(e.value.customerId, 1);
}
/** all | scan | unchanged | - */
export function scanned(order: Each<Orders>, counts: Counts): void {
  for (const [k, n] of counts.entries()) void [k, n, order];
}
/** amount,customerId | scan | unchanged | - */
export function ranged(order: Each<Orders>, counts: Counts): void {
  for (const [k, n] of counts.range(order.customerId, "z")) void [k, n + order.amount];
}
/** customerId | scan | unchanged | - */
export function prefixed({ customerId }: Each<Orders>, counts: Counts): Iterable<[string, number]> {
  return counts.prefix(customerId.slice(0, 2));
}
/** customerId | unknown | unchanged | - */
export function tableEscapes(order: Each<Orders>, counts: Counts): void {
  void order.customerId;
  unknownTable(counts);
}
/** customerId,id | field id,proved | unchanged | - */
export function keyedTwice(order: Each<Orders>, counts: Counts): void {
  counts.set(order.customerId, counts.get(order.id));
}
/** amount,coupon,customerId | unknown | unchanged | - */
export function keyedDefault(
  { coupon = "none", customerId, amount }: Each<Orders>,
  counts: Counts,
): void {
  counts.set(amount ? coupon : customerId, 1);
}
/** customerId,id | unknown | unchanged | - */
export function keyedTwoCalls(order: Each<Orders>, counts: Counts): void {
  put(counts, order.customerId);
  put(counts, order.id);
}
/** page | proved | unchanged | - | by area */
export function keyedByFunction(view: Each<Views>, counts: Counts): void {
  const k = area(view);
  counts.set(k, 1);
  counts.set(area(view), 1);
}
export type Views = Topic<"views", { value: { page: string; user: string } }>;
