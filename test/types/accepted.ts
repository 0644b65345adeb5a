/** Pipelines that every TypeScript must accept. Compiled, never run. */
import type {
  Ask,
  Batch,
  Change,
  Client,
  Closed,
  Command,
  Context,
  Cron,
  DeadLetter,
  Decimal,
  Delete,
  Double,
  Duration,
  Each,
  Event,
  Every,
  Field,
  Fixed,
  Float,
  Get,
  Hopping,
  Int,
  Join,
  LiveCheck,
  LocalDate,
  LocalTimestamp,
  Long,
  Lookup,
  On,
  OnStart,
  Patch,
  Post,
  Put,
  Resource,
  Retry,
  SafeLong,
  Schema,
  SetTable,
  Signal,
  Sink,
  Stream,
  Table,
  TimestampMicros,
  TimestampMillis,
  To,
  Topic,
  Tumbling,
  Uuid,
  View,
  WindowedTable,
} from "streamgen";

export interface Card {
  type: "card";
  last4: string;
}
export interface Transfer {
  type: "transfer";
  iban: string;
}
/** Every type that has an Avro mapping. */
export interface Everything
  extends Schema<{ name: "EverythingV2"; namespace: "demo"; aliases: ["Everything"] }> {
  flag: boolean;
  i: Int;
  l: Long;
  sl: SafeLong;
  f: Float;
  d: number;
  d2: Double;
  money: Decimal<12, 2>;
  day: LocalDate;
  at: Date;
  atMs: TimestampMillis;
  exact: TimestampMicros;
  wall: LocalTimestamp;
  id: Uuid;
  took: Duration;
  blob: Uint8Array;
  md5: Fixed<16>;
  status: "NEW" | "PAID";
  payment: Card | Transfer;
  mixed: string | Int | null;
  tags: string[];
  stock: Record<string, Int>;
  note: string | null;
  memo?: string;
  quantity: Field<Int, { default: 1; aliases: ["count"]; order: "ignore" }>;
  children: Everything[];
}

/** Tags behave like the types below them. */
export function tags(e: Everything): number {
  let i: Int = 1;
  i += 1;
  i = e.sl;
  e.f = i;
  e.atMs = Date.now();
  const byId: Record<Uuid, Int> = {};
  byId[e.id] = i;
  const copy: Everything = { ...e, quantity: 2, money: `${1.5}` };
  switch (copy.status) {
    case "NEW":
      return byId[e.id] ?? 0;
    case "PAID":
      return i;
  }
}

export interface Order {
  id: Uuid;
  customerId: string;
  amount: number;
  placedAt: Date;
  coupon?: string;
}
export interface Page<T> {
  items: T[];
  at: TimestampMillis;
}
export type Orders = Topic<"orders", { value: Order; keyBy: "customerId"; time: "placedAt" }>;
export type ByArea = Topic<"by-area", { value: Order; keyBy: typeof areaOf }>;
export type Legacy = Topic<"legacy", { key: string; value: Order; cleanup: "compact" }>;
export type Lines = Topic<"lines", { value: string; format: "string"; external: true }>;
export type Pages = Topic<"pages", { value: Page<Card>; time: "at" }>;
export type Owners = Table<"owners", { key: Uuid; value: { account?: string; age: Int } }>;
export type Totals = Table<"totals", { key: string; value: Int }>;
export type Counts = Table<"counts", { key: string; value: Int; default: 0 }>;
export type Tags = SetTable<"tags", { key: string; element: Uuid }>;
export type FoundOrders = Table<
  "found-orders",
  { key: Uuid; value: Order; index: ["customerId", "coupon", "placedAt"] }
>;
export type ByCustomer = Table<"by-customer", { key: Uuid; value: Order; index: "customerId" }>;
export type LegacyRows = Table<"legacy-rows", { from: Legacy }>;
export type FoundLegacy = Table<
  "found-legacy",
  { from: Legacy; index: "customerId"; onError: "skip" }
>;
export type EveryLegacy = Table<"every-legacy", { from: Legacy; global: true }>;
export type Latest = Table<"latest", { key: Uuid; value: Order }>;
export type Hourly = WindowedTable<
  "hourly",
  { key: string; value: Order; window: Tumbling<"1h">; grace: "0s" }
