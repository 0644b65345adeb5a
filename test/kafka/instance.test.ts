/**
 * A named worker that is killed and started again. Its session outlasts the test by far, so that one
 * which waited for it to end would never be ready.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { random } from "../random.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const sessionMs = 1_800_000;
const patienceMs = 60_000;

/** Kills a worker that has worked, and lets one of the same name go on. */
async function goesOn(more: readonly string[]): Promise<void> {
  const tally = new Tally(await sharedKafka());
  const numbers = random(9);
  const flags = ["--bootstrap", tally.bootstrap, "--state", tally.state()];
  flags.push("--instance", "shop-0", "--session-timeout-ms", `${sessionMs}`, ...more);
  const workers: WorkerProcess[] = [];
  const start = async (): Promise<WorkerProcess> => {
    const worker = WorkerProcess.main(tally, flags);
    workers.push(worker);
    await worker.says(/"ready"/, patienceMs);
    return worker;
  };
  try {
    await tally.createInputs();
    const first = await start();
    await tally.send("happenings", 1000, { keys: 50, random: numbers });
    await tally.committed("happenings", patienceMs);
    await first.kill();
    const second = await start();
    await tally.send("happenings", 1000, { keys: 50, random: numbers });
    await tally.committed("happenings", patienceMs);
    const { code } = await second.stop();
    assert.equal(code, 0, second.said);
    assert.equal(await tally.verify("happenings"), 0, "no output is there twice");
  } catch (error) {
    const said = workers.map((worker) => worker.said.slice(-3000)).join("\n");
    throw new Error(`${error}; the workers have said:\n${said}`, { cause: error });
  } finally {
    for (const worker of workers) await worker.kill();
    await tally.close();
  }
}

test("a worker that was killed takes over from itself before its session ends", { skip }, () =>
  goesOn([]),
);

test("so do the threads of one", { skip }, () => goesOn(["--threads", "2"]));
