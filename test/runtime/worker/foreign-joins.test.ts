/**
 * Joins of a table with the rows whose keys it names, in tasks of their own: against a join of all rows at
 * once, with crashes anywhere. One seed is one run.
 */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type AgentSpec,
  changes,
  type ForeignJoinSpec,
  foreignLeft,
  foreignResponses,
  foreignRight,
  foreignSubscriptions,
  type LeftRows,
  type PipelineSpec,
  source,
  type TableSpec,
  type TaskScope,
  type TopicSpec,
} from "@streamgen/runtime";
import {
  bytesCodec,
  bytesFormat,
  bytesKey,
  intKey,
  stringCodec,
  stringFormat,
  stringKey,
} from "@streamgen/runtime/codec";
import { random } from "../../random.ts";
import { compacted, throughCrashes } from "./crashing.ts";
import { Bench, each, keyOf, out, spec, type TextTopic, words } from "./small.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

const textTopic = (name: string, partitions: number): TextTopic => ({
  ...{ name, partitions, key: stringKey, value: stringFormat, keyOf },
});
const orderTexts = textTopic("order-texts", 2);
/** The customers' keys are their numbers, as their table's. */
const customerTopic: TopicSpec<number, string> = {
  ...{ name: "customer-texts", partitions: 3, key: intKey, value: stringFormat },
  keyOf: (value) => Number(keyOf(value).slice(1)),
};

/** An order is the number of its customer, and a text behind it; without a number it has none. */
const orders: TableSpec<string, string, string | undefined> = {
  name: "orders",
  key: stringKey,
  value: stringCodec,
  missing: () => undefined,
  changelog: "small-orders-changelog",
};
const customers: TableSpec<number, string, string> = {
  name: "customers",
  key: intKey,
  value: stringCodec,
  missing: () => "nobody",
  changelog: "small-customers-changelog",
};
const results = { ...orders, name: "results", changelog: "small-results-changelog" };

const bytesTable = (name: string) => ({
  ...{ name, key: bytesKey, value: bytesCodec, missing: () => undefined },
  changelog: `small-${name}-changelog`,
});
const bytesTopic = (name: string, partitions: number): TopicSpec<Uint8Array, Uint8Array> => ({
  ...{ name, partitions, key: bytesKey, value: bytesFormat },
});

/** "o…" are orders, "c…" customers. */
const split = each("split", (task) => {
  const toOrders = task.sink(orderTexts);
  const toCustomers = task.sink(customerTopic);
  return (value) => {
    if (value.startsWith("o")) toOrders.send(value);
    else toCustomers.send(value);
  };
});

const keepOrders = each("keepOrders", (task) => {
  const rows = task.table(orders);
  return (value) => {
    const [key = "", text = ""] = value.split(":");
    if (text === "") rows.delete(key);
    else rows.set(key, text);
  };
});

const keepCustomers: AgentSpec<number, string> = {
  kind: "each",
  name: "keepCustomers",
  onError: "stop",
  open(task) {
    const rows = task.table(customers);
    return (value) => {
      const [key = "", text = ""] = value.split(":");
      if (text === "") rows.delete(Number(key.slice(1)));
      else rows.set(Number(key.slice(1)), text);
    };
  },
};

type Kind = "inner" | "left";

const textOf = ({ left, right }: { left: string | undefined; right: string | undefined }) =>
  left === undefined ? undefined : `${left} ${right ?? "-"}`;

/** Keeps the results as a table, and tells each call. */
function materialise(task: TaskScope): (pair: LeftRows<string, string, string>) => void {
  const rows = task.table(results);
  const sink = task.sink(out);
  return (pair) => {
    const text = textOf(pair);
    if (text === undefined) rows.delete(pair.key);
    else rows.set(pair.key, text);
    sink.send(`${pair.key}:${text ?? "ended"}`);
  };
}

const customerOf = (order: string): number | undefined => {
  const [number = ""] = order.split(" ");
  return number === "" ? undefined : Number(number);
};

const joinOf = (kind: Kind): ForeignJoinSpec<string, string, number, string> => ({
  ...{ name: "match", onError: "stop", left: orders, right: customers, kind },
  on: customerOf,
  subscriptions: bytesTopic("match-subscriptions", 3),
  responses: bytesTopic("match-responses", 2),
  links: bytesTable("match-links"),
  subscribers: bytesTable("match-subscribers"),
  open: materialise,
});

