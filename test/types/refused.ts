/** Each line under `@ts-expect-error` must be refused, in the editor, by every TypeScript. */
import type {
  Ask,
  Batch,
  Change,
  Client,
  Closed,
  Command,
  Cron,
  DeadLetter,
  Each,
  Event,
  Every,
  Field,
  Get,
  Hopping,
  Int,
  Join,
  LiveCheck,
  Lookup,
  On,
  Post,
  Resource,
  Retry,
  Schema,
  SetTable,
  Signal,
  Sink,
  Stream,
  Table,
  Topic,
  Tumbling,
  View,
  WindowedTable,
} from "streamgen";
import type {
  Counts,
  DeadBytes,
  FoundLegacy,
  FoundOrders,
  Latest,
  Legacy,
  LegacyRows,
  Lines,
  Order,
  Orders,
  Recent,
  Tags,
} from "./accepted.ts";

// ---- topics
// @ts-expect-error unknown option
export type E1 = Topic<"x", { value: Order; partitons: 6 }>;
// @ts-expect-error no such field
export type E2 = Topic<"x", { value: Order; keyBy: "customerID" }>;
// @ts-expect-error not a span
export type E3 = Topic<"x", { value: Order; retention: "7 days" }>;
// @ts-expect-error time must be a date or a number
export type E4 = Topic<"x", { value: Order; time: "id" }>;
// @ts-expect-error an optional field cannot be the key
export type E5 = Topic<"x", { value: Order; keyBy: "coupon" }>;
// @ts-expect-error key beside keyBy
export type E6 = Topic<"x", { value: Order; keyBy: "id"; key: string }>;
// @ts-expect-error no value
export type E7 = Topic<"x", { key: string }>;
// @ts-expect-error the format string needs a string
export type E8 = Topic<"x", { value: Order; format: "string" }>;
// @ts-expect-error keyBy with a function of another value
export type E9 = Topic<"x", { value: Order; keyBy: typeof ofAnother }>;
// @ts-expect-error a key cannot be a promise
export type E10 = Topic<"x", { value: Order; keyBy: typeof later }>;
// @ts-expect-error partitions is a number
export type E11 = Topic<"x", { value: Order; partitions: "6" }>;
export declare function ofAnother(a: { nope: string }): string;
export declare function later(o: Order): Promise<string>;

// ---- records
// @ts-expect-error a default of another type
export type E20 = Field<"EUR" | "USD", { default: "GBP" }>;
// @ts-expect-error unknown option
export interface E21 extends Schema<{ namespce: "a" }> {}

// ---- triggers
// @ts-expect-error no such field
export type E30 = Each<Orders, { groupBy: "customerID" }>;
// @ts-expect-error a topic of other values
export type ThroughLines = Each<Orders, { through: Lines }>;
// @ts-expect-error a topic of other values
export type EchoLines = Each<Orders, { echo: [DeadBytes, Lines] }>;
// @ts-expect-error no place to begin at
export type FromNowhere = Each<Orders, { from: "yesterday" }>;
// @ts-expect-error a length of time is whole
export type FromHalf = Each<Orders, { from: "-1.5d" }>;
// @ts-expect-error unknown option
export type E31 = Each<Orders, { onErr: "skip" }>;
// @ts-expect-error unknown policy
export type E32 = Event<Orders, { onError: "ignore" }>;
// @ts-expect-error not a topic
export type E33 = Each<Order>;
// @ts-expect-error a table is not a topic
export type E34 = Stream<Counts>;
// @ts-expect-error not a span
export type E35 = Every<"10 s">;
// @ts-expect-error not a whole number
export type E36 = Every<"1.5h">;

// @ts-expect-error too few fields
export type E92 = Cron<"0 3 * *">;
// @ts-expect-error unknown policy
export type E38 = Cron<"0 3 * * *", "UTC", { onError: "retry" }>;

// @ts-expect-error yes or no
export type E94 = Cron<"0 3 * * *", "UTC", { leader: "yes" }>;
// @ts-expect-error no such event
export type E95 = On<"started">;
// @ts-expect-error hooks have no leader
export type E96 = On<"assigned", { leader: true }>;

