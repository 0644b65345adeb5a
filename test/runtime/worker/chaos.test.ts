/**
 * Several workers that come, go and crash, a log whose calls fail now and then, entries that keep
 * arriving: in the end the log holds what it would without any of that. One seed is one run.
 */
import assert from "node:assert/strict";
import test from "node:test";
import type { Worker } from "@streamgen/runtime";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import type { Connection } from "../../../runtime/log/memory/connection.ts";
import type { Fault } from "../../../runtime/log/memory/faults.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { type Random, random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import {
  append,
  byBucket,
  keyOf,
  type LedgerViews,
  numberOf,
  outcome,
  randomEntries,
  recompute,
  type Style,
  viewedWorker,
} from "./ledger.ts";

type Delivery = "exactly-once" | "at-least-once";

interface Member {
  readonly worker: Worker;
  readonly views: () => LedgerViews | undefined;
  readonly connection: Connection;
  readonly disk: KeptStores;
  state: "up" | "leaving" | "gone";
}

class Cluster {
  readonly log: MemoryLog;
  readonly clock: ManualClock = manualClock(1_000_000);
  readonly #numbers: Random;
  readonly #delivery: Delivery;
  readonly #members: Member[] = [];
  /** Tables of workers that are gone: the next one may be on the same machine. */
  readonly #disks: KeptStores[] = [];
  #failing = true;
  /** An error that no fault of the log may lead to. */
  bug: Error | undefined;

  constructor(seed: number, delivery: Delivery) {
    this.#numbers = random(seed);
    this.#delivery = delivery;
    this.log = memoryLog({
      clock: this.clock,
      sessionTimeoutMs: 2000,
      pollMaxBytes: 600,
      partitionMaxBytes: 300,
    });
    this.log.faults.decide = ({ client }) =>
      this.#failing && client.startsWith("worker") && this.#numbers.chance(0.02)
        ? this.#fault(client)
        : undefined;
  }

