/** What was renamed with `was` goes on; without it, the build says what stays behind. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import {
  createProducer,
  readTopic,
  type TopicSpec,
  type Worker,
  type WorkerConfig,
  type WorkerOptions,
} from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { streamgen, temporaryProject } from "../../project.ts";
import { stillLog } from "../../runtime/worker/ledger.ts";
import { silent } from "../../runtime/worker/small.ts";

const before = `import type { Each, Int, Table, To, Topic } from "streamgen";

export interface Purchase { customer: string }
export interface Total { customer: string; purchases: Int }
export type Purchases = Topic<"purchases", { value: Purchase; keyBy: "customer"; partitions: 2 }>;
export type Totals = Topic<"totals", { value: Total; keyBy: "customer"; partitions: 2 }>;
export type Counts = Table<"counts", { key: string; value: Int }>;

export function count(purchase: Each<Purchases>, counts: Counts): To<Totals> {
  const { customer } = purchase;
  return { customer, purchases: counts.update(customer, (n = 0) => n + 1) };
}
`;
const renamed = before
  .replace('"purchases", {', '"orders", {')
  .replace('Table<"counts", {', 'Table<"orders-by-customer", {');
const said = renamed
  .replace("partitions: 2 }>;", 'partitions: 2; was: "purchases" }>;')
  .replace("value: Int }>;", 'value: Int; was: "counts" }>;');

interface Generated {
  readonly worker: { createWorker(options: WorkerOptions): Worker };
  readonly topics: {
    readonly purchasesTopic: TopicSpec<string, { customer: string }>;
    readonly totalsTopic: TopicSpec<string, { customer: string; purchases: number }>;
  };
  readonly config: { readonly config: WorkerConfig };
}

async function build(source: string) {
  const root = temporaryProject({ "src/purchases.ts": source });
  const built = await streamgen(root, "build");
  assert.equal(built.status, 0, built.stderr);
  const load = <Name extends keyof Generated>(name: Name): Promise<Generated[Name]> =>
    import(path.join(root, "generated", `${name}.ts`));
  const [worker, topics, config] = await Promise.all([
    load("worker"),
    load("topics"),
    load("config"),
  ]);
  return { ...worker, ...topics, ...config };
}

test("a topic and a table that were renamed with `was` go on where they were", async () => {
  const { log, clock } = stillLog();
  const registry = modelRegistry();
  const totals: number[][] = [];
  for (const source of [before, said]) {
    const { createWorker, purchasesTopic, totalsTopic, config } = await build(source);
    const settings = { log, registry, config, now: clock.now };
    const worker = createWorker({ log, clock, registry, logger: silent });
    await worker.start();
    const producer = await createProducer(purchasesTopic, settings);
    for (const customer of ["ann", "bob", "ann"]) await producer.send({ customer });
    await worker.idle();
    await worker.stop();
    const found: number[] = [];
    for await (const { value } of readTopic(totalsTopic, settings)) {
      if (value?.customer === "ann") found.push(value.purchases);
    }
    totals.push(found);
  }
  assert.deepEqual(totals, [
    [1, 2],
    [1, 2, 3, 4],
  ]);
  const names = ["orders", "project-orders-by-customer-changelog", "project-counts-changelog"];
  const found = await log.describeTopics(names);
  assert.deepEqual(
    found.map((topic) => topic.name),
    ["project-counts-changelog"],
  );
});

test("a build says which rows and records a new name leaves behind", async () => {
  const root = temporaryProject({ "src/purchases.ts": before });
  const place = path.join(root, "src/purchases.ts");
  await streamgen(root, "build");
  writeFileSync(place, renamed);
  const warned = await streamgen(root, "build");
  assert.equal(warned.status, 0);
  assert.match(warned.stderr, /SG4010: table "orders-by-customer" is new, .*was: "counts"/s);
  assert.match(warned.stderr, /SG4011: topic "orders" is new, .*was: "purchases"/s);
  assert.doesNotMatch((await streamgen(root, "check", "--no-types")).stdout, /SG401/);

  writeFileSync(place, before);
  await streamgen(root, "build");
  writeFileSync(place, said);
  const built = await streamgen(root, "build");
  assert.doesNotMatch(built.stderr, /SG401/);
  const config = readFileSync(path.join(root, "generated/config.ts"), "utf8");
  assert.match(config, /orders: \{ name: "purchases" \}/);
});

test("an app that is called otherwise begins anew, and a build says so", async () => {
  const root = temporaryProject({ "src/purchases.ts": before });
  await streamgen(root, "build");
  writeFileSync(path.join(root, "streamgen.config.json"), '{ "app": "shop" }');
  const built = await streamgen(root, "build");
  assert.match(built.stderr, /SG4013: the app is "shop" now and was "project"/);
  assert.match(built.stderr, /streamgen\.config\.json:1:4/);
});