// @ts-expect-error not a flag
export type E97 = Command<{ order: Order }>;

// @ts-expect-error paths begin with a slash
export type E98 = Get<"orders">;
// @ts-expect-error no body
export type E99 = Get<"/orders", Order>;
export function requests(r: Get<"/a/:b">, p: Post<"/orders", Order>): void {
  // @ts-expect-error no such parameter
  r.params.c;
  // @ts-expect-error another type
  const n: number = p.body.id;
  void n;
}

// ---- errors
// @ts-expect-error the last step comes last
export type E170 = Each<Orders, { onError: ["skip", Retry<3>] }>;
// @ts-expect-error what happens when no retry helps?
export type E171 = Each<Orders, { onError: Retry<3> }>;
// @ts-expect-error nothing comes behind a last step
export type E172 = Each<Orders, { onError: [Retry<3>, "skip", "stop"] }>;
// @ts-expect-error two retries are one
export type E173 = Each<Orders, { onError: [Retry<3>, Retry<3>] }>;
// @ts-expect-error two dots
export type E174 = Each<Orders, { onError: [Retry<3, "100ms-10s">, "skip"] }>;
// @ts-expect-error a number
export type E175 = Each<Orders, { onError: [Retry<"3">, "skip"] }>;
// @ts-expect-error dead letters of another type
export type E176 = Each<Orders, { onError: DeadLetter<Lines> }>;
// @ts-expect-error a table takes no dead letters
export type E177 = Each<Orders, { onError: DeadLetter<Counts> }>;
// @ts-expect-error a tick is no record
export type E178 = Every<"1m", { onError: DeadLetter<DeadBytes> }>;
// @ts-expect-error no last step of this name
export type E179 = Stream<Orders, { onError: [Retry<3>, "ignore"] }>;

// ---- tables and resources
// @ts-expect-error unknown option
export type E40 = Table<"t", { key: string; value: Order; defualt: 1 }>;
// @ts-expect-error a default of another type
export type E41 = Table<"t", { key: string; value: number; default: "0" }>;
// @ts-expect-error unknown option
export type E45 = SetTable<"t", { key: string; element: string; value: string }>;
// @ts-expect-error no element
export type E46 = SetTable<"t", { key: string }>;
// @ts-expect-error elements are scalars or flat records
export type E47 = SetTable<"t", { key: string; element: string | null }>;
// @ts-expect-error no such field
export type E48 = Table<"t", { key: string; value: Order; index: "customer" }>;
// @ts-expect-error an index is over a scalar
export type E49 = Table<"t", { key: string; value: { tags: string[] }; index: "tags" }>;
// @ts-expect-error the key is the topic's
export type E100 = Table<"t", { from: Legacy; key: string }>;
// @ts-expect-error the value is the topic's
export type E101 = Table<"t", { from: Legacy; value: Order }>;
// @ts-expect-error no value
export type E102 = Table<"t", { key: string }>;
// @ts-expect-error not a topic
export type E103 = Table<"t", { from: Order }>;
// @ts-expect-error no such field of the topic's values
export type E104 = Table<"t", { from: Legacy; index: "customer" }>;
// @ts-expect-error only records of a topic may be left out
export type E105 = Table<"t", { key: string; value: Order; onError: "skip" }>;
// @ts-expect-error only a table of a topic is global
export type E106 = Table<"t", { key: string; value: Order; global: true }>;
export function legacyRows(rows: LegacyRows, found: Lookup<FoundLegacy>): void {
  // @ts-expect-error only its topic writes it
  rows.set("a", {});
  // @ts-expect-error a key of another type
  found.get(1);
  // @ts-expect-error not an index
  found.by("id", "x");
}
// @ts-expect-error a sink is for a topic
export type E42 = Sink<Order>;
// @ts-expect-error a topic has no view
export type E43 = View<Orders>;
// @ts-expect-error the runtime has no file name to give
export type E44 = Resource<(file: string) => object>;

