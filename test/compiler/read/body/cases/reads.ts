import type { Context, Each, Event, Sink, Stream, To, Topic } from "streamgen";
import { change, consume, unknown, unknownTable } from "./far.js";
import * as near from "./near.ts";
import { area, bump, isLarge, put, putFor, spoil, tagsOf, total, twice } from "./near.ts";
import { type Carts, type Copy, type Counts, defaults, type Order, type Orders } from "./order.ts";

/** all | - | unchanged | input */
export function filter(order: Each<Orders>): To<Copy> | undefined {
  return order.amount > 100 ? order : undefined;
}
/** amount,items | - | unchanged | - */
export function destructured({ amount, items: n }: Each<Orders>): number {
  return amount * n;
}
/** amount | - | unchanged | - */
export function destructuredInside(order: Each<Orders>): void {
  const { amount: a } = order;
  void (a + 1);
}
/** address | - | unchanged | - */
export function nested(order: Each<Orders>): string {
  return order.address.city;
}
/** address | - | unchanged | - */
export function nestedDestructured({ address: { city, zip } }: Each<Orders>): string {
  return city + zip;
}
/** coupon | - | unchanged | - */
export function optional(order: Each<Orders>): number {
  return order?.coupon?.length ?? 0;
}
/** address | - | unchanged | - */
export function bracket(order: Each<Orders>): string {
  return order["address"]["city"];
}
/** all | - | changed | - */
export function computed(order: Each<Orders>): unknown {
  const k: keyof Order = Math.random() > 0.5 ? "id" : "amount";
  return order[k];
}
/** all | - | unchanged | - */
export function spread(order: Each<Orders>): To<Copy> {
  return { ...order, status: "paid" };
}
/** all | - | unchanged | - */
export function rest(order: Each<Orders>): object {
  const { id, ...others } = order;
  void id;
  return others;
}
/** amount | - | unchanged | - */
export function alias(order: Each<Orders>): number {
  const o = order;
  const p = o as Order;
  return p.amount;
}
/** amount,items | - | unchanged | - */
export function closure(order: Each<Orders>): number {
  const f = (): number => order.amount;
  return [1, 2].map((x) => x * order.items).length + f();
}
/** amount | - | unchanged | - */
export function helper(order: Each<Orders>): boolean {
  return isLarge(order);
}
/** amount,items | - | unchanged | - */
export function helperOfHelper(order: Each<Orders>): number {
  return twice(order) + total(order);
}
/** amount | - | unchanged | - */
export function helperOfNamespace(order: Each<Orders>): boolean {
  return near.isLarge(order);
}
/** all | - | changed | - */
export function helperWithoutBody(order: Each<Orders>): boolean {
  return unknown(order);
}
/** all | - | unchanged | - */
export function stringified(order: Each<Orders>): string {
  return JSON.stringify(order);
}
/** all | - | unchanged | - */
export function logged(order: Each<Orders>): void {
  console.log("%o", order);
}
/** tags | - | unchanged | - */
export function arrayField(order: Each<Orders>): string {
  return order.tags.map((t) => t.trim()).join();
}
/** placedAt | - | unchanged | - */
export function dateField(order: Each<Orders>): number {
  return order.placedAt.getTime();
}
/** status | - | unchanged | - */
export function switched(order: Each<Orders>): number {
  switch (order.status) {
    case "new":
      return 1;
    case "paid":
      return 2;
  }
}
/** all | - | unchanged | - */
export function sent(order: Each<Orders>, copy: Sink<Copy>): void {
  copy.send(order);
}
/** amount,customerId | - | unchanged | - */
export function partlySent(
  order: Each<Orders>,
  out: Sink<Topic<"o", { value: { c: string; a: number } }>>,
): void {
  out.send({ c: order.customerId, a: order.amount });
}
/** all | - | changed | - */
export function stored(order: Each<Orders>): void {
  kept.push(order);
}
const kept: Order[] = [];
/** amount,id | - | unchanged | - */
export function letAlias(order: Each<Orders>): number {
  let o = order;
  if (o.amount > 1) o = { ...defaults };
  return o.id.length;
}
/** - | - | unchanged | - */
export function ignored(_: Each<Orders>): void {}
/** amount,id | - | unchanged | - */
export async function* streamed(orders: Stream<Orders>): AsyncGenerator<string> {
  for await (const o of orders.filter((x) => x.amount > 1)) yield o.id;
}
/** all | - | changed | - */
export async function streamEscapes(orders: Stream<Orders>): Promise<void> {
  await consume(orders);
}
/** amount,id | - | unchanged | - */
export async function batched(orders: Stream<Orders>): Promise<void> {
  for await (const { id } of orders.filter((o) => o.amount > 1).peek((o) => void o.amount)) void id;
}
/** amount | - | unchanged | - */
export function evented(e: Event<Orders>): void {
  if (e.value.amount > 0) e.reject("small");
}
