/** Functions of a pipeline called in a test, with fakes that are typed by the pipeline's own types. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  client,
  context,
  event,
  keyedSink,
  sink,
  stream,
  table,
  view,
} from "@streamgen/runtime/testing";
import type { Each, Event, Lookup, Sink, Stream, Table, Topic } from "streamgen";
import {
  type AreaTotals,
  type Audit,
  archive,
  byArea,
  type CustomerTotals,
  forget,
  greet,
  type Limits,
  limits,
  type Names,
  type Order,
  type Orders,
  type Profiles,
  rename,
  report,
  same,
  totals,
} from "../../../fixtures/agents/in/src/agents.ts";

const order = (more: Partial<Order> = {}): Order => ({
  id: "00000000-0000-4000-8000-000000000001",
  customer: "ann",
  area: "North",
  amount: 10,
  at: new Date(0),
  ...more,
});

test("a table with a default, and one without", () => {
  const sums = table<CustomerTotals>([["ann", 5]], 0);
  assert.deepEqual(totals(order(), sums), { customer: "ann", total: 15 });
  assert.deepEqual(totals(order({ customer: "bob" }), sums), { customer: "bob", total: 10 });
  assert.deepEqual(
    sums.rows,
    new Map([
      ["ann", 15],
      ["bob", 10],
    ]),
  );
  const areas = table<AreaTotals>();
  byArea(order(), areas);
  byArea(order(), areas);
  assert.equal(areas.get("north"), 20);
  assert.equal(areas.get("south"), undefined);
});

test("a table's rows are copies, and come in the order of their keys", () => {
  const names = table<Names>();
  const profile = { name: "Ann" };
  names.set("b", profile);
  profile.name = "changed";
  assert.deepEqual(names.get("b"), { name: "Ann" });
  names.set("a", { name: "Bob" });
  assert.deepEqual([...names.keys()], ["a", "b"]);
  assert.deepEqual(names.take("a"), { name: "Bob" });
  assert.equal(names.take("a"), undefined);
  assert.deepEqual([...names.values()], [{ name: "Ann" }]);
  assert.deepEqual(names.getOr("z", { name: "-" }), { name: "-" });
  forget({ at: 1 }, names);
  assert.equal(names.size, 0);
});

interface Place {
  row: number;
  column: number;
}
type Board = Table<"board", { key: Place; value: string }>;
type Numbers = Table<"numbers", { key: bigint; value: string }>;

test("keys are told apart by what is in them", () => {
  const board = table<Board>([[{ row: 1, column: 2 }, "x"]]);
  assert.equal(board.get({ column: 2, row: 1 }), "x");
  assert.equal(board.has({ column: 1, row: 2 }), false);
  const numbers = table<Numbers>([
    [10n, "ten"],
    [-1n, "minus"],
    [9n, "nine"],
  ]);
  assert.deepEqual([...numbers.values()], ["minus", "nine", "ten"]);
  assert.deepEqual([...numbers.range(9n, 10n)], [[9n, "nine"]]);
  const areas = table<AreaTotals>([
    ["north", 1],
    ["nordic", 2],
    ["south", 3],
  ]);
  assert.deepEqual(
    [...areas.prefix("nor")],
    [
      ["nordic", 2],
      ["north", 1],
    ],
  );
});

test("a sink keeps what was sent as it was then", () => {
  const audit = sink<Audit>();
  same(order(), audit);
  assert.deepEqual(audit.sent, [order().id]);
  const sums = table<CustomerTotals>([["ann", 5]], 0);
  report({ at: 0, partition: 3 }, sums, audit);
  assert.equal(audit.sent[1], "3: 1");
  const totalsSink = sink<Orders>();
  const sent = order();
  totalsSink.send(sent, { partition: 1 });
  sent.amount = 99;
  assert.deepEqual(totalsSink.calls, [{ value: order(), options: { partition: 1 } }]);
});

type Prices = Topic<"prices", { key: string; value: number; cleanup: "compact" }>;
type Ticks = Topic<"ticks", { value: number }>;

function publish(price: Each<Ticks>, prices: Sink<Prices>): void {
  if (price < 0) prices.delete("gold");
  else prices.send("gold", price, { timestamp: 7 });
}

test("a sink of a topic with keys of its own", () => {
  const prices = keyedSink<Prices>();
  publish(3, prices);
  publish(-1, prices);
  assert.deepEqual(prices.calls, [{ key: "gold", value: 3, options: { timestamp: 7 } }]);
  assert.deepEqual(prices.deleted, ["gold"]);
});

test("an event shows what it is given, and nothing else", () => {
  const names = table<Names>();
  rename(event<Profiles>({ name: "Ann" }, { key: "a" }), names);
  assert.deepEqual(names.get("a"), { name: "Ann" });
  rename(event<Profiles>(null, { key: "a" }), names);
  assert.equal(names.has("a"), false);
  assert.throws(() => rename(event<Profiles>(null), names), { code: "SG8704" });
});

function judge(order: Event<Orders>, audit: Sink<Audit>, others: Sink<Orders>): void {
  if (order.value.amount < 0) order.reject("less than nothing");
  else if (order.headers.has("other")) order.forward(others);
  else audit.send(`${order.partition}/${order.offset} at ${order.timestamp}`);
}

test("an event's outcome is what was called", () => {
  const audit = sink<Audit>();
  const others = sink<Orders>();
  const bad = event<Orders>(order({ amount: -1 }));
  judge(bad, audit, others);
  assert.deepEqual(bad.outcome, { kind: "reject", reason: "less than nothing" });
  const good = event<Orders>(order(), { timestamp: new Date(5), partition: 2, offset: 9n });
  judge(good, audit, others);
  assert.equal(good.outcome, undefined);
  assert.deepEqual(audit.sent, ["2/9 at 5"]);
  const other = event<Orders>(order(), { headers: { other: "yes" } });
  judge(other, audit, others);
  assert.equal(other.outcome?.kind, "forward");
  assert.deepEqual(others.sent, [order()]);
});

test("a stream goes through its values, its items and its events", async () => {
  const names = table<Names>([["ann", { name: "Ann" }]]);
  const orders = stream<Orders>([order(), order({ customer: "bob" })], ({ id }) => ({ key: id }));
  const greetings: string[] = [];
  for await (const text of greet(orders, view(names))) greetings.push(text);
  assert.deepEqual(greetings, [`${order().id} Ann`, `${order().id} unknown`]);
  const inserted: string[] = [];
  const ctx = context();
  await archive(stream<Orders>([order()]), { insert: (id) => void inserted.push(id) }, ctx);
  assert.deepEqual(inserted, [order().id]);
  assert.equal(ctx.counts.get("archived"), 1);
});

async function odd(numbers: Stream<Ticks>): Promise<readonly string[]> {
  const found: string[] = [];
  const chosen = numbers
    .filter((number) => number % 2 === 1)
    .peek((number) => void found.push(`saw ${number}`))
    .map((number) => number * 10)
    .enumerate(1);
  for await (const [index, number] of chosen) found.push(`${index}: ${number}`);
  return found;
}

test("a stream has all operators, and its events keep their outcomes", async () => {
  assert.deepEqual(await odd(stream<Ticks>([1, 2, 3])), ["saw 1", "1: 10", "saw 3", "2: 30"]);
  const ticks = stream<Ticks>([1, 2]);
  for await (const tick of ticks.events()) if (tick.value > 1) tick.reject("too much");
  assert.deepEqual(
    ticks.taken.map(({ outcome }) => outcome?.kind),
    [undefined, "reject"],
  );
});

test("a stream that is taken together has its last values when time is up", async () => {
  const seen: unknown[] = [];
  for await (const some of stream<Ticks>([1, 2, 3]).take(2, "1s")) seen.push(some);
  for await (const some of stream<Ticks>([1, 2, 3]).take(2)) seen.push(some);
  for await (const one of stream<Ticks>([1, 2])
    .flatMap((n) => [n, n])
    .rateLimit(1))
    seen.push(one);
  assert.deepEqual(seen, [[1, 2], [3], [1, 2], 1, 1, 2, 2]);
  const given = event<Ticks>(1);
  given.nack("30s");
  assert.deepEqual(given.outcome, { kind: "nack", delay: "30s" });
});

test("a context keeps lines and counts", () => {
  const ctx = context({ now: new Date(5), idempotencyKey: "orders/0/1" });
  limits(order({ amount: 500 }), table<Limits>([], 100), ctx);
  assert.deepEqual(ctx.lines, ["warn over the limit customer=ann"]);
  assert.equal(ctx.now(), 5);
  assert.equal(ctx.idempotencyKey, "orders/0/1");
});

test("a view and a lookup read the same rows", async () => {
  const sums = table<CustomerTotals>([["ann", 5]], 0);
  const lookup: Lookup<CustomerTotals> = sums;
  assert.equal(lookup.getOr("bob", 7), 7);
  const sumsView = view(sums);
  assert.equal(await sumsView.get("bob"), 0);
  assert.equal(await sumsView.has("ann"), true);
  const rows: (readonly [string, number])[] = [];
  for await (const row of sumsView.entries()) rows.push(row);
  assert.deepEqual(rows, [["ann", 5]]);
});

test("a client calls the function that it is a client of", async () => {
  const counts = table<CustomerTotals>([["ann", 5]], 0);
  const asked = client(
    (question: { customer: string }, sums: CustomerTotals): number =>
      sums.update(question.customer, (sum) => sum + 1),
    counts,
  );
  assert.equal(await asked.ask({ customer: "ann" }), 6);
  const answers: number[] = [];
  for await (const answer of asked.map([{ customer: "ann" }, { customer: "bob" }])) {
    answers.push(answer);
  }
  assert.deepEqual(answers, [7, 1]);
  assert.equal(asked.asked.length, 3);
  asked.cast({ customer: "bob" });
  assert.deepEqual(asked.casts, [{ customer: "bob" }]);
  assert.equal(counts.get("bob"), 1);
  const failing = client((): number => assert.fail("no"));
  await assert.rejects(failing.ask(undefined), /no/);
});
