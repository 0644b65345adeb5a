/** Stream time behind `groupBy`: what is on time at the source is on time behind it, however it is read. */
import assert from "node:assert/strict";
import test from "node:test";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { type Random, random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import {
  append,
  expected,
  found,
  partitions,
  type Reading,
  type RelayOptions,
  relayWorker,
} from "./relay.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const begin = 1_700_000_000_000 - (1_700_000_000_000 % 60_000);
const hour = 3_600_000;

/** Two hours in one partition, each reading up to a second behind another one before it. */
function backlog(numbers: Random, count: number): readonly Reading[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `key-${numbers.int(12)}`,
    number: index,
    time: begin + Math.floor((index * 2 * hour) / count) + numbers.int(1000),
  }));
}

const highest = (list: readonly Reading[]): number => Math.max(...list.map(({ time }) => time));

interface Replay {
  readonly log: MemoryLog;
  readonly clock: ManualClock;
  readonly lists: readonly (readonly Reading[])[];
}

async function replay(numbers: Random, count = 300): Promise<Replay> {
  const clock = manualClock(begin + 3 * hour);
  const log = memoryLog({ clock, sessionTimeoutMs: 2000, pollMaxBytes: 2000 });
  const lists = Array.from({ length: partitions }, () => backlog(numbers, count));
  for (const [partition, list] of lists.entries()) await append(log, partition, list);
  return { log, clock, lists };
}

/** Partition 0 is read at once; each other one takes longer than the one before. */
const unequal = (clock: ManualClock): RelayOptions => ({
  passes: (partition) =>
    partition === 0
      ? undefined
      : new Promise((resolve) => void clock.timer(partition * 7, () => resolve())),
});

async function untilIdle(clock: ManualClock, idle: Promise<void>): Promise<void> {
  let isIdle = false;
  const waiting = idle.finally(() => {
    isIdle = true;
  });
  for (let step = 0; step < 5000 && !isIdle; step += 1) await clock.advance(50);
  assert.ok(isIdle, "it is not idle");
  await waiting;
}

test("two hours read at unequal speeds: nothing is late, and every window closes once", async () => {
  const { log, clock, lists } = await replay(random(seed));
  const worker = relayWorker({ log, clock }, unequal(clock));
  await worker.start();
  await untilIdle(clock, worker.idle());
  const end = Math.min(...lists.map(highest));
  assert.equal(worker.health().counts["late"] ?? 0, 0, `seed ${seed}`);
  assert.deepEqual(found(log), expected(lists.flat(), end), `seed ${seed}`);
  await worker.stop();
});

test("what was late at the source, is late behind it when the others have told", async () => {
  const clock = manualClock(begin + 3 * hour);
  const log = memoryLog({ clock });
  const at = (key: string, minute: number): Reading => ({
    ...{ key, number: 0 },
    time: begin + minute * 60_000,
  });
  for (let partition = 0; partition < partitions; partition += 1) {
    await append(log, partition, [at("a", 0), at("a", 10)]);
  }
  const worker = relayWorker({ log, clock });
  await worker.start();
  await worker.idle();
  assert.deepEqual(found(log), [`a ${partitions} ${begin}`]);
  await append(log, 1, [at("a", 1)]);
  await worker.idle();
  assert.equal(worker.health().counts["late"], 1);
  assert.equal(worker.health().counts["tombstones"] ?? 0, 0);
  await worker.stop();
});

test("the current window is the event's, where stream time has not come that far", async () => {
  const clock = manualClock(begin + 3 * hour);
  const log = memoryLog({ clock });
  const list = [0, 10, 20, 70].map((second) => ({
    ...{ key: "a", number: 0 },
    time: begin + second * 1000,
  }));
  await append(log, 0, list);
  const seen: [updated: number, current: number][] = [];
  const counted = (updated: number, current: number) => void seen.push([updated, current]);
  const worker = relayWorker({ log, clock }, { counted });
  await worker.start();
  await worker.idle();
  await worker.stop();
  assert.deepEqual(seen, [
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 1],
  ]);
});

