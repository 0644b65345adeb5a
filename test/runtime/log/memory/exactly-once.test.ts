import assert from "node:assert/strict";
import test from "node:test";
import { type ManualClock, manualClock } from "../../../../runtime/clock.ts";
import { BatchWriter } from "../../../../runtime/log/batch-writer.ts";
import { isLogError, logCode } from "../../../../runtime/log/codes.ts";
import type { CommittedOffset, GroupMember, Producer } from "../../../../runtime/log/log.ts";
import type { Connection } from "../../../../runtime/log/memory/connection.ts";
import type { Fault, LogCall } from "../../../../runtime/log/memory/faults.ts";
import { type MemoryLog, memoryLog } from "../../../../runtime/log/memory-log.ts";
import { type Random, random } from "../../../random.ts";

const partitions = 3;
const group = "copiers";

/** Copies `in` to `out`, record by record and partition by partition, exactly once. */
class Copier {
  readonly connection: Connection;
  readonly #id: string;
  readonly #clock: ManualClock;
  #isStopped = false;

  constructor(connection: Connection, id: string, clock: ManualClock) {
    this.connection = connection;
    this.#id = id;
    this.#clock = clock;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<void> {
    let producer = await this.#insist(() => this.#newProducer());
    const member = await this.#insist(() => this.#join());
    while (!this.#isStopped) {
      try {
        await this.#turn(member, producer);
      } catch (error) {
        // A newer process has this one's name: there is nothing left to do here.
        if (isLogError(error, logCode.fenced)) return;
        const isOver = isLogError(error, logCode.expired);
        // Aborting what is open is a new producer's first deed, so it serves for all errors.
        if (isOver || !(await this.#isAborted(producer))) {
          producer = await this.#insist(() => this.#newProducer());
        }
        await this.#insist(() => this.#goBack(member));
      }
    }
  }

  async #turn(member: GroupMember, producer: Producer): Promise<void> {
    const batches = await member.poll(100);
    if (batches.length === 0) return;
    producer.begin();
    const offsets: CommittedOffset[] = [];
    for (const batch of batches) {
      const out = new BatchWriter(200);
      const cursor = batch.cursor();
      while (cursor.next()) out.forward(cursor);
      const { partition } = batch;
      if (out.count > 0) await producer.send({ topic: "out", partition }, out);
      offsets.push({ topic: "in", partition, offset: batch.nextOffset, metadata: "" });
    }
    await producer.sendOffsets(offsets, member.generation);
    for (;;) {
      try {
        return await producer.commit();
      } catch (error) {
        if (!isLogError(error, logCode.unanswered, logCode.unavailable)) throw error;
        await this.#clock.sleep(5);
      }
    }
  }

  async #isAborted(producer: Producer): Promise<boolean> {
    try {
      await producer.abort();
      return true;
    } catch (error) {
      return isLogError(error, logCode.misuse);
    }
  }

  /** What was taken and not committed has to be taken again. */
  async #goBack(member: GroupMember): Promise<void> {
    const committed = await member.committed(member.assignment);
    for (const place of committed) member.seek(place, Math.max(0, place.offset));
  }

  #newProducer(): Promise<Producer> {
    const options = { transactionalId: this.#id, transactionTimeoutMs: 3_000 };
    return this.connection.producer(options);
  }

  async #join(): Promise<GroupMember> {
    const member = await this.connection.join({
      group,
      topics: ["in"],
      copartitioned: [],
      rebalanceTimeoutMs: 2_000,
      sessionTimeoutMs: 1_000,
      onRevoke: async () => undefined,
      onLost: async () => undefined,
      onAssign: async (assigned) => {
        for (const place of await member.committed(assigned)) {
          member.seek(place, Math.max(0, place.offset));
        }
      },
    });
    return member;
  }

  async #insist<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch {
        await this.#clock.sleep(10);
      }
    }
  }
}

const faultsByKind: Readonly<Partial<Record<LogCall["kind"], readonly Fault[]>>> = {
  send: ["refuse", "lose", "repeat", "crash", "crashAfter"],
  sendOffsets: ["refuse", "lose", "repeat", "crash", "crashAfter"],
  commit: ["refuse", "lose", "repeat", "crash", "crashAfter"],
  abort: ["refuse", "lose", "repeat", "crash", "crashAfter"],
  join: ["refuse", "lose"],
  producer: ["refuse", "lose"],
  poll: ["refuse", "crash"],
  committed: ["refuse", "lose", "crash"],
};

