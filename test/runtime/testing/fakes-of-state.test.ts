/** The fakes of windows, sets, requests and batches, in functions that are called in a test. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  batch,
  closed,
  oneWindow,
  request,
  setTable,
  sink,
  view,
  windows,
} from "@streamgen/runtime/testing";
import type {
  Batch,
  Closed,
  Each,
  Field,
  Get,
  Hopping,
  Int,
  Lookup,
  Post,
  SetTable,
  Sink,
  To,
  Topic,
  View,
  WindowedTable,
} from "streamgen";
import { userHoursTable } from "../../../examples/withdrawals/generated/tables.ts";
import { trackUser, type Withdrawal } from "../../../examples/withdrawals/src/withdrawals.ts";

const withdrawal = (time: string, amount: number): Withdrawal => ({
  ...{ user: "ann", country: "DE", amount },
  at: new Date(`2026-01-01T${time}Z`),
});

test("windows open, close and expire as a worker's do", async () => {
  const hours = windows(userHoursTable);
  const spend = (time: string, amount: number): void => {
    const one = withdrawal(time, amount);
    hours.turnTo(one.at);
    trackUser(one, hours);
  };
  spend("08:00:00", 1);
  spend("08:59:59", 2);
  assert.equal(hours.get("ann"), 3);
  spend("09:05:00", 10);
  assert.equal(hours.get("ann"), 10);
  assert.equal(hours.ago("1h").get("ann"), 3);
  // Late, but within the grace of ten minutes.
  spend("08:30:00", 4);
  assert.equal(hours.get("ann"), 7);
  assert.equal(hours.current().get("ann"), 10);
  assert.equal(hours.now().get("ann"), 10);
  spend("09:10:00", 10);
  // The window of eight o'clock is closed: nothing is written into it.
  spend("08:30:00", 100);
  assert.equal(hours.get("ann"), 7);
  const found = hours.rows.map(({ window, value }) => [
    new Date(window.start).getUTCHours(),
    value,
  ]);
  assert.deepEqual(found, [
    [8, 7],
    [9, 20],
  ]);
  const seen = view(hours);
  assert.equal(await seen.at(new Date("2026-01-01T09:30:00Z")).get("ann"), 20);
  assert.equal(await seen.has("bob"), false);
  const all: number[] = [];
  for await (const { value } of seen.windows("ann")) all.push(value);
  assert.deepEqual(all, [7, 20]);
  hours.turnTo(new Date("2026-01-02T09:10:00Z"));
  assert.deepEqual(
    hours.rows.map(({ value }) => value),
    [20],
  );
});

type Speeds = WindowedTable<
  "speeds",
  { key: Car; value: Int; window: Hopping<"1m", "10s">; grace: "0s" }
>;
interface Car {
  country: string;
  plate: string;
}
interface Seen {
  car: Car;
  speed: Int;
}
type Sights = Topic<"sights", { value: Seen }>;
type Flashes = Topic<"flashes", { value: Field<Int, { default: 0 }> }>;

function flash({ car, speed }: Each<Sights>, speeds: Speeds): To<Flashes> | undefined {
  const highest = speeds.update(car, (before = 0) => Math.max(before, speed));
  return highest > 100 && speeds.ago("1m").has(car) ? highest : undefined;
}

function last({ key, value, window }: Closed<Speeds>): To<Flashes> | undefined {
  return key.country === "DE" && window.end > 0 ? value : undefined;
}

test("one window is enough for what a function does with its rows", () => {
  const car = { country: "DE", plate: "B 1" };
  const speeds = oneWindow<Speeds>([[car, 90]]);
  assert.equal(flash({ car, speed: 80 }, speeds), undefined);
  assert.equal(flash({ car: { plate: "B 1", country: "DE" }, speed: 120 }, speeds), 120);
  assert.deepEqual(
    [...speeds.windows(car)],
    [{ key: car, window: { start: 0, end: 0 }, value: 120 }],
  );
  assert.deepEqual(speeds.rows, new Map([[car, 120]]));
  const lookup: Lookup<Speeds> = speeds;
  assert.equal(lookup.now().get({ ...car, plate: "B 2" }), undefined);
  assert.equal(last(closed<Speeds>(car, 120, { end: new Date(60_000) })), 120);
  assert.equal(last(closed<Speeds>(car, 120)), undefined);
});

type Tags = SetTable<"tags", { key: string; element: Int }>;
type TagCounts = Topic<"tag-counts", { key: string; value: Int }>;

async function tagged(
  { params, query }: Get<"/tags/:name">,
  tags: View<Tags>,
): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const tag of tags.elements(params.name)) found.push(tag);
  return query.has("highest") ? found.slice(-1) : found;
}

test("a table of sets, and a request that reads it", async () => {
  const tags = setTable<Tags>([["a", [9, 10]]]);
  assert.equal(tags.add("a", 9), false);
  assert.equal(tags.add("b", 1), true);
  assert.equal(tags.delete("b", 2), false);
  assert.equal(tags.delete("b", 1), true);
  assert.deepEqual(tags.rows, new Map([["a", [9, 10]]]));
  assert.equal(tags.size("b"), 0);
  const lookup: Lookup<Tags> = tags;
  assert.equal(lookup.has("a", 10), true);
  const seen = view(tags);
  assert.equal(await seen.has("a", 11), false);
  const asked = request<Get<"/tags/:name">>({ params: { name: "a" } });
  assert.deepEqual(await tagged(asked, seen), [9, 10]);
  const highest = request<Get<"/tags/:name">>({ params: { name: "a" }, query: "highest=yes" });
  assert.deepEqual(await tagged(highest, seen), [10]);
  tags.clear("a");
  assert.deepEqual(tags.rows, new Map());
});

function send({ body, headers }: Post<"/speeds", Seen>, flashes: Sink<Flashes>): void {
  if (headers.get("From") !== null) flashes.send(body.speed);
}

function ping({ query }: Get<"/ping">): string {
  return query.getAll("text").join();
}

test("a request's body, headers and query", () => {
  const flashes = sink<Flashes>();
  const body = { car: { country: "DE", plate: "B 1" }, speed: 5 };
  send(request<Post<"/speeds", Seen>>({ body, headers: { from: "ann" } }), flashes);
  send(request<Post<"/speeds", Seen>>({ body }), flashes);
  assert.deepEqual(flashes.sent, [5]);
  assert.equal(ping(request<Get<"/ping">>()), "");
  assert.equal(ping(request<Get<"/ping">>({ query: { text: "a b" } })), "a b");
});

function sums(
  counts: Batch<TagCounts, { max: 10; within: "1s"; events: true }>,
): readonly string[] {
  return counts.map(({ key, value, offset }) => `${offset}: ${key} ${value}`);
}

test("a batch of events", () => {
  const counts = batch<TagCounts>([3, 4], (_, index) => ({ key: "ab"[index] ?? "" }));
  assert.deepEqual(sums(counts), ["0: a 3", "1: b 4"]);
});
