/** Ways to change a value, or a part of it, without assigning to it where one would look for it. */
import type { Each, Sink, To } from "streamgen";
import { change, unknown } from "./far.js";
import { same, tagsOf } from "./near.ts";
import { type Cart, type Carts, type Copy, type Kept, type Order, type Orders } from "./order.ts";

/** tags | - | changed | - */
export function sorted(order: Each<Orders>): unknown {
  return order.tags.sort();
}
/** tags | - | unchanged | - */
export function sortedCopy(order: Each<Orders>): unknown {
  return order.tags.toSorted().filter((t) => t !== "x").length;
}
/** tags | - | changed | - */
export function byThirdParameter(order: Each<Orders>): void {
  order.tags.forEach((_, i, all) => {
    if (i === 0) all.push("x");
  });
}
/** lines | - | changed | - */
export function byAccumulator(cart: Each<Carts>): void {
  const last = cart.lines.reduce((_, line) => line);
  last.qty = 0;
}
/** lines | - | changed | - */
export function byFound(cart: Each<Carts>): void {
  const line = cart.lines.find((l) => l.qty >= 0);
  if (line !== undefined) line.qty = -1;
}
/** lines | - | changed | - */
export function byMapped(cart: Each<Carts>): void {
  for (const { line } of cart.lines.map((line, n) => ({ line, n }))) line.qty--;
}
/** lines | - | unchanged | - */
export function copiesOfLines(cart: Each<Carts>): unknown {
  const lines = cart.lines.map((line) => ({ ...line, qty: line.qty + 1 }));
  return lines.length;
}
/** lines | - | changed | - */
export function byPatternOfLines(cart: Each<Carts>): void {
  const [first] = cart.lines;
  if (first !== undefined) ({ qty: first.qty } = { qty: -3 });
}
/** prices | - | changed | - */
export function byChosenPrice(cart: Each<Carts>): void {
  for (const name in cart.prices) cart.prices[name] = 0;
}
/** prices | - | unchanged | - */
export function pricesRead(cart: Each<Carts>): number {
  return (cart.prices["a"] ?? 0) + (cart.prices["b" as string] ?? 0);
}
/** address | - | changed | - */
export function byHelperOfPart(order: Each<Orders>): void {
  const move = (a: Order["address"]) => {
    a.city = "moved";
  };
  move(same(order).address);
}
/** address | - | changed | - */
export function byObject(order: Each<Orders>): void {
  const box = { address: order.address };
  box.address.city = "moved";
}
/** address | constant | unchanged | - */
export function objectOnly(order: Each<Orders>, kept: Kept): unknown {
  const box = { ...order.address, city: order.address.city };
  box.city = "moved";
  kept.delete("k");
  return box;
}
/** address | - | changed | - */
export function byMethodOfObject(order: Each<Orders>): void {
  const box = {
    address: order.address,
    toString(): string {
      this.address.city = "moved";
      return "";
    },
  };
  void `${box}`;
}
/** address | - | changed | - */
export function byGetterOfObject(order: Each<Orders>): unknown {
  return {
    address: order.address,
    get city(): unknown {
      (this as { address: Order["address"] }).address.city = "moved";
      return 1;
    },
  };
}
/** address | - | changed | - */
export function byLaterMethod(order: Each<Orders>): void {
  const box: { address: Order["address"]; toString?: () => string } = { address: order.address };
  box.toString = function (this: typeof box) {
    this.address.city = "moved";
    return "";
  };
  void `${box}`;
}
/** address | - | changed | - */
export function bySpreadMethod(order: Each<Orders>): void {
  const evil = {
    toJSON(this: { address: Order["address"] }) {
      this.address.city = "moved";
    },
  };
  JSON.stringify({ ...evil, address: order.address });
}
/** address | - | changed | - */
export async function byThen(order: Each<Orders>): Promise<void> {
  const box = {
    address: order.address,
    then: function (done: () => void) {
      (this as unknown as Order).address.city = "moved";
      done();
    },
  };
  await box;
}
/** placedAt | - | unchanged | - */
export function datesCompared(order: Each<Orders>): unknown {
  const then = new Date(order.placedAt);
  then.setHours(1);
  return order.placedAt < then || +order.placedAt > 5 || order.placedAt.toISOString();
}
/** placedAt | - | changed | - */
export function dateChanged(order: Each<Orders>): void {
  const { placedAt: at } = order;
  at.setTime(1);
}
/** tags | - | changed | - */
export function resultChanged(order: Each<Orders>): void {
  const tags = deep(order, 3);
  tags.length = 0;
}
function deep(o: Order, n: number): string[] {
  return n === 0 ? tagsOf(o) : deep(o, n - 1);
}
/** tags | - | changed | - */
export function resultOfDeeperChanged(order: Each<Orders>): void {
  again(order, 2);
}
function again(o: Order, n: number): string[] {
  const tags = n > 0 ? again(o, n - 1) : undefined;
  tags?.pop();
  return o.tags;
}
/** tags | - | changed | - */
export function laterVariable(order: Each<Orders>): void {
  let tags: string[] | undefined;
  const clear = () => tags?.splice(0);
  tags = order.tags;
  clear();
}
/** tags | - | unchanged | - */
export function partSent(order: Each<Orders>, copy: Sink<Copy>): void {
  copy.send({ tags: order.tags } as unknown as Order);
}
/** tags | - | changed | - */
export function partPassed(order: Each<Orders>): void {
  change(order.tags as unknown as string[]);
}
/** tags | - | changed | - */
export function partPassedAsText(order: Each<Orders>): void {
  unknown(order.tags as unknown as string);
  change(order.tags);
}
/** tags | - | unchanged | - */
export function elementPassed(order: Each<Orders>): void {
  unknown(order.tags[0], order.tags.length, ...order.tags);
}
/** status | - | changed | - */
export function assignedInCondition(order: Each<Orders>): unknown {
  return order.status === "new" && (order.status = "paid");
}
/** amount | - | changed | - */
export function byOperators(order: Each<Orders>): void {
  order.amount++;
  order.amount ||= 3;
}
/** - | - | changed | - */
export function writtenOnly(order: Each<Orders>): void {
  order.coupon = "x";
}
/** all | - | changed | - */
export function changedAfterReturn(order: Each<Orders>): To<Copy> {
  queueMicrotask(() => {
    order.amount = 1;
  });
  return order;
}
/** all | - | unchanged | input */
export function* eachBranch(order: Each<Orders>): Generator<To<Copy>> {
  if (order.amount > 1) yield order;
  else if (order.items > 1) yield same(order);
}
/** all | - | unchanged | - */
export function* oneOther(order: Each<Orders>): Generator<To<Copy>> {
  if (order.amount > 1) yield order;
  else yield { ...order, amount: 2 };
}
/** all | - | unchanged | input */
export function branches(order: Each<Orders>): To<Copy> | undefined {
  switch (order.status) {
    case "new":
      return order;
    default:
      return order.amount > 3 ? order : undefined;
  }
}
/** lines | - | changed | - */
export function overTrees(cart: Each<Carts>): void {
  const walk = (c: Cart["lines"][number], n: number): void => {
    if (n > 0) walk(c, n - 1);
    else c.qty = 7;
  };
  for (const line of cart.lines) walk(line, 3);
}
/** length | - | changed | - */
export function fieldNamedLength(cart: Each<Carts>): void {
  cart.length.cm++;
}
/** tags | - | changed | - */
export function byValueOf(order: Each<Orders>): void {
  (order.tags.valueOf() as string[]).push("x");
}
/** photo | - | changed | - */
export function byMemory(cart: Each<Carts>): void {
  new Uint8Array(cart.photo.buffer, cart.photo.byteOffset, 1)[0] = 99;
}
/** photo | - | changed | - */
export function bySlice(cart: Each<Carts>): void {
  const part = cart.photo.slice(0, 1);
  part[0] = 98;
}
/** photo | - | changed | - */
export function byTransfer(cart: Each<Carts>): void {
  structuredClone(1, { transfer: [cart.photo.buffer as ArrayBuffer] });
}
/** photo,placedAt | - | unchanged | - */
export function bytesRead(value: Each<Carts | Dated>): unknown {
  const { photo } = value as Cart;
  return photo.length + (photo[0] ?? 0) + (value as { placedAt: Date }).placedAt.getTime();
}
export type Dated = import("streamgen").Topic<"dated", { value: { placedAt: Date } }>;
/** address,tags | - | changed | - */
export function byResultOfMap(order: Each<Orders>): void {
  for (const address of order.tags.map(() => order.address)) address.city = "moved";
}
