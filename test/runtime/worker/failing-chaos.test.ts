/**
 * Records that fail, wait and are put aside, while workers come, go and crash and calls of the log fail:
 * each ends in one place, and what is counted for it is right. One seed is one run.
 */
import assert from "node:assert/strict";
import test from "node:test";
import {
  createProducer,
  type PipelineSpec,
  pipeline,
  source,
  type TableSpec,
  type Worker,
} from "@streamgen/runtime";
import { bytesFormat, nullKey } from "@streamgen/runtime/codec";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import type { Connection } from "../../../runtime/log/memory/connection.ts";
import type { Fault } from "../../../runtime/log/memory/faults.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { type Random, random } from "../../random.ts";
import { fold } from "./ledger.ts";
import { countTable, each, group, keyOf, loose, out, silent, spec, words } from "./small.ts";

type Delivery = "exactly-once" | "at-least-once";

const input = { ...words, partitions: 3 };
const dead = { name: "dead", partitions: 2, key: nullKey, value: bytesFormat };
const seenTable: TableSpec<string, number, number> = {
  ...countTable,
  name: "seen",
  changelog: "small-seen-changelog",
};

const numberOf = (value: string): number => Number(value.split(":")[1]);
const isHopeless = (value: string): boolean => numberOf(value) % 5 === 0;

/** The first agent sees each record once; the second fails at some once, and at some always. */
function failing(): PipelineSpec {
  const tried = new Set<string>();
  const seeing = each("seeing", (task) => {
    const rows = task.table(seenTable);
    const sink = task.sink(loose);
    return (value) => {
      rows.update(keyOf(value), (n) => n + 1);
      sink.send(value);
    };
  });
  const trying = each(
    "trying",
    (task) => {
      const rows = task.table(countTable);
      const sink = task.sink(out);
      return async (value) => {
        rows.update(keyOf(value), (n) => n + 1);
        sink.send(value);
        await Promise.resolve();
        const isFirst = !tried.has(value);
        tried.add(value);
        if (isHopeless(value) || (numberOf(value) % 5 === 1 && isFirst)) throw new Error("no");
      };
    },
    { retries: 2, firstWaitMs: 50, waitMaxMs: 400, last: { deadLetter: dead } },
  );
  const sources = [source({ topic: input, agents: [seeing, trying] })];
  const main = group([], { sources, tables: [countTable, seenTable] });
  return spec([main], { topics: [input, out, loose, dead] });
}

interface Member {
  readonly worker: Worker;
  readonly connection: Connection;
  isUp: boolean;
}

class Cluster {
  readonly clock: ManualClock = manualClock(1_000_000);
  readonly log: MemoryLog;
  readonly #numbers: Random;
  readonly #delivery: Delivery;
  readonly #members: Member[] = [];
  #isFailing = true;
  /** An error that no fault of the log may lead to. */
  bug: Error | undefined;

  constructor(numbers: Random, delivery: Delivery) {
    this.#numbers = numbers;
    this.#delivery = delivery;
    this.log = memoryLog({ clock: this.clock, sessionTimeoutMs: 2000, pollMaxBytes: 600 });
    this.log.faults.decide = ({ client }) =>
      this.#isFailing && client.startsWith("worker-") && numbers.chance(0.02)
        ? this.#fault(client)
        : undefined;
  }

  /** One round of whatever may happen. */
  async step(): Promise<void> {
    const numbers = this.#numbers;
    if (this.#up.length === 0 || (this.#up.length < 3 && numbers.chance(0.3))) this.#start();
    const some = numbers.pick(this.#up);
    const luck = numbers.int(8);
    if (luck < 2) some.isUp = false;
    if (luck === 0) some.connection.crash();
    if (luck === 1) some.worker.stop().catch(() => undefined);
    await this.clock.advance(50 + numbers.int(600));
  }

  /** No more trouble: runs until everything is processed and committed. */
  async settle(): Promise<void> {
    this.#isFailing = false;
    for (let step = 0; step < 400; step += 1) {
      if (this.#up.length === 0) this.#start();
      await this.clock.advance(250);
      if (await this.#isDone()) break;
    }
    await this.clock.advance(500);
    if (this.bug !== undefined) throw this.bug;
  }

  async #isDone(): Promise<boolean> {
    const committed = this.log.committed("small");
    const ranges = await this.log.offsets(committed);
    const isAtEnd = committed.every(({ offset }, index) => offset === ranges[index]?.end);
    return isAtEnd && committed.length === input.partitions;
  }

  #start(): void {
    const name = `worker-${this.#members.length}`;
    const connection = this.log.connect(name);
    const worker = pipeline(1, failing(), {
      ...{ log: connection, clock: this.clock, delivery: this.#delivery },
      ...{ instance: name, logger: silent, random: () => this.#numbers.int(1000) / 1000 },
    });
    const member = { worker, connection, isUp: true };
    this.#members.push(member);
    const gone = (): void => {
      member.isUp = false;
    };
    worker.on("error", ({ error }) => {
      if (/^SG(9|82)/.test(error.code)) this.bug ??= error;
    });
    worker.on("stopped", gone);
    worker.start().catch(gone);
  }

  #fault(client: string): Fault {
    const kinds = ["refuse", "lose", "refuse", "lose", "crash", "crashAfter"] as const;
    const kind = this.#numbers.pick(kinds);
    const member = this.#members[Number(client.slice("worker-".length))];
    if (kind.startsWith("crash") && member !== undefined) member.isUp = false;
    return kind;
  }

  get #up(): readonly Member[] {
    return this.#members.filter(({ isUp }) => isUp);
  }
}

async function send(log: MemoryLog, values: readonly string[], now: () => number): Promise<void> {
  const producer = await createProducer(input, { log, now });
  for (const value of values) await producer.send(value, { key: keyOf(value) });
  await producer.close();
}

async function live(seed: number, delivery: Delivery): Promise<void> {
  const numbers = random(seed);
  const cluster = new Cluster(numbers, delivery);
  const { clock, log } = cluster;
  const list = Array.from({ length: 80 }, (_, n) => `key-${numbers.int(7)}:${n}`);
  await log.createTopics([
    {
      ...{ name: "words", partitions: 3, replicas: 1, cleanup: "delete" },
      ...{ retentionMs: -1, config: {} },
    },
  ]);
  for (let at = 0; at < list.length; at += 8) {
    await send(log, list.slice(at, at + 8), clock.now);
    await cluster.step();
  }
  await cluster.settle();
  const values = (topic: string): readonly string[] => {
    const found = log.records(topic).map(({ value }) => String(value));
    return (delivery === "exactly-once" ? found : [...new Set(found)]).toSorted();
  };
  const good = list.filter((value) => !isHopeless(value));
  assert.deepEqual(values("loose"), list.toSorted());
  assert.deepEqual(values("out"), good.toSorted());
  assert.deepEqual(values("dead"), list.filter(isHopeless).toSorted());
  assert.deepEqual(fold(log, seenTable), counted(list));
  assert.deepEqual(fold(log, countTable), counted(good));
}

function counted(list: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of list) counts[keyOf(value)] = (counts[keyOf(value)] ?? 0) + 1;
  return counts;
}

const first = Number(process.env["SEED"] ?? 1);
const seeds = Array.from({ length: Number(process.env["SEEDS"] ?? 15) }, (_, n) => first + n);

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`each record that fails ends in one place, whatever crashes, ${delivery}`, async () => {
    for (const seed of seeds) {
      try {
        await live(seed, delivery);
      } catch (error) {
        throw new Error(`seed ${seed}: ${error}`, { cause: error });
      }
    }
  });
}