>;
export type Recent = WindowedTable<
  "recent",
  {
    key: string;
    value: Int;
    default: 0;
    window: Hopping<"10m", "1m">;
    grace: "30s";
    expires: "1h";
  }
>;

export function areaOf(order: Order): string {
  return order.customerId.slice(0, 2);
}
export function each(order: Each<Orders>): To<Orders> | undefined {
  return order.amount > 1 ? order : undefined;
}
export function grouped(
  order: Each<Orders, { groupBy: "id"; onError: "skip" }>,
  latest: Latest,
): To<Legacy> {
  latest.set(order.id, order);
  return { key: order.id, value: order };
}
export type AllOrders = Topic<"all-orders", { pattern: "orders-.*"; value: Order; keyBy: "id" }>;
export function fromAnywhere(event: Event<AllOrders>): void {
  const topic: string = event.topic;
  JSON.stringify([topic, event.key]);
}
export type OrdersAgain = Topic<"orders-again", { value: Order; keyBy: "id" }>;
export type OrderBytes = Topic<"order-bytes", { value: Uint8Array; format: "bytes" }>;
export function goesThrough(event: Event<Orders, { through: OrdersAgain }>): void {
  const topic: "orders-again" = event.topic;
  JSON.stringify([topic, event.value.id, event.key]);
}
export function isCopied(order: Each<Orders, { echo: OrderBytes }>): void {
  JSON.stringify(order);
}
export function isCopiedTwice(order: Each<Orders, { echo: [OrdersAgain, OrderBytes] }>): void {
  JSON.stringify(order);
}
export function auditedApart(order: Each<Orders, { group: "audit" }>): void {
  JSON.stringify(order);
}
export function sinceNow(order: Each<Orders, { from: "latest" }>): void {
  JSON.stringify(order);
}
export function ofTheYear(order: Event<Orders, { from: "2026-01-01T00:00:00Z" }>): void {
  JSON.stringify(order.key);
}
export async function ofTheWeek(orders: Stream<Orders, { from: "-7d" }>): Promise<void> {
  for await (const order of orders) JSON.stringify(order);
}
export function byArea(order: Each<Orders, { groupBy: typeof areaOf }>, counts: Counts): void {
  counts.update(areaOf(order), (n) => n + 1);
}
export function event(event: Event<Legacy>, counts: Lookup<Counts>, legacy: Sink<Legacy>): void {
  if (event.value === null) legacy.delete(event.key);
  else if (counts.get(event.key) + counts.size > 5) event.reject("too many");
  else legacy.send(event.key, event.value, { headers: { seen: "yes" } });
}
export function ranges(_: Every<"1h">, counts: Counts, latest: Lookup<Latest>): void {
  for (const [key, count] of counts.range("a", "b")) counts.set(key, count + 1);
  for (const [id, order] of latest.prefix("00")) counts.delete(`${id} ${order.customerId}`);
}
export function tagged(order: Each<Orders>, tags: Tags, seen: Lookup<Tags>): void {
  if (tags.add(order.customerId, order.id) && seen.size(order.customerId) > 9) {
    tags.clear(order.customerId);
  }
  for (const id of seen.elements(order.customerId)) tags.delete(order.customerId, id);
}
export async function audited(_: Every<"1h">, tags: View<Tags>): Promise<void> {
  for await (const id of tags.elements("a")) if (await tags.has("b", id)) return;
}
export function cities(order: Each<Orders>, found: FoundOrders, look: Lookup<FoundOrders>): void {
  for (const [id, { coupon }] of found.by("customerId", order.customerId)) {
    if (coupon === order.coupon) found.delete(id);
  }
  for (const [id] of look.by("coupon", "X")) void id;
  for (const [id] of found.by("placedAt", order.placedAt)) void id;
}
export function windowed(
  order: Each<Orders, { late: "keep" }>,
  hourly: Hourly,
  recent: Recent,
): void {
  const orders: number = recent.update(order.customerId, (n) => n + 1);
  const before = recent.ago("1h").get(order.customerId) + recent.at(order.placedAt).get("a");
  for (const { value } of recent.windows(order.customerId)) recent.set("a", value);
  if (orders > before && hourly.get(order.customerId) === undefined)
    hourly.current().set(order.customerId, order);
}
export function closed(
  { key, value, window }: Closed<Hourly, { idle: "5m"; onError: "skip" }>,
  recent: Lookup<Recent>,
): To<Orders> | undefined {
  for (const [customer, orders] of recent.now().entries()) if (orders > 1) void customer;
  return window.end > value.amount && key === value.customerId ? value : undefined;
}
export async function seen(
  _: Every<"1h">,
  recent: View<Recent>,
  hourly: View<Hourly>,
): Promise<void> {
  for await (const { window } of hourly.windows("a")) void window.start;
  return void ((await recent.get("a")) + (await recent.ago("1h").get("a")));
}
export function changed(
  { key, value, timestamp }: Change<Counts, { onError: [Retry<3>, "skip"] }>,
  recent: Lookup<Recent>,
): To<Lines> | undefined {
  return value === undefined || recent.get(key) > 0 ? undefined : `${key} ${value} ${timestamp}`;
}
export function joined(
  pair: Join<Counts, Totals, { kind: "outer"; onError: [Retry<3>, "skip"] }>,
  counts: Lookup<Counts>,
): To<Lines> | undefined {
  const { key, left, right } = pair;
  if (left === undefined && right === undefined) return undefined;
  const known: number = left ?? counts.get(key);
  return `${key} ${known} ${right ?? 0} ${pair.timestamp}`;
}
export function inner(pair: Join<Counts, Totals>): To<Lines> | undefined {
  return pair.left === undefined ? undefined : `${pair.left + pair.right}`;
}
export function billed(
  pair: Join<Owners, Totals, { on: "account"; kind: "left" }>,
): To<Lines> | undefined {
  return pair.left === undefined ? undefined : `${pair.left.account} ${pair.right ?? 0}`;
}
export function leftOnly({ left, right }: Join<Counts, Totals, { kind: "left" }>): number {
  return left === undefined ? 0 : left + (right ?? 0);
}
export function windowChanged({ value, window }: Change<Hourly>): To<Orders> | undefined {
  return window.end > 0 ? value : undefined;
}
export function* split(line: Each<Lines>): Generator<To<Lines>> {
  yield* line.split(" ");
}
export async function* streamed(orders: Stream<Orders>): AsyncGenerator<To<Orders>> {
  for await (const [index, order] of orders.filter((o) => o.amount > 1).enumerate())
    if (index > 1) yield order;
}
export async function batched(orders: Stream<Orders>, lines: Sink<Lines>): Promise<void> {
  const ids = orders.flatMap((order) => [order.id, order.customerId]).rateLimit(100, "1m");
  for await (const some of ids.take(10, "5s")) lines.send(some.join());
  for await (const [event] of orders.events().take(1)) event?.nack("30s");
}
export async function laned(
  order: Each<Orders, { concurrency: 8; onError: "skip" }>,
  counts: Counts,
): Promise<void> {
  counts.set(order.customerId, await Promise.resolve(1));
}
export function union(order: Each<Orders | Lines>): string {
  return typeof order === "string" ? order : order.customerId;
}
export function unionOfEvents(event: Event<Orders | Legacy>): string | undefined {
  if (event.topic === "orders") return event.value.id;
  return event.value?.coupon;
}
export function batch(
  orders: Batch<Orders, { max: 100; within: "5s"; groupBy: "id"; onError: "skip" }>,
): To<Lines>[] {
  return orders.map((order) => order.id);
}
export function events(orders: Batch<Legacy, { max: 1; within: "1s"; events: true }>): void {
  for (const { key, value, offset } of orders) void [key.length, value.amount, offset];
}
export async function pages(page: Each<Pages>): Promise<To<Lines>[]> {
  return page.items.map((card) => card.last4);
}
export async function tick(tick: Every<"30s">, counts: View<Counts>, ctx: Context): Promise<void> {
  ctx.log.info("count", { at: tick.at, n: await counts.get("a") });
}
export function nightly(tick: Cron<"0 3 * * MON-FRI", "Europe/Berlin">, out: Sink<Lines>): void {
  out.send(String(tick.at));
}
export function often(tick: Cron<"*/10 * * * * *", "UTC", { onError: "skip" }>): To<Lines> {
  return String(tick.at);
}
export function leading(tick: Every<"1h", { leader: true; onError: "skip" }>): To<Lines> {
  return String(tick.at);
}
export function hook(event: On<"assigned" | "revoked">, lines: Sink<Lines>): void {
  if (event.event === "revoked" && event.isLost) return;
  for (const { group, partition } of event.tasks) lines.send(`${group} ${partition}`);
}
export function backfill(
  given: Command<{ from: LocalDate; to?: Date; dryRun: boolean; ids: string[]; mode?: "a" | "b" }>,
  lines: Sink<Lines>,
): void {
  if (!given.dryRun && given.mode === "a") lines.send(given.from + given.ids.join());
}
export async function web(r: Get<"/a/:b/c/:d">, counts: View<Counts>): Promise<{ n: number }> {
  return { n: await counts.get(r.params.b + r.params.d + (r.query.get("q") ?? "")) };
}
export function posted({ body }: Post<"/orders", Order>, orders: Sink<Orders>): Response {
  orders.send(body);
  return new Response("", { status: 202 });
}
export function put(r: Put<"/x", string[]> | Patch<"/x", string[]>, _: Delete<"/y/:id">): number {
  return r.body.length + _.params.id.length;
}
export function open(ctx: Context): { readonly opened: number } {
  return { opened: ctx.now() };
}
export function start(start: OnStart, pool: Resource<typeof open>, lines: Sink<Lines>): void {
  lines.send(`${start.app} ${pool.opened}`);
}