/** Workers that crash, leave and come; the last one gets to the end. */
async function throughCrashes(
  { log, clock }: Replay,
  delivery: "exactly-once" | "at-least-once",
  numbers: Random,
): Promise<void> {
  let stores = new KeptStores();
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const connections = [0, 1].map((each) => log.connect(`worker-${attempt}-${each}`));
    const workers = connections.map((connection, each) =>
      relayWorker(
        {
          ...{ log: connection, clock, delivery, stagedMaxBytes: 4000 },
          ...{
            instance: `worker-${attempt}-${each}`,
            stores: each === 0 ? stores : new KeptStores(),
          },
        },
        unequal(clock),
      ),
    );
    for (const worker of workers) worker.start().catch(() => undefined);
    for (let step = 0; step < 10 + numbers.int(20); step += 1) await clock.advance(40);
    connections[numbers.int(2)]?.crash();
    for (let step = 0; step < 10 + numbers.int(20); step += 1) await clock.advance(40);
    for (const connection of connections) connection.crash();
    if (numbers.chance(0.5)) stores = new KeptStores();
    await clock.advance(4000);
  }
  const worker = relayWorker({ log, clock, delivery, stores });
  await worker.start();
  await untilIdle(clock, worker.idle());
  await worker.stop();
}

test("exactly once through crashes and rebalances: nothing is late, and nothing is lost", async () => {
  const numbers = random(seed + 1);
  const at = await replay(numbers);
  await throughCrashes(at, "exactly-once", numbers);
  const end = Math.min(...at.lists.map(highest));
  assert.deepEqual(found(at.log), expected(at.lists.flat(), end), `seed ${seed}`);
});

test("at least once through crashes: every window is there, and holds at least what it must", async () => {
  const numbers = random(seed + 2);
  const at = await replay(numbers, 150);
  await throughCrashes(at, "at-least-once", numbers);
  const end = Math.min(...at.lists.map(highest));
  const counts = (texts: readonly string[]): ReadonlyMap<string, number> => {
    const map = new Map<string, number>();
    for (const text of texts) {
      const [key, count, start] = text.split(" ");
      const name = `${key} ${start}`;
      map.set(name, Math.max(map.get(name) ?? 0, Number(count)));
    }
    return map;
  };
  const actual = counts(found(at.log));
  for (const [name, count] of counts(expected(at.lists.flat(), end))) {
    assert.ok((actual.get(name) ?? 0) >= count, `seed ${seed}: ${name} has ${actual.get(name)}`);
  }
});

test("a partition without records is left out at once; one that goes quiet, after a while", async () => {
  const clock = manualClock(begin + hour);
  const log = memoryLog({ clock });
  const at = (minute: number): Reading => ({
    ...{ key: "a", number: 0 },
    time: begin + minute * 60_000,
  });
  await append(log, 0, [at(0), at(1)]);
  await append(log, 1, [at(0), at(10)]);
  const worker = relayWorker({ log, clock });
  await worker.start();
  await worker.idle();
  // Partitions 2 and 3 have nothing to say. Partition 0 may have more for its second minute.
  assert.deepEqual(found(log), []);
  await clock.advance(30_000);
  await worker.idle();
  assert.deepEqual(found(log), [`a 1 ${begin + 60_000}`, `a 2 ${begin}`].sort());
  await append(log, 0, [at(11)]);
  await append(log, 2, [at(10)]);
  await worker.idle();
  await append(log, 1, [at(30)]);
  await worker.idle();
  // Partition 2 is back, and holds up the others.
  assert.deepEqual(found(log).length, 2);
  assert.equal(worker.health().counts["late"] ?? 0, 0);
  await worker.stop();
});

test("a partition whose records are not sent on tells how far it is", async () => {
  const clock = manualClock(begin + hour);
  const log = memoryLog({ clock });
  const at = (minute: number): Reading => ({
    ...{ key: "a", number: 0 },
    time: begin + minute * 60_000,
  });
  await append(log, 0, [at(0), at(20)]);
  for (const partition of [1, 2, 3]) await append(log, partition, [begin, begin + 660_000]);
  const worker = relayWorker({ log, clock });
  await worker.start();
  await worker.idle();
  assert.deepEqual(found(log), [`a 1 ${begin}`]);
  await worker.stop();
  // What was told is still known to another worker without a disk.
  const next = relayWorker({ log, clock });
  await next.start();
  await append(log, 0, [at(9)]);
  await next.idle();
  assert.equal(next.health().counts["late"], 1);
  await next.stop();
});
