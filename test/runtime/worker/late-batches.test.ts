/**
 * At least once, nothing fences a producer: a batch of a worker that another one has replaced arrives
 * whenever it likes. The changelog up to the committed end has to be the table all the same.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { StreamgenError } from "../../../runtime/errors.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { Bench, countTable, each, group, out, spec } from "./small.ts";

const count = each("count", (task) => {
  const rows = task.table(countTable);
  const sink = task.sink(out);
  return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
});
const shape = spec([group([count])]);
const delivery = "at-least-once";
const { changelog } = countTable;

/** What another worker finds in the table: it has nothing but the log. */
async function restored(bench: Bench, keys: readonly string[]): Promise<readonly string[]> {
  await bench.worker.stop();
  const before = bench.values("out").length;
  const next = bench.make(shape, { delivery, log: bench.log.connect("next") });
  await bench.send(keys);
  await next.start();
  await bench.clock.advance(60_000);
  await next.idle();
  await next.stop();
  return bench.values("out").slice(before);
}

/** Avro's int of a small number. */
const int = (n: number): Buffer => Buffer.from([n * 2]);

/** What a worker that was replaced sends to the changelog. */
async function sendLate(bench: Bench, rows: Readonly<Record<string, number | null>>) {
  const batch = new BatchWriter();
  for (const [key, value] of Object.entries(rows)) {
    const writer = batch.begin(5000, Buffer.from(key));
    if (value === null) batch.tombstone();
    else writer.append(int(value));
    batch.end();
  }
  const producer = await bench.log.producer({});
  await producer.send({ topic: changelog, partition: 0 }, batch);
  await producer.close();
}

test("a late batch behind the last commit is taken back by whoever restores", async () => {
  const bench = new Bench(shape, { delivery });
  await bench.send(["a", "a", "b"]);
  await bench.run();
  await sendLate(bench, { a: 9, b: null, c: 7 });
  assert.deepEqual(await restored(bench, ["a", "b", "c"]), ["a:3", "b:2", "c:1"]);
});

test("a late batch before the next commit is taken back by that commit", async () => {
  const bench = new Bench(shape, { delivery });
  await bench.send(["a", "a", "b"]);
  await bench.run();
  await sendLate(bench, { a: 9, b: null, c: 7 });
  await bench.send(["d"]);
  await bench.worker.idle();
  assert.equal(bench.worker.health().counts["compensated"], 3);
  assert.deepEqual(await restored(bench, ["a", "b", "c", "d"]), ["a:3", "b:2", "c:1", "d:2"]);
});

test("a late batch of the same keys is no reason to write them twice", async () => {
  const bench = new Bench(shape, { delivery });
  await bench.send(["a", "b"]);
  await bench.run();
  await sendLate(bench, { a: 9, b: 1 });
  await bench.send(["a"]);
  await bench.worker.idle();
  assert.equal(bench.worker.health().counts["compensated"] ?? 0, 0);
  assert.equal(bench.values(changelog).length, 5);
  assert.deepEqual(await restored(bench, ["a", "b"]), ["a:3", "b:2"]);
});

test("a late batch that arrives while another one is taken back is taken back, too", async () => {
  const bench = new Bench(shape, { delivery });
  await bench.send(["a", "b"]);
  await bench.run();
  await sendLate(bench, { a: 9 });
  await bench.send(["c"]);
  let sends = 0;
  bench.log.faults.decide = ({ kind, client }) => {
    if (kind !== "send" || client !== "main") return undefined;
    sends += 1;
    // Its own two batches, and the one that takes the first late batch back.
    return sends === 3 ? { kind: "hold", until: sendLate(bench, { b: 8 }) } : undefined;
  };
  await bench.worker.idle();
  assert.equal(bench.worker.health().counts["compensated"], 2);
  assert.deepEqual(await restored(bench, ["a", "b", "c"]), ["a:2", "b:2", "c:2"]);
});

test("a replaced worker's commit that hangs does no harm when it arrives", async () => {
  const bench = new Bench(shape, { delivery }, { sessionTimeoutMs: 1000 });
  await bench.send(["a", "a"]);
  await bench.run();
  await bench.send(["a"]);
  // Its changelog batch hangs, and its polls too: to the group it is dead.
  const send = bench.log.faults.hold("send");
  const poll = bench.log.faults.hold("poll");
  const committing = bench.worker.commit();
  await bench.clock.advance(100);
  await send.reached;
  await poll.reached;
  const other = bench.make(shape, { delivery, log: bench.log.connect("other") });
  await other.start();
  await bench.clock.advance(3000);
  await bench.send(["a", "a", "b"]);
  await other.idle();
  assert.deepEqual(bench.values("out").slice(-4), ["a:3", "a:4", "a:5", "b:1"]);

  send.release();
  poll.release();
  await committing;
  await bench.worker.stop();
  await bench.send(["b"]);
  await other.idle();
  await other.stop();
  assert.deepEqual(await restored(bench, ["a", "b"]), ["a:6", "b:3"]);
  assert.ok(bench.errors.every((error) => error instanceof StreamgenError));
});
