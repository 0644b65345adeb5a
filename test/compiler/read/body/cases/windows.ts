import type { Each, Event } from "streamgen";
import type { Orders, Recent } from "./order.ts";

/** customerId | proved | unchanged | - */
export function windowedUpdate(order: Each<Orders>, recent: Recent): number {
  return recent.update(order.customerId, (n) => n + 1);
}
/** customerId | proved | unchanged | - */
export function windowedAgo(order: Each<Orders>, recent: Recent): boolean {
  return recent.get(order.customerId) > recent.ago("1h").get(order.customerId);
}
/** customerId,id | field id,proved | unchanged | - */
export function windowedOther(order: Each<Orders>, recent: Recent): void {
  recent.set(order.customerId, 1);
  recent.current().set(order.id, 1);
}
/** customerId,placedAt | proved | unchanged | - */
export function windowedAt(order: Each<Orders>, recent: Recent): number {
  const then = recent.at(order.placedAt);
  return then.get(order.customerId);
}
/** - | constant | unchanged | - */
export function windowedConstant(_: Each<Orders>, recent: Recent): number {
  return recent.now().get("all");
}
/** customerId | proved | unchanged | - */
export function windowedWindows(order: Each<Orders>, recent: Recent): number {
  let sum = 0;
  for (const { value } of recent.windows(order.customerId)) sum += value;
  return sum;
}
/** - | scan | unchanged | - */
export function windowedEntries(_: Each<Orders>, recent: Recent): number {
  return [...recent.entries()].length;
}
/** - | proved,unknown | unchanged | - */
export function windowedLost(event: Event<Orders>, recent: Recent): void {
  recent.set(event.key, 1);
  console.log(Object.keys(recent.ago("1h")));
}
