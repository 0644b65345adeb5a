/**
 * Workers that are killed, at random and again and again, on a real broker: nothing is lost, tables
 * are exact, outputs are what they must be.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, random } from "../random.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const records = Number(process.env["RECORDS"] ?? 100_000);
const kills = Number(process.env["KILLS"] ?? 10);
const patienceMs = 120_000;
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

/** Kills one of some workers after another while records keep coming, and starts it anew. */
async function live(tally: Tally, numbers: Random, states: readonly (() => string)[]) {
  const start = (index: number): WorkerProcess =>
    WorkerProcess.start(tally, [tally.bootstrap, states[index]?.() ?? "", `worker-${index}`]);
  const workers = states.map((_, index) => start(index));
  let killedAtWork = 0;
  try {
    for (let count = 0; count < kills; count += 1) {
      const sending = sendShare(tally, numbers);
      const index = numbers.int(workers.length);
      // Some in the middle of starting or restoring, some under load.
      if (numbers.chance(0.7)) await workers[index]?.says(/^(restored|committed)/m, patienceMs);
      await sleep(numbers.int(700));
      if ((await tally.left("happenings")) > 0) killedAtWork += 1;
      await workers[index]?.kill();
      workers[index] = start(index);
      await sending;
    }
    await tally.committed("happenings", patienceMs);
    await tally.committed("calls", patienceMs);
    assert.ok(killedAtWork > 0, "every kill came when there was nothing to do");
    // Before that it does not listen for signals, which then end it.
    for (const worker of workers) await worker.says(/^started$/m, patienceMs);
    const stopped = await Promise.all(workers.map((worker) => worker.stop()));
    for (const { code } of stopped) assert.equal(code, 0);
  } catch (error) {
    const said = workers.map(({ said }) => said.slice(-3000)).join("\n");
    throw new Error(`${error}; the workers have said:\n${said}`, { cause: error });
  } finally {
    for (const worker of workers) await worker.kill();
  }
}

async function sendShare(tally: Tally, numbers: Random): Promise<void> {
  const count = Math.ceil(records / kills);
  await tally.send("happenings", count, { keys: 1000, random: numbers });
  await tally.send("calls", Math.ceil(count / 10), { keys: 100, random: numbers });
}

async function survives(
  states: (tally: Tally) => readonly (() => string)[],
  check: (tally: Tally) => Promise<void> = async () => undefined,
): Promise<void> {
  const tally = new Tally(await sharedKafka());
  try {
    await tally.createInputs();
    await live(tally, random(seed), states(tally));
    await check(tally);
    const repeated = [await tally.verify("happenings"), await tally.verify("calls")];
    console.log(`# outputs that there are more than once: ${repeated.join(", ")}`);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error}`, { cause: error });
  } finally {
    await tally.close();
  }
}

const skip = withoutKafka();

test("a worker that is killed ten times and has its tables on disk", { skip }, () => {
  let folder = "";
  const states = (tally: Tally) => {
    folder = tally.state();
    return [() => folder];
  };
  return survives(states, (tally) => tally.verifyStores(folder));
});

test("a worker that is killed ten times and loses its disk each time", { skip }, () =>
  survives((tally) => [() => tally.state()]),
);

test("two workers that are killed ten times between them", { skip }, () =>
  survives((tally) => {
    const folders = [tally.state(), tally.state()];
    return folders.map((folder) => () => folder);
  }),
);
