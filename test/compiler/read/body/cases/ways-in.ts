/** Ways to read a field without naming it where one would look for it. */
import type { Each, Sink, To } from "streamgen";
import { unknown } from "./far.js";
import { isLarge, same } from "./near.ts";
import { type Carts, type Copy, defaults, type Order, type Orders } from "./order.ts";

/** all | - | changed | - */
export function tagged(order: Each<Orders>): string {
  const tag = (_: TemplateStringsArray, o: Order): string => o.id + o.coupon;
  return tag`${order}`;
}
/** - | - | unchanged | - */
export function typesOnly(order: Each<Orders>): string {
  type Value = typeof order;
  const keys: readonly (keyof Value)[] = [];
  return String(keys.length);
}
/** amount | - | unchanged | - */
export function escapedName(order: Each<Orders>): number {
  return ord\u0065r.am\u006funt;
}
/** all | - | changed | - */
export function escapedArguments(order: Each<Orders>): number {
  return (argument\u0073[0] as Order).amount;
}
/** all | - | changed | - */
export function evaluated(order: Each<Orders>): unknown {
  return eval("order.amount");
}
/** all | - | changed | - */
export function inClass(order: Each<Orders>): number {
  class Box {
    held = order;
    get amount(): number {
      return this.held.amount;
    }
  }
  return new Box().amount;
}
/** amount,coupon,id,items,tags | - | unchanged | - */
export function classParts(order: Each<Orders>): unknown {
  class Box {
    static first = order.amount;
    static {
      void order.items;
    }
    constructor(readonly given = order.id) {}
    get coupon(): string | undefined {
      return order.coupon;
    }
    [`tag${order.tags.length}`](): void {}
  }
  return new Box().coupon;
}
/** all | - | changed | - */
export function mixedIn(order: Each<Orders>): unknown {
  const mixin = (o: Order) => {
    const { amount } = o;
    return class {
      readonly amount = amount;
      readonly all = o;
    };
  };
  class Box extends mixin(order) {}
  return new Box().all.id;
}
/** amount,id,items | - | unchanged | - */
export function defaultsOfParameters(order: Each<Orders>): unknown {
  const f = (o = order, n = o.amount, { items } = o) => n + items;
  const g = ({ id } = order) => id;
  return f() + g();
}
/** id | - | unchanged | - */
export function assignedLater(order: Each<Orders>): unknown {
  let o: Order | undefined;
  const f = () => o?.id;
  o = order;
  return f();
}
/** all | - | changed | - */
export function thrown(order: Each<Orders>): unknown {
  try {
    throw order;
  } catch (e) {
    return (e as Order).amount;
  }
}
/** all | - | changed | - */
export async function promised(order: Each<Orders>): Promise<unknown> {
  return await Promise.resolve(order).then((o) => o.id);
}
/** all | - | changed | - */
export function inMap(order: Each<Orders>): unknown {
  return new Map([["a", order]]).get("a")?.id;
}
/** all | - | changed | - */
export function byGenerator(order: Each<Orders>): unknown {
  function* give(o: Order): Generator<Order> {
    yield o;
  }
  for (const o of give(order)) return o.id;
}
/** all | - | changed | - */
export async function byAsyncHelper(order: Each<Orders>): Promise<unknown> {
  const give = async (o: Order): Promise<Order> => o;
  return (await give(order)).id;
}
/** amount | - | unchanged | - */
export async function insideAsyncHelper(order: Each<Orders>): Promise<unknown> {
  const ask = async (o: Order): Promise<number> => o.amount;
  return await ask(order);
}
/** id | - | unchanged | - */
export function byResult(order: Each<Orders>): unknown {
  return same(same(order)).id;
}
/** all | - | changed | - */
export function bound(order: Each<Orders>): unknown {
  return isLarge.call(null, order) || isLarge.bind(null, order)();
}
/** all | - | changed | - */
export function asThis(order: Each<Orders>): unknown {
  function ask(this: Order): string {
    return this.id;
  }
  return ask.call(order);
}
/** all | - | changed | - */
export function valueOf(order: Each<Orders>): unknown {
  return (order.valueOf() as Order).id;
}
/** all | - | changed | - */
export function ownProperty(order: Each<Orders>): unknown {
  return order.hasOwnProperty("coupon");
}
/** all | - | unchanged | - */
export function viaKeys(order: Each<Orders>): unknown {
  return Object.keys(order).length;
}
/** all | - | changed | - */
export function viaProxy(order: Each<Orders>): unknown {
  return new Proxy(order, {}).id;
}
/** all | - | changed | - */
export function viaPrototype(order: Each<Orders>): unknown {
  const o: Order = { __proto__: order } as never;
  return o.id;
}
/** all | - | changed | - */
export function viaReflect(order: Each<Orders>): unknown {
  return Reflect.get(order, "id");
}
/** all | - | changed | - */
export function viaGlobal(order: Each<Orders>): unknown {
  Object.assign(globalThis, { held: order });
  return (globalThis as unknown as { held: Order }).held.id;
}
/** all | - | changed | - */
export function viaModule(order: Each<Orders>): unknown {
  held = order;
  return fromModule();
}
let held: Order = defaults;
const fromModule = (): string => held.id;
/** all | - | changed | - */
export function computedPattern(order: Each<Orders>): unknown {
  const k: keyof Order = Math.random() > 2 ? "id" : "amount";
  const { [k]: v } = order;
  return v;
}
/** amount,id | - | unchanged | - */
export function literalPattern(order: Each<Orders>): unknown {
  const { ["amount"]: a, id: b } = order;
  return [a, b];
}
/** coupon,id | - | unchanged | - */
export function defaultOfPattern(order: Each<Orders>): unknown {
  const { coupon = order.id } = order;
  return coupon;
}
/** amount,id | - | unchanged | - */
export function byPatternAssignment(order: Each<Orders>): unknown {
  let a = 0;
  let o = defaults;
  ({ amount: a } = o = order);
  return [a, o.id];
}
/** all | - | changed | - */
export function restOfArguments(order: Each<Orders>): unknown {
  const f = (...all: readonly Order[]) => all[0]?.id;
  return f(order);
}
/** all | - | changed | - */
export function spreadArguments(order: Each<Orders>): unknown {
  return isLarge(...([order] as const));
}
/** amount | - | unchanged | - */
export function nestedLoops(order: Each<Orders>): unknown {
  outer: for (let i = 0; i < 9; i++) {
    for (const n of [1, 2, 3]) {
      if (n * i > order.amount) continue outer;
      if (n + i > 5) break outer;
    }
  }
  return 1;
}
/** amount,id,status | - | unchanged | - */
export function inConditions(order: Each<Orders>): unknown {
  let n = 0;
  while (order.amount > n) n += 100;
  do n--;
  while (n > order.id.length);
  switch (true) {
    case order.status === "new":
      return n;
  }
}
/** amount | - | unchanged | - */
export function testsOfWhole(order: Each<Orders>): unknown {
  if (!order || order === null || typeof order !== "object" || order == null) return 0;
  return order && (order as unknown) !== 1 && order.amount;
}
/** all | - | unchanged | - */
export function template(order: Each<Orders>): unknown {
  return `${order}`;
}
/** all | - | changed | - */
export function instance(order: Each<Orders>): unknown {
  class Sly {
    static [Symbol.hasInstance](o: unknown): boolean {
      return (o as Order).id === "i";
    }
  }
  return (order as unknown) instanceof Sly;
}
/** all | - | unchanged | - */
export function decorated(order: Each<Orders>): unknown {
  const mark =
    (o: Order) =>
    (_: unknown, _context: unknown): void => {
      void o.id;
    };
  class Box {
    @mark(order)
    method(): void {}
  }
  return Box.length + String(keep(order)).length;
}
const keep = (o: Order): unknown => [o];
/** amount,id | - | unchanged | - */
export function hoisted(order: Each<Orders>): unknown {
  return early(order);
  function early(o: Order): unknown {
    return [o.id, late(o)];
  }
  function late({ amount }: Order): number {
    return amount;
  }
}
/** id | - | unchanged | - */
export function namedExpression(order: Each<Orders>): unknown {
  const f = function again(o: Order, n = 3): string {
    return n === 0 ? o.id : again(o, n - 1);
  };
  return f(order);
}
/** amount,id | - | unchanged | - */
export function mutual(order: Each<Orders>): unknown {
  return even(order, 3);
}
function even(o: Order, n: number): unknown {
  return n === 0 ? o.id : odd(o, n - 1);
}
function odd(o: Order, n: number): unknown {
  return n === 0 ? o.amount : even(o, n - 1);
}
/** id | - | unchanged | - */
export function resultOfRecursion(order: Each<Orders>): unknown {
  return inner(order, 2).id;
}
function inner(o: Order, n: number): Order {
  const deeper = n === 0 ? o : inner(o, n - 1);
  return deeper;
}
/** all | - | changed | - */
export function reassignedDeclaration(order: Each<Orders>): unknown {
  replace();
  return replaced(order);
}
function replaced(o: Order): unknown {
  return o.amount;
}
function replace(): void {
  // @ts-expect-error: the checker refuses it, but it runs.
  replaced = (o: Order) => o.id + o.coupon;
}
/** all | - | changed | - */
export function reassignedExport(order: Each<Orders>): unknown {
  // @ts-expect-error: the checker refuses it, but it runs.
  [replacedToo] = [(o: Order) => o.id + o.coupon];
  return replacedToo(order);
}
export function replacedToo(o: Order): unknown {
  return o.amount;
}
/** all | - | changed | - */
export function reassignedInside(order: Each<Orders>): unknown {
  function f(o: Order): unknown {
    return o.amount;
  }
  // @ts-expect-error: the checker refuses it, but it runs.
  ({ f } = { f: (o: Order) => o.id + o.coupon });
  return f(order);
}
/** amount,id | - | unchanged | - */
export function overloaded(order: Each<Orders>): unknown {
  return pick(order) + pick(order, 1);
}
function pick(o: Order): string;
function pick(o: Order, n: number): string;
function pick(o: Order, n?: number): string {
  return n === undefined ? o.id : String(o.amount);
}
/** amount,id | - | unchanged | - */
export function throughCasts(order: Each<Orders>): unknown {
  const o = (<unknown>order) as { amount: number };
  return o.amount + (order as any)["id"]!.length;
}
/** all | - | changed | - */
export function notAField(order: Each<Orders>): unknown {
  return (order as any).constructor.name + (order as any).anything;
}
/** amount,id | - | unchanged | - */
export function enumerated(order: Each<Orders>): unknown {
  enum Sizes {
    small = order.amount,
  }
  return Sizes.small + ((void 0, order).id ? 1 : 0);
}
/** id | - | unchanged | - */
export function immediately(order: Each<Orders>): unknown {
  return (
    ((o) => o.id)(order) +
    (function () {
      return order.id;
    })()
  );
}
/** all | - | changed | - */
export function callbackOfHelper(order: Each<Orders>): unknown {
  const apply = (f: (o: Order) => unknown, o: Order) => f(o);
  return apply((o) => o.id, order);
}
/** all | - | changed | - */
export function givenBackByClosure(order: Each<Orders>): unknown {
  return [1].map(() => order)[0]?.id;
}
/** amount | - | unchanged | - */
export const arrow = (order: Each<Orders>): number => order.amount;
/** all | - | unchanged | input */
export const arrowBack = (order: Each<Orders>): To<Copy> => order;
/** id,tags | - | unchanged | - */
export function objectMethods(order: Each<Orders>): unknown {
  const box = {
    get id(): string {
      return order.id;
    },
    tags(): number {
      return order.tags.length;
    },
  };
  return box.id + box.tags();
}
/** all | - | changed | - */
export function shadowedBuiltIn(order: Each<Orders>): unknown {
  const JSON = {
    stringify(o: Order): string {
      o.customerId = "changed";
      return o.id;
    },
  };
  return JSON.stringify(order);
}
/** all | - | changed | - */
export function replacer(order: Each<Orders>): unknown {
  return JSON.stringify(order, (_, v) => {
    if (typeof v === "object" && v !== null && "customerId" in v) v.customerId = "changed";
    return v;
  });
}
/** all | - | changed | - */
export function usingIt(order: Each<Orders>): unknown {
  using o = order as unknown as Disposable & Order;
  return o.id;
}
/** all | - | unchanged | - */
export function sentInObject(order: Each<Orders>, copy: Sink<Copy>): void {
  const value = { ...order, status: "paid" as const };
  value.amount = 2;
  copy.send(value);
}
/** customerId,lines | - | unchanged | - */
export function builtFromParts(cart: Each<Carts>): unknown {
  const total = cart.lines.filter((l) => l.qty > 0).reduce((n, l) => n + l.qty, 0);
  return { customer: cart.customerId, total, names: cart.lines.map(({ sku }) => sku) };
}
/** all | - | changed | - */
export function keptInObject(order: Each<Orders>): unknown {
  const box: { o?: Order } = {};
  box.o = order;
  return box.o.id;
}
/** all | - | changed | - */
export function inObject(order: Each<Orders>): unknown {
  const box = { o: order };
  return box.o.id;
}
/** all | - | changed | - */
export function listed(order: Each<Orders>): unknown {
  const [o] = [order];
  return o?.id;
}
/** all | - | changed | - */
export function toUnknownLater(order: Each<Orders>): unknown {
  const later = () => unknown(order);
  return [later].length;
}
/** coupon,id | - | unchanged | - */
export function optionalCalls(order: Each<Orders>): unknown {
  const maybe = undefined as ((s: string) => void) | undefined;
  maybe?.(order.coupon ?? "");
  return order?.id;
}
/** all | - | unchanged | - */
export function chosenIn(order: Each<Orders>): unknown {
  const name = Math.random() > 2 ? "id" : "coupon";
  return name in order;
}
/** all | - | changed | - */
export function inheritedIn(order: Each<Orders>): unknown {
  return "toString" in order && "nothing" in order;
}
/** address | - | unchanged | - */
export function inPart(order: Each<Orders>): unknown {
  return "zip" in order.address && !("tags" in order.address);
}
/** all | - | changed | - */
export function notDeclared(order: Each<Orders>): unknown {
  return (order as unknown as { anything: unknown }).anything;
}
/** amount,id | - | unchanged | - */
export function decoratedByParts(order: Each<Orders>): unknown {
  const mark =
    (_: unknown) =>
    (_method: unknown, _context: unknown): void => {};
  class Box {
    @mark(order.amount) method(): void {}
    @mark(order.id) get one(): number {
      return 1;
    }
  }
  return Box.length;
}
