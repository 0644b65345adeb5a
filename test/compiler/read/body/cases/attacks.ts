import type { Context, Each, Event, Sink, Stream, To, Topic } from "streamgen";
import { change, consume, unknown, unknownTable } from "./far.js";
import * as near from "./near.ts";
import { area, bump, isLarge, put, putFor, spoil, tagsOf, total, twice } from "./near.ts";
import { type Carts, type Copy, type Counts, defaults, type Order, type Orders } from "./order.ts";

/** all | - | changed | - */
export function viaArguments(order: Each<Orders>): number {
  return (arguments[0] as Order).amount;
}
/** coupon | - | unchanged | - */
export function viaIn(order: Each<Orders>): boolean {
  return "coupon" in order;
}
/** all | - | unchanged | - */
export function viaForIn(order: Each<Orders>): void {
  for (const k in order) void k;
}
/** amount | - | unchanged | - */
export function viaComma(order: Each<Orders>): number {
  return (void 0, order).amount;
}
/** customerId,id | - | unchanged | - */
export function viaAssign(order: Each<Orders>): string {
  let x: Order | undefined;
  x ??= order;
  return x.id + x.customerId;
}
/** amount | - | unchanged | - */
export function viaVar(order: Each<Orders>): number {
  if (Math.random()) {
    var o = order;
  }
  return o!.amount;
}
/** all | - | changed | - */
export function viaReassignedHelper(order: Each<Orders>): number {
  let f = (o: Order): number => o.amount;
  f = (o) => o.items;
  return f(order);
}
/** amount,customerId | unknown | unchanged | - */
export function keyOfEither(order: Each<Orders>, counts: Counts): void {
  const o = order.amount > 1 ? order : defaults;
  counts.set(o.customerId, 1);
}
/** customerId | unknown | unchanged | - */
export function keyOfHelperTwice(order: Each<Orders>, counts: Counts): void {
  bump(counts, order);
  bump(counts, defaults);
}
/** customerId | unknown | unchanged | - */
export function keyOfHelperAsValue(order: Each<Orders>, counts: Counts): void {
  bump(counts, order);
  [defaults].forEach((o) => [bump].forEach((f) => f(counts, o)));
}
/** all | - | changed | - */
export function mutatedThroughResult(order: Each<Orders>): To<Copy> {
  tagsOf(order).push("x");
  return order;
}
/** all | - | changed | - */
export function mutatedPart(order: Each<Orders>): To<Copy> {
  change(order.tags);
  return order;
}
/** all | - | changed | - */
export function mutatedThroughCopy(order: Each<Orders>): To<Copy> {
  const c = { ...order };
  c.tags.push("x");
  return order;
}
/** all | - | changed | - */
export function mutatedByPattern(order: Each<Orders>): To<Copy> {
  [order.amount] = [1];
  return order;
}
/** all | - | changed | - */
export function mutatedByDelete(order: Each<Orders>): To<Copy> {
  delete order.coupon;
  return order;
}
/** all | - | changed | - */
export function mutatedByAssign(order: Each<Orders>): To<Copy> {
  Object.assign(order, { amount: 1 });
  return order;
}
/** all | - | changed | - */
export function mutatedLater(order: Each<Orders>): To<Copy> {
  last = order;
  return order;
}
let last: Order | undefined;
void last;
/** all | - | unchanged | input */
export function sentAndReturned(order: Each<Orders>, copy: Sink<Copy>): To<Copy> {
  copy.send(order);
  return order;
}
/** lines | - | changed | - */
export function linesMutated(cart: Each<Carts>): void {
  for (const line of cart.lines) line.qty = 0;
}
/** all | - | changed | - */
export function linesReturned(cart: Each<Carts>): To<Carts> {
  for (const line of cart.lines) line.qty = 0;
  return cart;
}
/** all | - | changed | - */
export function lineReturned(cart: Each<Carts>): To<Carts> {
  cart.lines[0]!.qty = 0;
  return cart;
}
/** all | proved | changed | - */
export function keyedAndCopied(order: Each<Orders>, counts: Counts): void {
  const c = { ...order };
  c.tags.push("x");
  counts.set(order.customerId, 1);
}
/** customerId,tags | proved | changed | - */
export function keyedAndPartPassed(order: Each<Orders>, counts: Counts): void {
  change(order.tags);
  counts.set(order.customerId, 1);
}
/** all | proved | unchanged | - */
export function keyedAndLogged(order: Each<Orders>, counts: Counts, ctx: Context): void {
  ctx.log.info("got", order as never);
  counts.set(order.customerId, 1);
}
/** address | field address.city | unchanged | - */
export function keyedNested(order: Each<Orders>, counts: Counts): void {
  counts.set(order.address.city, 1);
}
/** all | unknown | changed | - */
export function keyedNestedPassed(order: Each<Orders>, counts: Counts): void {
  const c = { ...order };
  c.address.city = "x";
  counts.set(order.address.city, 1);
}
/** all | - | unchanged | - */
export function copyReturned(order: Each<Orders>): To<Copy> | undefined {
  return order.amount > 1 ? { ...order, amount: 1 } : undefined;
}
/** customerId | unknown | unchanged | - */
export function keyOfPatternHelper(order: Each<Orders>, counts: Counts): void {
  putFor(counts, order);
  putFor(counts, defaults);
}
/** customerId | proved | unchanged | - */
export function keyOfPatternHelperOnce(order: Each<Orders>, counts: Counts): void {
  putFor(counts, order);
  putFor(counts, order);
}
/** customerId | unknown | unchanged | - */
export function tableTakenApart(order: Each<Orders>, counts: Counts): void {
  const { set } = counts;
  set(order.customerId, 1);
}
/** customerId,id | unknown | unchanged | - */
export function keyOfLoop(order: Each<Orders>, counts: Counts): void {
  for (const k of [order.customerId, order.id]) counts.set(k, 1);
}
/** amount | - | unchanged | - */
export async function pairTakenApart(orders: Stream<Orders>): Promise<void> {
  for await (const [i, o] of orders.enumerate(1)) void (i + o.amount);
}
/** customerId | proved | unchanged | - */
export function keyByPatternAssignment(order: Each<Orders>, counts: Counts): void {
  let k = "";
  ({ customerId: k } = order);
  counts.set(order.customerId, k.length);
}
