/** Functions whose bodies are at hand. */
import type { Counts, Order } from "./order.ts";

export function isLarge(o: Order): boolean {
  return o.amount > 100;
}
export const bump = (counts: Counts, order: Order): number =>
  counts.update(order.customerId, (n) => n + 1);
export function total({ amount, items }: Order): number {
  return amount * items;
}
export function twice(o: Order): number {
  return isLarge(o) ? total(o) : o.amount < 0 ? twice(o) : o.amount;
}
export function spoil(o: Order): void {
  o.status = "paid";
}
export function tagsOf(o: Order): string[] {
  return o.tags;
}
export function put(t: Counts, key: string): void {
  t.set(key, 1);
}
export function putFor(t: Counts, { customerId }: Order): void {
  t.set(customerId, 1);
}
export function same<T>(x: T): T {
  return x;
}
export function area(v: { page: string }): string {
  return v.page.split("/")[0] ?? "";
}