  #fault(client: string): Fault {
    const kinds = ["refuse", "lose", "refuse", "lose", "crash", "crashAfter", "hold"] as const;
    const kind = this.#numbers.pick(kinds);
    if (kind.startsWith("crash")) this.#gone(client);
    if (kind !== "hold") return kind;
    // Often longer than a session lasts: the worker is thought dead, and comes back.
    const until = this.clock.sleep(this.#numbers.int(4000));
    return { kind: this.#numbers.chance(0.5) ? "hold" : "holdAnswer", until };
  }

  /** One round of whatever may happen. */
  async step(): Promise<void> {
    const up = this.#up();
    if (up.length === 0 || (up.length < 3 && this.#numbers.chance(0.2))) this.#start();
    const some = up[0] === undefined ? undefined : this.#numbers.pick(up);
    const luck = this.#numbers.int(20);
    if (some !== undefined && luck === 0) {
      some.connection.crash();
      this.#leave(some);
    } else if (some !== undefined && luck === 1) this.#stop(some);
    await this.clock.advance(50 + this.#numbers.int(400));
  }

  /** No more trouble: runs until everything is processed and committed. */
  async settle(): Promise<void> {
    this.#failing = false;
    if (this.#up().length === 0) this.#start();
    for (let step = 0; step < 300; step += 1) {
      await this.clock.advance(250);
      if (this.#up().length === 0) this.#start();
      if (!(await this.#isDone())) continue;
      // The last answers to commits arrive.
      await this.clock.advance(250);
      return;
    }
    const health = this.#up().map(({ worker }) => worker.health());
    throw new Error(`stuck: ${JSON.stringify(health)}`);
  }

  /** The rows of all workers together. */
  async rows(table: keyof LedgerViews): Promise<Readonly<Record<string, number>>> {
    const rows: Record<string, number> = {};
    for (const { views } of this.#up()) {
      for await (const [key, value] of views()?.[table].entries() ?? []) rows[key] = value;
    }
    return rows;
  }

  async #isDone(): Promise<boolean> {
    const committed = this.log.committed("ledger");
    const ranges = await this.log.offsets(committed);
    const tasks = this.#up().flatMap(({ worker }) => worker.health().tasks);
    return (
      tasks.length === 5 &&
      tasks.every(({ state }) => state === "running") &&
      committed.length === 5 &&
      committed.every(({ offset }, index) => offset === ranges[index]?.end)
    );
  }

  #start(): void {
    const name = `worker-${this.#members.length}`;
    const connection = this.log.connect(name);
    const style = this.#numbers.pick<Style>(["each", "async", "stream"]);
    const found = this.#numbers.chance(0.7) ? this.#disks.shift() : undefined;
    const disk = found ?? new KeptStores();
    const { worker, views } = viewedWorker(
      {
        ...{ log: connection, clock: this.clock, delivery: this.#delivery, instance: name },
        stores: disk,
      },
      style,
    );
    const member: Member = { worker, views, connection, disk, state: "up" };
    this.#members.push(member);
    // A worker that fails has told why; another one takes its place, unless it is a bug of ours.
    worker.on("error", ({ error }) => {
      if (error.code.startsWith("SG9")) this.bug ??= error;
    });
    worker.on("stopped", () => this.#leave(member));
    worker.start().catch(() => this.#leave(member));
  }

  #stop(member: Member): void {
    member.state = "leaving";
    member.worker.stop().catch(() => undefined);
  }

  #gone(client: string): void {
    const member = this.#members[Number(client.slice("worker-".length))];
    if (member !== undefined) this.#leave(member);
  }

  #leave(member: Member): void {
    if (member.state !== "gone") this.#disks.push(member.disk);
    member.state = "gone";
  }

  #up(): readonly Member[] {
    return this.#members.filter(({ state }) => state === "up");
  }
}

async function live(seed: number, delivery: Delivery): Promise<void> {
  const cluster = new Cluster(seed, delivery);
  const list = randomEntries(random(seed + 1000), 90);
  for (let at = 0; at < list.length; at += 6) {
    await append(cluster.log, list.slice(at, at + 6));
    await cluster.step();
  }
  await cluster.settle();
  if (cluster.bug !== undefined) throw cluster.bug;
  const expected = recompute(list);
  const result = outcome(cluster.log);
  for (const table of ["count", "fussy", "sum"] as const) {
    assert.deepEqual(await cluster.rows(table), result[table], `rows and changelog of ${table}`);
  }
  if (delivery === "exactly-once") {
    assert.deepEqual(result, expected);
    assert.deepEqual(numbersByKey(outputs(cluster.log)), numbersByKey(list), "order within a key");
    return;
  }
  for (const topic of ["echoes", "counts", "sums"] as const) {
    assert.deepEqual([...new Set(result[topic])], [...new Set(expected[topic])], topic);
  }
  assert.deepEqual(result.count, expected.count);
  assert.deepEqual(result.fussy, expected.fussy);
  const sums: Record<string, number> = {};
  for (const { key, value } of cluster.log.records(byBucket.name)) {
    sums[String(key)] = (sums[String(key)] ?? 0) + numberOf(String(value));
  }
  assert.deepEqual(result.sum, sums);
}

const outputs = (log: MemoryLog): readonly string[] =>
  log.records("counts").map(({ value }) => {
    const [key, , number] = String(value).split(" ");
    return `${key} ${number}`;
  });

/** The numbers of each key, in their order. */
function numbersByKey(list: readonly string[]): Readonly<Record<string, readonly number[]>> {
  const numbers: Record<string, number[]> = {};
  for (const entry of list) {
    const key = keyOf(entry);
    numbers[key] = [...(numbers[key] ?? []), numberOf(entry)];
  }
  return numbers;
}

const first = Number(process.env["SEED"] ?? 1);
const seeds = Array.from({ length: Number(process.env["SEEDS"] ?? 25) }, (_, n) => first + n);

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`workers that come, go and crash leave the right result, ${delivery}`, async () => {
    for (const seed of seeds) {
      try {
        await live(seed, delivery);
      } catch (error) {
        throw new Error(`seed ${seed}: ${error}`, { cause: error });
      }
    }
  });
}
