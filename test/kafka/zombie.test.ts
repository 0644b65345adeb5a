/** Workers that hang for longer than their session lasts, are replaced, and wake up. */
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { random } from "../random.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const patienceMs = 120_000;
/** Longer than the session of 2 s. */
const hangsMs = 4000;
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

test("a worker that hangs in the middle of its work is replaced, and does no harm", {
  skip,
}, async () => {
  const tally = new Tally(await sharedKafka());
  const numbers = random(seed);
  const start = (): WorkerProcess => WorkerProcess.start(tally, [tally.bootstrap, tally.state()]);
  const sendSome = async (): Promise<void> => {
    await tally.send("happenings", 8000, { keys: 300, random: numbers });
    await tally.send("calls", 800, { keys: 50, random: numbers });
  };
  let workers: readonly WorkerProcess[] = [];
  try {
    await tally.createInputs();
    await sendSome();
    workers = [start(), start()];
    await Promise.all(workers.map((worker) => worker.says(/^restored/m, patienceMs)));
    for (let round = 0; round < 4; round += 1) {
      const sending = sendSome();
      await sleep(numbers.int(400));
      const hanging = workers[round % 2];
      hanging?.freeze();
      await sending;
      await sleep(hangsMs);
      hanging?.thaw();
      await sendSome();
    }
    await tally.committed("happenings", patienceMs);
    await tally.committed("calls", patienceMs);
    for (const worker of workers) {
      const { code } = await worker.stop();
      assert.equal(code, 0, worker.said);
    }
    await tally.verify("happenings");
    await tally.verify("calls");
  } catch (error) {
    const said = workers.map((worker) => worker.said.slice(-2000)).join("\n");
    throw new Error(`seed ${seed}: ${error}; the workers have said:\n${said}`, { cause: error });
  } finally {
    for (const worker of workers) await worker.kill();
    await tally.close();
  }
});
