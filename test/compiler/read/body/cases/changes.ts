import type { Context, Each, Event, Sink, Stream, To, Topic } from "streamgen";
import { change, consume, unknown, unknownTable } from "./far.js";
import * as near from "./near.ts";
import { area, bump, isLarge, put, putFor, spoil, tagsOf, total, twice } from "./near.ts";
import { type Carts, type Copy, type Counts, defaults, type Order, type Orders } from "./order.ts";

/** all | - | changed | - */
export function mutated(order: Each<Orders>): To<Copy> {
  order.status = "paid";
  return order;
}
/** all | - | changed | - */
export function mutatedDeep(order: Each<Orders>): To<Copy> {
  const { tags } = order;
  tags.push("x");
  return order;
}
/** all | - | changed | - */
export function mutatedByHelper(order: Each<Orders>): To<Copy> {
  spoil(order);
  return order;
}
/** all | - | changed | - */
export function mutatedDate(order: Each<Orders>): To<Copy> {
  order.placedAt.setHours(0);
  return order;
}
/** all | - | changed | - */
export function perhapsMutated(order: Each<Orders>): To<Copy> {
  unknown(order);
  return order;
}
/** all | - | unchanged | - */
export function sometimes(order: Each<Orders>): To<Copy> {
  if (order.amount > 1) return order;
  return { ...order, amount: 1 };
}
/** all | - | unchanged | input */
export function throughAlias(order: Each<Orders>): To<Copy> | undefined {
  const kept = order;
  if (order.amount < 1) return undefined;
  return kept;
}
/** all | - | unchanged | input */
export function* yielded(order: Each<Orders>): Generator<To<Copy>> {
  if (order.amount > 1) yield order;
}
/** all | - | unchanged | - */
export function inArray(order: Each<Orders>): To<Copy>[] {
  return [order, order];
}
/** all | - | unchanged | input */
export async function asyncUnchanged(order: Each<Orders>): Promise<To<Copy>> {
  void order.id.length;
  return order;
}
/** amount | - | unchanged | - */
export function promised(order: Each<Orders>): Promise<number> {
  return Promise.resolve(order.amount);
}
/** amount | - | unchanged | - */
export function perhapsPromised(order: Each<Orders>): number | Promise<number> {
  return order.amount > 1 ? Promise.resolve(1) : 0;
}
/** - | - | unchanged | - */
export function floating(_: Each<Orders>): void {
  work();
}

async function work(): Promise<void> {}