type Hour = Tumbling<"1h">;
// @ts-expect-error no grace
export type E65 = WindowedTable<"t", { key: string; value: Order; window: Hour }>;
// @ts-expect-error no window
export type E66 = WindowedTable<"t", { key: string; value: Order; grace: "1s" }>;
// @ts-expect-error not a span
export type E67 = Tumbling<"1 h">;
// @ts-expect-error not a window
export type E68 = WindowedTable<"t", { key: string; value: Int; window: "1h"; grace: "1s" }>;
// @ts-expect-error a step, too
export type E69 = Hopping<"1h">;
// @ts-expect-error no windows
export type E70 = Closed<Counts>;
// @ts-expect-error unknown choice
export type E71 = Each<Orders, { late: "never" }>;

// @ts-expect-error not a table
export type E72 = Change<Orders>;
// @ts-expect-error unknown option
export type E73 = Change<Counts, { late: "drop" }>;
// @ts-expect-error the row is still there
export type E74 = Change<Counts, { onError: DeadLetter<Legacy> }>;
// @ts-expect-error a table and a topic
export type E75 = Join<Counts, Orders>;
// @ts-expect-error rows have no distance in time
export type E76 = Join<Counts, Counts, { within: "1m" }>;
// @ts-expect-error unknown kind
export type E77 = Join<Counts, Counts, { kind: "right" }>;
type Owners = Table<"owners", { key: string; value: { account: string; age: Int } }>;
// @ts-expect-error no field of the left rows
export type E78 = Join<Owners, Counts, { on: "name" }>;
// @ts-expect-error no key of the right table
export type E79 = Join<Owners, Counts, { on: "age" }>;
export function pair({ left, right }: Join<Counts, Counts, { kind: "left" }>): void {
  // @ts-expect-error there may be no right row
  if (left !== undefined) void (left + right);
}
export function row(change: Change<Counts>, windowed: Change<Recent>): void {
  // @ts-expect-error a deleted row has no value
  const count: number = change.value;
  // @ts-expect-error no windows
  void [count, change.window];
  void windowed.window;
}

export function windows(recent: Recent, look: Lookup<Recent>, view: View<Recent>): void {
  // @ts-expect-error windows are of one key
  recent.windows();
  // @ts-expect-error not a span
  recent.ago("1 h");
  // @ts-expect-error a lookup does not write
  look.set("a", 1);
  // @ts-expect-error nor at another time
  look.ago("1h").set("a", 1);
  // @ts-expect-error a view's answer is a promise
  const n: number = view.ago("1h").get("a");
  void n;
}

export function scans(
  byNumber: Table<"n", { key: number; value: Order }>,
  byPlace: Table<"p", { key: { x: number; y: number }; value: Order }>,
): void {
  // @ts-expect-error a bound is a key
  byNumber.range("1", "2");
  // @ts-expect-error only texts begin with one
  byNumber.prefix("1");
  // @ts-expect-error records do not sort
  byPlace.range({ x: 1, y: 1 }, { x: 2, y: 2 });
}