interface World {
  readonly clock: ManualClock;
  readonly log: MemoryLog;
  readonly copiers: Map<string, Copier>;
  readonly sent: string[][];
  readonly trace: string[];
}

async function makeWorld(): Promise<World> {
  const clock = manualClock(1_700_000_000_000);
  const log = memoryLog({ clock });
  const settings = { partitions, replicas: 1, retentionMs: -1, config: {} };
  await log.createTopics([
    { name: "in", cleanup: "delete", ...settings },
    { name: "out", cleanup: "delete", ...settings },
  ]);
  const sent = Array.from({ length: partitions }, (): string[] => []);
  return { clock, log, copiers: new Map(), sent, trace: [] };
}

function start(world: World, id: string): void {
  world.trace.push(`start ${id}`);
  const copier = new Copier(world.log.connect(id), id, world.clock);
  world.copiers.set(id, copier);
  void copier.run();
}

async function feed(world: World, from: Random): Promise<void> {
  const producer = await world.log.producer({});
  const batch = new BatchWriter(100);
  const partition = from.int(partitions);
  const values = world.sent[partition] ?? [];
  for (let i = from.int(8); i >= 0; i--) {
    values.push(`${partition}-${values.length}`);
    batch.begin(world.clock.now(), null).append(Buffer.from(values.at(-1) ?? ""));
    batch.end();
  }
  await producer.send({ topic: "in", partition }, batch);
}

async function disturb(world: World, from: Random): Promise<void> {
  const id = `copier-${from.int(4)}`;
  const running = world.copiers.get(id);
  if (running === undefined) start(world, id);
  else if (from.chance(0.3)) {
    world.trace.push(`kill ${id}`);
    running.connection.crash();
    world.copiers.delete(id);
  } else if (from.chance(0.2)) {
    // Two processes that both believe they are the one: the older becomes a zombie.
    start(world, id);
  }
  if (from.chance(0.1)) {
    const release = world.log.holdMarkers();
    await world.clock.advance(from.int(400));
    release();
  }
}

async function simulate(seed: number): Promise<World> {
  const from = random(seed);
  const world = await makeWorld();
  const chance = from.pick([0, 0.01, 0.05, 0.15]);
  world.log.faults.decide = ({ kind, client, number }) => {
    const possible = faultsByKind[kind];
    if (client === "main" || possible === undefined || !from.chance(chance)) return undefined;
    const fault = from.pick(possible);
    world.trace.push(`${number} ${client} ${kind} ${fault}`);
    if (fault === "crash" || fault === "crashAfter") world.copiers.delete(client);
    return fault;
  };
  for (let step = 0; step < 60; step++) {
    if (from.chance(0.7)) await feed(world, from);
    if (from.chance(0.3)) await disturb(world, from);
    await world.clock.advance(from.int(from.chance(0.1) ? 1_500 : 60));
  }
  world.log.faults.decide = undefined;
  start(world, "last");
  const wanted = world.sent.flat().length;
  for (let i = 0; i < 200 && copied(world).flat().length < wanted; i++) {
    await world.clock.advance(500);
  }
  for (const copier of world.copiers.values()) copier.stop();
  await world.clock.advance(200);
  return world;
}

function copied({ log }: World): string[][] {
  const values = Array.from({ length: partitions }, (): string[] => []);
  for (const record of log.records("out")) values[record.partition]?.push(`${record.value}`);
  return values;
}

test("copying is exactly once through crashes, zombies, rebalances and lost answers", async () => {
  let faults = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const world = await simulate(seed);
    faults += world.trace.length;
    assert.deepEqual(copied(world), world.sent, `seed ${seed}\n${world.trace.join("\n")}`);
  }
  assert.ok(faults > 1_000, "the runs were disturbed");
});

test("one seed gives one run, to the byte", async () => {
  for (const seed of [3, 17, 40]) {
    const one = await simulate(seed);
    const two = await simulate(seed);
    assert.deepEqual(two.trace, one.trace, `seed ${seed}`);
    assert.deepEqual(
      two.log.records("out", "everything"),
      one.log.records("out", "everything"),
      `seed ${seed}`,
    );
  }
});
