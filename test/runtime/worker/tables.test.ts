/** A worker whose tables are on disk. */
import assert from "node:assert/strict";
import test from "node:test";
import type { WorkerOptions } from "@streamgen/runtime";
import { rocksdbStores } from "../../../runtime/state/rocksdb/engine.ts";
import { random } from "../../random.ts";
import { temporaryFolder } from "../../temporary.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { Bench, countTable, each, group, out, spec } from "./small.ts";

const counting = each("count", (task) => {
  const rows = task.table(countTable);
  const sink = task.sink(out);
  return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
});
const shape = spec([group([{ ...counting, ownRows: [countTable] }])]);
const unforeseen = spec([group([counting])]);

/** What another worker over the same log and stores sends. */
async function again(
  bench: Bench,
  pipelineSpec: typeof shape,
  words: readonly string[],
  options: WorkerOptions,
): Promise<{
  readonly sent: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}> {
  const before = bench.values("out").length;
  const worker = bench.make(pipelineSpec, options);
  await bench.send(words);
  await worker.start();
  await worker.idle();
  const { counts } = worker.health();
  await worker.stop();
  return { sent: bench.values("out").slice(before), counts };
}

test("rows are read ahead together, each once, and nobody waits for one", async () => {
  const stores = new KeptStores();
  const bench = new Bench(shape, { stores });
  await bench.send(["a", "b", "a", "c"]);
  await bench.run();
  await bench.worker.stop();
  const store = stores.of("counts", 0);
  assert.deepEqual(store.askedTogether, []);
  const { sent, counts } = await again(bench, shape, ["a", "d", "b", "a"], { stores });
  assert.deepEqual(sent, ["a:3", "d:1", "b:2", "a:4"]);
  assert.deepEqual(store.askedTogether, [["a", "d", "b"]]);
  assert.deepEqual(store.asked, []);
  assert.equal(counts["misses"], undefined);
});

test("a thousand records and more are read ahead by windows", async () => {
  const stores = new KeptStores();
  const words = Array.from({ length: 2500 }, (_, index) => `w${index % 2100}`);
  const bench = new Bench(shape, { stores });
  await bench.send(words);
  await bench.run();
  await bench.worker.stop();
  const { sent, counts } = await again(bench, shape, words, { stores });
  assert.equal(sent.length, 2500);
  assert.equal(sent.at(-1), "w399:4");
  assert.equal(counts["misses"], undefined);
  const store = stores.of("counts", 0);
  assert.deepEqual([...new Set(store.askedTogether.flat())].length, 2100);
  assert.ok(store.askedTogether.every((keys) => keys.length <= 1000));
});

test("a row that nobody has foreseen is read when it is used, and counted", async () => {
  const stores = new KeptStores();
  const bench = new Bench(unforeseen, { stores });
  await bench.send(["a", "b"]);
  await bench.run();
  // The table was empty at first: there was nothing to read.
  assert.deepEqual(stores.of("counts", 0).asked, []);
  await bench.worker.stop();
  const { sent, counts } = await again(bench, unforeseen, ["a", "a", "b"], { stores });
  assert.deepEqual(sent, ["a:2", "a:3", "b:2"]);
  assert.equal(counts["misses"], 2);
});

test("commits go to the store every half minute, with how far they are", async () => {
  const stores = new KeptStores();
  const bench = new Bench(shape, { stores });
  await bench.send(["a", "b"]);
  await bench.run();
  const store = stores.of("counts", 0);
  const { checkpoint } = store;
  assert.equal(checkpoint, undefined);
  await bench.clock.advance(30_000);
  await bench.send(["a"]);
  await bench.worker.idle();
  assert.equal(store.checkpoint?.wallTimeMs, 1_030_000);
  assert.deepEqual(store.checkpoint.sourceOffsets, { words: 3 });
  assert.deepEqual(
    [...store.scan()].map(([key, value]) => `${key}=${value[0]}`),
    ["a=4", "b=2"],
  );
  await bench.worker.stop();
});

test("a store that cannot be written stops the worker with one error, and nothing is lost", async () => {
  const stores = new KeptStores();
  const bench = new Bench(shape, { stores });
  const store = stores.of("counts", 0);
  const { write } = store;
  store.write = () => Promise.reject(new Error("no space left on device"));
  await bench.send(["a", "b"]);
  await bench.run();
  const stopped = new Promise((resolve) => bench.worker.on("stopped", resolve));
  await bench.clock.advance(30_000);
  await bench.send(["a"]);
  await bench.worker.idle().catch(() => undefined);
  await stopped;
  assert.deepEqual(
    bench.errors.map(({ code, message }) => [code, /no space left/.test(message)]),
    [["SG7040", true]],
  );
  assert.equal(bench.worker.health().state, "failed");
  store.write = write;
  const { sent } = await again(bench, shape, ["a", "b"], { stores });
  assert.deepEqual(sent.slice(-2), ["a:3", "b:2"]);
});

test("a damaged store is made anew from its changelog", async () => {
  const stores = new KeptStores();
  const bench = new Bench(shape, { stores });
  await bench.send(["a", "b", "a"]);
  await bench.run();
  await bench.worker.stop();
  stores.damaged.add("counts/0");
  const { sent, counts } = await again(bench, shape, ["a"], { stores });
  assert.deepEqual(stores.wiped, ["counts/0"]);
  assert.deepEqual(sent, ["a:3"]);
  assert.equal(counts["storesWiped"], 1);
});

test("a table far larger than its memory counts right, on disk and over restarts", async () => {
  const folder = temporaryFolder();
  const env = { STREAMGEN_CACHE_BYTES: String(2 ** 20) };
  const open = async () => ({ env, stores: await rocksdbStores({ folder, app: "small" }) });
  const numbers = random(7);
  const counts = new Map<string, number>();
  const expected: string[] = [];
  const words = Array.from({ length: 20_000 }, () => {
    const word = `${"long key ".repeat(12)}${numbers.int(12_000)}`;
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    expected.push(`${word}:${count}`);
    return word;
  });
  const bench = new Bench(shape, await open());
  await bench.send(words.slice(0, 9000));
  await bench.run();
  await bench.clock.advance(30_000);
  await bench.send(words.slice(9000, 12_000));
  await bench.worker.idle();
  await bench.worker.stop();
  const { counts: seen } = await again(bench, shape, words.slice(12_000), await open());
  // What is read ahead may be pushed out again before its turn, but not much of it.
  assert.ok((seen["misses"] ?? 0) < 1000, String(seen["misses"]));
  assert.deepEqual(bench.values("out"), expected);
  const stores = await rocksdbStores({ folder, app: "small" });
  let rows = 0;
  for (const _ of (await stores.open("counts", 0)).scan()) rows += 1;
  assert.equal(rows, counts.size);
  await stores.close();
});