/** Two groups beside the first, one with two partitions and one with three. */
function pipelineOf(kind: Kind): PipelineSpec {
  const join = joinOf(kind);
  const left = {
    ...{ name: "orders", timers: [], tables: [orders, join.links, results] },
    sources: [
      source({ topic: orderTexts, agents: [keepOrders] }),
      changes({ table: orders, agents: [foreignLeft(join)] }),
      foreignResponses(join),
    ],
  };
  const right = {
    ...{ name: "customers", timers: [], tables: [customers, join.subscribers] },
    sources: [
      source({ topic: customerTopic, agents: [keepCustomers] }),
      changes({ table: customers, agents: [foreignRight(join)] }),
      foreignSubscriptions(join),
    ],
  };
  const first = {
    ...{ name: "words", timers: [], tables: [] },
    sources: [source({ topic: words, agents: [split] })],
  };
  const topics = [words, out, orderTexts, customerTopic, join.subscriptions, join.responses];
  return { ...spec([first, left, right]), topics };
}

/** What the rows come to in the end, joined at once. */
function oracle(kind: Kind, values: readonly string[]): readonly string[] {
  const rows = { o: new Map<string, string>(), c: new Map<string, string>() };
  for (const value of values) {
    const [key = "", text = ""] = value.split(":");
    const side = key.startsWith("o") ? rows.o : rows.c;
    if (text === "") side.delete(key);
    else side.set(key, text);
  }
  const found = [...rows.o].flatMap(([key, left]) => {
    const customer = customerOf(left);
    const right = customer === undefined ? undefined : rows.c.get(`c${customer}`);
    return right === undefined && kind === "inner" ? [] : [`${key}:${textOf({ left, right })}`];
  });
  return found.sort();
}

function randomValues(numbers: { int(below: number): number }, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const isGone = numbers.int(4) === 0;
    if (numbers.int(3) === 0) return `c${numbers.int(8)}:${isGone ? "" : index}`;
    const named = numbers.int(6) === 0 ? "" : numbers.int(9);
    return `o${numbers.int(40)}:${isGone ? "" : `${named} ${index}`}`;
  });
}

for (const kind of ["inner", "left"] as const) {
  for (const delivery of ["exactly-once", "at-least-once"] as const) {
    test(`${kind} foreign-key joins come to the join of all rows, through crashes: ${delivery}`, async () => {
      const numbers = random(seed);
      const values = randomValues(numbers, 700);
      const { log } = await throughCrashes({
        ...{ spec: pipelineOf(kind), values, delivery, crashes: 5, numbers },
      });
      const rows = compacted(log, results.changelog);
      const found = [...rows].map(([key, value]) => `${key}:${value.subarray(1)}`).sort();
      assert.deepEqual(found, oracle(kind, values), `seed ${seed}`);
    });
  }
}

const calls: Readonly<Record<Kind, readonly string[]>> = {
  inner: ["o1:7 a ann", "o1:7 b ann", "o1:7 b eve", "o1:ended", "o1:8 c joe", "o1:ended"],
  left: [
    ...["o1:7 a -", "o1:7 a ann", "o1:7 b ann", "o1:7 b eve", "o1:9 b -", "o1:8 c joe"],
    ...["o1: d -", "o1:ended"],
  ],
};

for (const kind of ["inner", "left"] as const) {
  test(`${kind}: each change of either row, of the key that is named, and none once a result has ended`, async () => {
    const bench = new Bench(pipelineOf(kind));
    await bench.worker.start();
    const steps = ["o1:7 a", "c7:ann", "o1:7 b", "c7:eve", "o1:9 b", "c8:joe", "o1:8 c", "o1: d"];
    for (const value of [...steps, "c8:jim", "o1:", "c8:"]) {
      await bench.send([value]);
      await bench.worker.idle();
    }
    assert.deepEqual(bench.values("out"), calls[kind]);
    // Nobody is subscribed any more.
    assert.equal(compacted(bench.log, "small-match-subscribers-changelog").size, 0);
    assert.equal(compacted(bench.log, "small-match-links-changelog").size, 0);
    await bench.worker.stop();
  });
}