// ---- errors
export type DeadOrders = Topic<"orders.dlq", { value: Order; keyBy: "customerId" }>;
export type DeadBytes = Topic<"bytes.dlq", { value: Uint8Array; format: "bytes" }>;
type Patient = [Retry<5, "1s..1m">, "skip"];
export type A60 = Each<Orders, { onError: DeadLetter<DeadOrders> }>;
export type A61 = Event<Orders, { onError: DeadLetter<DeadBytes> }>;
export type A62 = Stream<Orders, { onError: [Retry<3>, DeadLetter<DeadBytes>] }>;
export type A63 = Each<
  Lines,
  { onError: readonly [Retry<3, "1s">, "stop"]; groupBy: typeof areaOfLine }
>;
export type A64 = Every<"1m", { onError: Patient }>;
export declare function areaOfLine(line: string): string;
export function failing(
  order: Each<Orders, { onError: [Retry<3, "100ms..10s">, DeadLetter<DeadOrders>] }>,
  letter: Each<DeadBytes>,
): number {
  return order.amount + letter.length;
}

// ---- questions and answers
export function price(
  order: Ask<Order, { keyBy: "customerId"; onError: [Retry<3>, DeadLetter<DeadOrders>] }>,
  counts: Counts,
): { cents: Int } {
  return { cents: Math.round(order.amount) + counts.update(order.customerId, (n) => n + 1) };
}
export function priceByArea(
  line: Ask<string, { keyBy: typeof areaOfLine; format: "json"; reply: "committed" }>,
): void {
  void line;
}
export async function risk(order: Ask<Order>, scores: Client<typeof score>): Promise<number> {
  return (await scores.ask(order)).points + 1;
}
export async function score(
  order: Ask<Order>,
  risks: Client<typeof risk>,
): Promise<{ points: number }> {
  return { points: order.amount > 10 ? await risks.ask({ ...order, amount: 0 }) : 0 };
}
export async function countdown(
  n: Ask<Int, { concurrency: 16 }>,
  self: Client<typeof countdown>,
): Promise<Int> {
  return n > 0 ? await self.ask(n - 1, { timeout: "1s", signal: new AbortController().signal }) : 0;
}
export async function quote(order: Each<Orders>, prices: Client<typeof price>): Promise<void> {
  const { cents } = await prices.ask(order);
  prices.cast({ ...order, amount: cents });
  for await (const found of prices.map([order], { atOnce: 8, timeout: "1s" })) void found.cents;
}

// ---- live checks
export async function ordersArrive(
  { probe, at }: LiveCheck<"1m", { timeout: "20s" }>,
  lines: Sink<Lines>,
  orders: Signal<Orders>,
): Promise<void> {
  lines.send(`${probe} ${at}`);
  if ((await orders.wait()).amount < 0) throw new Error("less than nothing");
}
export type Check1 = LiveCheck<"1m">;
