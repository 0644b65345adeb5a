/** Ways to use a table with a key that only looks like the stream's. */
import type { Each, Event, Lookup, View } from "streamgen";
import { unknown, unknownTable } from "./far.js";
import * as near from "./near.ts";
import { area, put, same } from "./near.ts";
import { type Carts, type Counts, defaults, type Kept, type Order, type Orders } from "./order.ts";

/** customerId | proved | unchanged | - */
export function neverReassigned(order: Each<Orders>, counts: Counts): void {
  let key = order.customerId;
  counts.set(key, 1);
}
/** customerId,id | unknown | unchanged | - */
export function reassignedByClosure(order: Each<Orders>, counts: Counts): void {
  let key = order.customerId;
  const change = () => {
    key = order.id;
  };
  change();
  counts.set(key, 1);
}
/** customerId | unknown | unchanged | - */
export function reassignedByLoop(order: Each<Orders>, counts: Counts): void {
  let key = order.customerId;
  for (key of ["a", "b"]) void key;
  counts.set(key, 1);
}
/** customerId | unknown | unchanged | - */
export function stepped(order: Each<Orders>, counts: Counts): void {
  let key = order.customerId;
  key += "x";
  counts.set(key, 1);
}
/** customerId | unknown | unchanged | - */
export function variable(order: Each<Orders>, counts: Counts): void {
  if (order.customerId !== "c") {
    var key: string | undefined = order.customerId;
  }
  counts.set(key!, 1);
}
/** customerId | unknown | unchanged | - */
export function parameterReplaced(order: Each<Orders>, counts: Counts): void {
  const o = order;
  void o;
  order = defaults;
  counts.set(order.customerId, 1);
}
/** customerId | unknown | unchanged | - */
export function destructuredAndReplaced(order: Each<Orders>, counts: Counts): void {
  let { customerId } = order;
  customerId = "x";
  counts.set(customerId, 1);
}
/** customerId,id | unknown | unchanged | - */
export function eitherResult(order: Each<Orders>, counts: Counts): void {
  const key = (o: Order): string => {
    if (o.id === "i") return o.id;
    return o.customerId;
  };
  counts.set(key(order), 1);
}
/** customerId | unknown | unchanged | - */
export function perhapsNoResult(order: Each<Orders>, counts: Counts): void {
  const key = (o: Order): string | undefined => {
    if (o.customerId === "c") return o.customerId;
  };
  counts.set(key(order)!, 1);
}
/** customerId,id | unknown | unchanged | - */
export function overruledResult(order: Each<Orders>, counts: Counts): void {
  const key = (o: Order): string => {
    try {
      return o.customerId;
    } finally {
      return o.id;
    }
  };
  counts.set(key(order), 1);
}
/** customerId | proved | unchanged | - */
export function byImmediate(order: Each<Orders>, counts: Counts): void {
  counts.set((() => order.customerId)(), 1);
}
/** customerId | unknown | unchanged | - */
export function helperReplacesParameter(order: Each<Orders>, counts: Counts): void {
  const f = (t: Counts, key: string) => {
    if (key.length < 3) key = `${key}!`;
    t.set(key, 1);
  };
  f(counts, order.customerId);
}
/** customerId | unknown | unchanged | - */
export function defaultOfHelper(order: Each<Orders>, counts: Counts): void {
  const f = (t: Counts, key = "none") => t.set(key, 1);
  f(counts, order.customerId);
  f(counts);
}
/** customerId | proved | unchanged | - */
export function throughIdentity(order: Each<Orders>, counts: Counts): void {
  same(counts).set(same(order).customerId, 1);
}
/** customerId | proved | unchanged | - */
export function throughNamespace(order: Each<Orders>, counts: Counts): void {
  near.put(counts, order.customerId);
}
/** customerId,id | unknown | unchanged | - */
export function commaCallee(order: Each<Orders>, counts: Counts): void {
  put(counts, order.customerId);
  (0, put)(counts, order.id);
}
/** customerId,id | field id,proved,unknown | unchanged | - */
export function calledByCall(order: Each<Orders>, counts: Counts): void {
  counts.set(order.customerId, 1);
  counts["set"](order.id, 1);
  counts.set.call(counts, order.id, 1);
}
/** id | unknown | unchanged | - */
export function chosenMethod(order: Each<Orders>, counts: Counts): void {
  const method = Math.random() > 2 ? "get" : "has";
  counts[method](order.id);
}
/** customerId,id | proved,unknown | unchanged | - */
export function tableInObject(order: Each<Orders>, counts: Counts): void {
  counts.get(order.customerId);
  const box = { counts };
  box.counts.set(order.id, 1);
}
/** customerId,id | unknown | unchanged | - */
export function tableInArray(order: Each<Orders>, counts: Counts): void {
  const bumpOne = (t: Counts, o: Order) => t.set(o.customerId, 1);
  bumpOne(counts, order);
  [counts].forEach((t) => t.set(order.id, 1));
}
/** id | unknown | unchanged | - */
export function tableInClass(order: Each<Orders>, counts: Counts): void {
  class Box {
    counts = counts;
    put(): void {
      this.counts.set(order.id, 1);
    }
  }
  new Box().put();
}
/** customerId,id | field id,proved | unchanged | - */
export function insideUpdate(order: Each<Orders>, counts: Counts): void {
  counts.update(order.customerId, (n) => n + counts.get(order.id));
}
/** customerId,id | unknown | unchanged | - */
export function spreadKey(order: Each<Orders>, counts: Counts): void {
  counts.set(...([order.id, 1] as const));
  put(...([counts, order.customerId] as const));
}
/** customerId,id | unknown | unchanged | - */
export function recursive(order: Each<Orders>, counts: Counts): void {
  const walk = (o: Order, key: string, n: number): void => {
    counts.set(key, n);
    if (n > 0) walk(o, o.id, n - 1);
  };
  walk(order, order.customerId, 2);
}
/** customerId | proved | unchanged | - */
export function recursiveSame(order: Each<Orders>, counts: Counts): void {
  const walk = (o: Order, n: number): void => {
    counts.set(o.customerId, n);
    if (n > 0) walk(o, n - 1);
  };
  walk(order, 2);
}
/** customerId,id | unknown | unchanged | - */
export function resultOfDeeper(order: Each<Orders>, counts: Counts): void {
  const deeper = (o: Order, n: number): string => {
    const key: string = n > 0 ? deeper(o, n - 1) : o.customerId;
    counts.set(key, 1);
    return o.id;
  };
  deeper(order, 2);
}
/** address | unknown | unchanged | - */
export function oneOfParts(order: Each<Orders>, counts: Counts): void {
  counts.set([order.address, defaults.address][1]?.city ?? "", 1);
  const box = { address: order.address };
  box.address = defaults.address;
  counts.set(box.address.city, 1);
}
/** customerId | unknown | changed | - */
export function changedByKeyArgument(order: Each<Orders>, counts: Counts): void {
  counts.set(order.customerId, (order.customerId = "x").length);
  counts.get(order.customerId);
}
/** customerId | unknown | changed | - */
export function changedByLoop(order: Each<Orders>, counts: Counts): void {
  for (order.customerId of ["a", "b"]) counts.set(order.customerId, 1);
}
/** customerId | unknown | changed | - */
export function changedByDelete(order: Each<Orders>, counts: Counts): void {
  delete (order as Partial<Order>).customerId;
  counts.set(order.customerId ?? "", 1);
  const { customerId } = order;
  counts.set(customerId, 1);
}
/** customerId | unknown | changed | - */
export function changedByChosenField(order: Each<Orders>, counts: Counts): void {
  const k = Math.random() > 2 ? "id" : "customerId";
  order[k] = "x";
  counts.set(order.customerId, 1);
}
/** all | unknown | changed | - */
export function changedLater(order: Each<Orders>, counts: Counts): void {
  const later = () => unknown(order);
  counts.set(order.customerId, 1);
  later();
}
/** customerId | unknown | changed | - */
export function changedByPattern(order: Each<Orders>, counts: Counts): void {
  ({ customerId: order.customerId } = defaults);
  counts.set(order.customerId, 1);
}
/** customerId | unknown | unchanged | - */
export function optionalKey(order: Each<Orders>, counts: Counts): void {
  counts.set(order?.customerId, 1);
}
/** customerId | unknown | unchanged | - */
export function elementOfKey(order: Each<Orders>, counts: Counts): void {
  counts.set(order.customerId[0] ?? "", 1);
  counts.set(`${order.customerId}`, 1);
  counts.set(String(order.customerId), 1);
}
/** tags | unknown | unchanged | - */
export function elementOfList(order: Each<Orders>, counts: Counts): void {
  for (const tag of order.tags) counts.set(tag, 1);
  counts.set(order.tags[0] ?? "", 1);
}
/** id | unknown | unchanged | - | by unknown */
export function ofUnknownStream(order: Each<Orders>, counts: Counts): void {
  counts.set(order.id, 1);
}
/** - | constant | unchanged | - */
export function moduleConstant(_: Each<Orders>, counts: Counts): void {
  counts.set(all, 1);
  put(counts, "all");
}
const all = "all";
/** - | unknown | unchanged | - */
export function moduleVariable(_: Each<Orders>, counts: Counts): void {
  counts.set(one, 1);
  one = "two";
}
let one = "one";
/** - | unknown | unchanged | - */
export function eitherConstant(_: Each<Orders>, counts: Counts): void {
  counts.set(Math.random() > 0.5 ? "a" : all.length > 1 ? undefined! : "b", 1);
}
/** - | scan | unchanged | - */
export function scans(_: Each<Orders>, counts: Counts): void {
  if (counts.size > 100) counts.clear();
  for (const key of counts.keys()) void key;
}
/** customerId | proved,scan | unchanged | - */
export function looksUp(order: Each<Orders>, counts: Lookup<Counts>): void {
  counts.getOr(order.customerId, 0);
  void counts.size;
}
/** id | - | unchanged | - */
export async function views(order: Each<Orders>, counts: View<Counts>): Promise<void> {
  await counts.get(order.id);
}
/** all | proved | unchanged | - */
export function storesIt(order: Each<Orders>, kept: Kept): void {
  kept.set(order.customerId, order);
}
/** all | unknown | changed | - */
export function changesWhatIsFound(order: Each<Orders>, kept: Kept): void {
  const row = kept.getOr(order.customerId, order) as Order;
  row.customerId = "x";
  kept.set(order.customerId, row);
}
/** all | constant,unknown | changed | - */
export function changesWhatIsUpdated(order: Each<Orders>, kept: Kept): void {
  kept.update("k", () => order).customerId = "x";
  kept.set(order.customerId, defaults);
}
/** customerId | proved | unchanged | - */
export function fromEvent({ key, value }: Event<Orders>, counts: Counts): void {
  counts.set(key, 1);
  counts.set(value.customerId, 1);
}
/** - | unknown | unchanged | - */
export function otherPartOfEvent(e: Event<Orders>, counts: Counts): void {
  counts.set(e.topic, e.partition);
}
/** all | unknown | changed | - */
export function eventHandedOn(e: Event<Orders>, counts: Counts): void {
  const f = () => counts.set(e.key, 1);
  unknown(e);
  f();
}
/** all | unknown | changed | - | by area */
export function changedForFunction(view: Each<Views>, counts: Counts): void {
  counts.set(area(view), 1);
  unknown(view);
}
/** page,user | unknown | unchanged | - | by area */
export function otherForFunction(view: Each<Views>, counts: Counts): void {
  counts.set(area({ page: view.user }), 1);
  counts.set(view.page, 1);
}
/** page | unknown | unchanged | - | by chance */
export function byChance(view: Each<Views>, counts: Counts): void {
  counts.set(chance(view), 1);
}
export function chance(v: { page: string }): string {
  const { random } = Math;
  return v.page + random();
}
/** page | unknown | unchanged | - | by counter */
export function byCounter(view: Each<Views>, counts: Counts): void {
  counts.set(counter(view), 1);
}
export function counter(v: { page: string }): string {
  return `${v.page}${++count}`;
}
let count = 0;
/** page | proved | unchanged | - | by section */
export function byHelpers(view: Each<Views>, counts: Counts): void {
  counts.set(section(view), 1);
}
export const section = ({ page }: { page: string }): string => {
  const parts = page.split(separator).map((part) => part.trim());
  return lower(parts[0] ?? "");
};
const separator = "/";
const lower = (s: string): string => s.toLowerCase();
/** placedAt | unknown | unchanged | - | by day */
export function byDay(order: Each<Orders>, counts: Counts): void {
  counts.set(day(order), 1);
}
export function day(o: { placedAt: Date }): string {
  return `${o.placedAt}`;
}
/** customerId,lines | proved,unknown | unchanged | - */
export function linesOfCart(cart: Each<Carts>, counts: Counts): void {
  for (const { sku } of cart.lines) counts.set(sku, 1);
  cart.lines.forEach((l) => counts.set(l.sku, counts.get(cart.customerId)));
}
/** - | unknown | unchanged | - */
export function givesTableBack(_: Each<Orders>, counts: Counts): unknown {
  return counts;
}
/** customerId | proved,unknown | unchanged | - */
export function tableGoesFar(order: Each<Orders>, counts: Counts): void {
  counts.set(order.customerId, 1);
  const f = () => unknownTable(counts);
  f();
}
type Views = import("streamgen").Topic<"views", { value: { page: string; user: string } }>;
/** placedAt | unknown | unchanged | - | by dayOf */
export function byDayInParts(order: Each<Orders>, counts: Counts): void {
  counts.set(dayOf(order), 1);
}
export function dayOf({ placedAt }: { placedAt: Date }): string {
  return `${placedAt}`;
}
/** placedAt | proved | unchanged | - | by hour */
export function byHour(order: Each<Orders>, counts: Counts): void {
  const key = hour(order);
  counts.set(key, 1);
}
export function hour(o: { placedAt: Date }): string {
  return String(Math.floor(o.placedAt.getTime() / 3_600_000));
}
