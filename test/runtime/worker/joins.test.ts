/** Joins against a comparison of every record with every other; with crashes anywhere. One seed is one run. */
import assert from "node:assert/strict";
import test from "node:test";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import {
  append,
  couple,
  couplesWorker,
  type Given,
  kinds,
  outcome,
  randomCouples,
} from "./couples.ts";
import { partitions } from "./gauge.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
/** So that an input which is fetched in pieces is never overtaken. */
const patient = { inputWaitMaxMs: 100_000_000 };

function assertOutcome(log: MemoryLog, list: readonly Given[], until?: number): void {
  const all = { pairs: 0, alone: 0 };
  for (let partition = 0; partition < partitions; partition += 1) {
    for (const kind of kinds) {
      const { alone, pairs } = couple(list, partition, kind, until);
      const where = `seed ${seed}, partition ${partition}, ${kind}`;
      assert.deepEqual(outcome(log, partition, kind), { pairs, alone }, where);
      all.pairs += pairs.length;
      all.alone += alone.length;
    }
  }
  assert.ok(all.pairs > 60 && all.alone > 100, JSON.stringify(all));
}

test("joins give what a comparison of all records gives, and count what is late", async () => {
  const list = randomCouples(random(seed), 700);
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock });
  await append(log, list);
  const worker = couplesWorker({ ...patient, log, clock });
  await worker.start();
  await worker.idle();
  const { counts } = worker.health();
  await worker.stop();
  assertOutcome(log, list);
  const late = kinds.flatMap((kind) =>
    Array.from({ length: partitions }, (_, partition) => couple(list, partition, kind).late),
  );
  assert.equal(
    counts["late"],
    late.reduce((sum, each) => sum + each, 0),
    `seed ${seed}`,
  );
});

test("a join goes on where it was after a restart: from disk, or from its changelogs", async () => {
  const list = randomCouples(random(seed + 1), 700);
  for (const keepsDisk of [true, false]) {
    const clock = manualClock(1_000_000);
    const log = memoryLog({ clock });
    const disk = new KeptStores();
    for (const part of [list.slice(0, 350), list.slice(350)]) {
      await append(log, part);
      const stores = keepsDisk ? disk : new KeptStores();
      const worker = couplesWorker({ ...patient, log, clock, stores });
      await worker.start();
      await worker.idle();
      await worker.stop();
    }
    assertOutcome(log, list, 350);
  }
});

/** Starts workers until one gets to the end; each crashes at a call of the log, or where it is told. */
async function crashing(
  list: readonly Given[],
  delivery: "exactly-once" | "at-least-once",
  { clock, numbers }: { readonly clock: ManualClock; readonly numbers: ReturnType<typeof random> },
): Promise<MemoryLog> {
  const log = memoryLog({ clock, sessionTimeoutMs: 2000, pollMaxBytes: 400 });
  await append(log, list);
  let disk = new KeptStores();
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const isLast = attempt === 11;
    const connection = log.connect(`worker-${attempt}`);
    let calls = isLast ? Number.POSITIVE_INFINITY : 30 + numbers.int(200);
    let isCrashed = false;
    const fall = () => {
      isCrashed = true;
      connection.crash();
    };
    log.faults.decide = ({ client }) => {
      calls -= client === `worker-${attempt}` ? 1 : 0;
      if (calls > 0) return undefined;
      isCrashed = true;
      return "crash";
    };
    const called = () => void (!isLast && numbers.chance(0.005) && fall());
    const worker = couplesWorker(
      {
        ...{ ...patient, log: connection, clock, delivery, instance: `worker-${attempt}` },
        ...{ stores: disk, stagedMaxBytes: 3000 },
      },
      { called },
    );
    worker.start().catch(() => undefined);
    for (let step = 0; step < (isLast ? 200 : 20) && !isCrashed; step += 1) {
      await clock.advance(250);
    }
    if (isLast) assert.equal(worker.health().state, "running", worker.health().error);
    else if (!isCrashed) fall();
    log.faults.decide = () => undefined;
    if (numbers.chance(0.5)) disk = new KeptStores();
    await clock.advance(4000);
  }
  return log;
}

test("exactly once, with a worker that crashes again and again", async () => {
  const numbers = random(seed);
  const list = randomCouples(numbers, 400);
  const log = await crashing(list, "exactly-once", { clock: manualClock(1_000_000), numbers });
  assertOutcome(log, list);
});

test("at least once, with a worker that crashes again and again", async () => {
  const numbers = random(seed + 2);
  const list = randomCouples(numbers, 400);
  const log = await crashing(list, "at-least-once", { clock: manualClock(1_000_000), numbers });
  for (let partition = 0; partition < partitions; partition += 1) {
    for (const kind of kinds) {
      const expected = couple(list, partition, kind);
      const found = outcome(log, partition, kind);
      const where = `seed ${seed}, partition ${partition}, ${kind}`;
      assert.deepEqual(once(found.pairs), once(expected.pairs), where);
      assert.deepEqual(once(found.alone), once(expected.alone), where);
    }
  }
});

const once = (lines: readonly string[]): readonly string[] => [...new Set(lines)].sort();
