/** Workers that another one has replaced without their knowing. */
import assert from "node:assert/strict";
import test from "node:test";
import { StreamgenError, type Worker } from "@streamgen/runtime";
import type { Store } from "../../../runtime/state/store.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { Bench, countTable, each, group, out, spec } from "./small.ts";

const count = each("count", (task) => {
  const rows = task.table(countTable);
  const sink = task.sink(out);
  return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
});
const shape = spec([group([count])]);

const states = (worker: Worker): readonly string[] =>
  worker.health().tasks.map(({ state, inputs }) => `${state} ${inputs[0]?.committed}`);

test("a worker that is thought dead in the middle of a commit takes nothing with it", async () => {
  const bench = new Bench(shape, {}, { sessionTimeoutMs: 1000 });
  const told: string[] = [];
  for (const name of ["aborted", "lost", "assigned"] as const) {
    bench.worker.on(name, () => told.push(name));
  }
  await bench.send(["a", "a"]);
  await bench.run();
  assert.deepEqual(bench.values("out"), ["a:1", "a:2"]);

  // Its commit hangs, and its polls too: to the group it is dead.
  await bench.send(["a"]);
  const send = bench.log.faults.hold("send");
  const poll = bench.log.faults.hold("poll");
  const committing = bench.worker.commit();
  await bench.clock.advance(100);
  await send.reached;
  await poll.reached;
  const other = bench.make(shape, { log: bench.log.connect("other") });
  await other.start();
  await bench.clock.advance(3000);
  await other.idle();
  assert.deepEqual(states(other), ["running 3"]);
  assert.deepEqual(bench.values("out"), ["a:1", "a:2", "a:3"]);

  // It wakes up: its transaction must not count, and it must not go on with its old table.
  send.release();
  poll.release();
  await committing;
  await bench.clock.advance(1000);
  assert.deepEqual(told.slice(0, 3).sort(), ["aborted", "assigned", "lost"]);
  await bench.send(["a"]);
  await bench.clock.advance(3000);
  await other.stop();
  await bench.clock.advance(3000);
  await bench.send(["a"]);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "a:2", "a:3", "a:4", "a:5"]);
  assert.deepEqual(bench.errors, []);
  await bench.worker.stop();
});

/** Stores on a disk that can be stuck, each open only once at a time. */
class StuckStores extends KeptStores {
  stuck: Promise<void> = Promise.resolve();
  readonly #open = new Set<string>();

  override async open(table: string, partition: number): Promise<Store> {
    const name = `${table}/${partition}`;
    if (this.#open.has(name)) throw new StreamgenError("SG9702", "a store was opened twice");
    this.#open.add(name);
    const store = this.of(table, partition);
    store.flush = () => this.stuck;
    store.close = async () => void this.#open.delete(name);
    return store;
  }
}

test("a partition that comes back waits until its tables are closed", async () => {
  const stores = new StuckStores();
  const bench = new Bench(shape, { stores, settleMaxMs: 100 });
  await bench.send(["a"]);
  await bench.run();
  let release = (): void => undefined;
  stores.stuck = new Promise((resolve) => {
    release = resolve;
  });
  for (const { id } of bench.log.members("small")) bench.log.expel("small", id);
  await bench.send(["a"]);
  await bench.clock.advance(5000);
  assert.deepEqual(bench.errors, []);
  assert.deepEqual(bench.values("out"), ["a:1"]);
  release();
  await bench.clock.advance(5000);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "a:2"]);
  await bench.worker.stop();
});