export function finds(found: FoundOrders, latest: Latest, look: Lookup<Latest>): void {
  // @ts-expect-error not an index
  found.by("amount", 1);
  // @ts-expect-error a value of another type
  found.by("customerId", 1);
  // @ts-expect-error this table has no index
  latest.by("id", "a");
  // @ts-expect-error nor has its lookup
  look.by("id", "a");
}
export function elements(tags: Tags, look: Lookup<Tags>, view: View<Tags>): void {
  // @ts-expect-error wrong element
  tags.add("a", 1);
  // @ts-expect-error sets have no rows
  tags.get("a");
  // @ts-expect-error a lookup does not write
  look.add("a", "b");
  // @ts-expect-error a view's answer is a promise
  const has: boolean = view.has("a", "b");
  void has;
}
export function handles(
  counts: Counts,
  latest: Latest,
  look: Lookup<Counts>,
  view: View<Counts>,
): void {
  // @ts-expect-error wrong key
  counts.get(1);
  // @ts-expect-error wrong value
  counts.set("a", "1");
  // @ts-expect-error there may be no row
  latest.update("a", (order) => order);
  // @ts-expect-error no promise in an update
  counts.update("a", async (n) => n + 1);
  // @ts-expect-error rows are shared: not changed in place
  latest.getOr("a", { id: "", customerId: "", amount: 1, placedAt: new Date() }).amount = 2;
  // @ts-expect-error a lookup does not write
  look.set("a", 1);
  // @ts-expect-error a view's answer is a promise
  const n: number = view.get("a");
  void n;
}
export function sends(orders: Sink<Orders>, legacy: Sink<Legacy>, lines: Sink<Lines>): void {
  // @ts-expect-error the key is given for this topic
  legacy.send({ id: "", customerId: "", amount: 1, placedAt: new Date() });
  // @ts-expect-error no tombstones in a topic that is not compacted
  orders.delete("a");
  // @ts-expect-error a string
  lines.send(1);
}
export function tombstone(event: Event<Legacy>): string {
  // @ts-expect-error may be a tombstone
  return event.value.id;
}
export async function operators(orders: Stream<Orders>, event: Event<Orders>): Promise<void> {
  // @ts-expect-error not a span
  orders.take(10, "soon");
  // @ts-expect-error an array of how many
  orders.take();
  // @ts-expect-error not a sequence
  orders.flatMap((order) => order.amount);
  // @ts-expect-error not a span
  orders.rateLimit(10, 1000);
  // @ts-expect-error not a span
  event.nack(1000);
  // @ts-expect-error what is taken together is not changed
  for await (const some of orders.take(2)) some.push(event.value);
}
// @ts-expect-error how many
export type E60 = Batch<Orders, { within: "1s" }>;
// @ts-expect-error for how long
export type E61 = Batch<Orders, { max: 10 }>;
// @ts-expect-error unknown option
export type E62 = Batch<Orders, { max: 10; within: "1s"; atLeast: 2 }>;
// @ts-expect-error not a span
export type E63 = Batch<Orders, { max: 10; within: "1 s" }>;
export function batch(orders: Batch<Orders, { max: 10; within: "1s" }>): void {
  // @ts-expect-error a value has no key
  void orders[0]?.key;
  // @ts-expect-error what comes together is not changed
  orders.pop();
}
export function unions(value: Each<Orders | Lines>, event: Event<Orders | Legacy>): void {
  // @ts-expect-error may be a text
  void value.customerId;
  // @ts-expect-error may be a tombstone, in one of the topics
  void event.value.id;
}
// @ts-expect-error a stream has one run, and no lanes
export type Lane1 = Stream<Orders, { concurrency: 8 }>;
// @ts-expect-error a batch is one call
export type Lane2 = Batch<Orders, { max: 10; within: "1s"; concurrency: 8 }>;
// @ts-expect-error how many
export type Lane3 = Each<Orders, { concurrency: "8" }>;
// @ts-expect-error no such field
export type Ask1 = Ask<Order, { keyBy: "customer" }>;
// @ts-expect-error no such moment
export type Ask2 = Ask<Order, { reply: "later" }>;
// @ts-expect-error no such format
export type Ask3 = Ask<Order, { format: "string" }>;
// @ts-expect-error a question has no windows of its own to be late for
export type Ask4 = Ask<Order, { late: "keep" }>;
export declare function priced(order: Ask<Order>): Promise<{ cents: number }>;
// @ts-expect-error a type that is no function
export type Ask5 = Client<Order>;
export async function asking(order: Order, prices: Client<typeof priced>): Promise<void> {
  // @ts-expect-error not a question
  await prices.ask({ id: order.id });
  // @ts-expect-error not a span
  await prices.ask(order, { timeout: "soon" });
  // @ts-expect-error not in the answer
  void (await prices.ask(order)).euros;
  // @ts-expect-error how many
  void prices.map([order], { atOnce: "8" });
  // @ts-expect-error it gives no answer
  await prices.cast(order).cents;
}
// @ts-expect-error not a span
export type Check1 = LiveCheck<"now and then">;
// @ts-expect-error unknown option
export type Check2 = LiveCheck<"1m", { retries: 3 }>;
export async function checking(probe: LiveCheck<"1m">, orders: Signal<Orders>): Promise<void> {
  // @ts-expect-error no such field
  void (await orders.wait()).euros;
  // @ts-expect-error it waits, and sends nothing
  orders.send(probe);
}
