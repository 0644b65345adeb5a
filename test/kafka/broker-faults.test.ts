/** Brokers that die, restart and freeze under a worker: nothing is lost, and tables are exact. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, random } from "../random.ts";
import { type Kafka, type KafkaOptions, startKafka } from "./broker.ts";
import { withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const patienceMs = 120_000;
const shares = 10;

/** Sends to both flows, a share at a time, and says when each share has gone. */
async function* sending(tally: Tally, numbers: Random): AsyncGenerator<number> {
  for (let share = 0; share < shares; share++) {
    await tally.send("happenings", 2_000, { keys: 500, random: numbers });
    await tally.send("calls", 200, { keys: 50, random: numbers });
    yield share;
  }
}

/** Runs one worker through these faults, one before each share of the records but the first. */
async function survives(
  options: KafkaOptions,
  faults: readonly ((kafka: Kafka) => Promise<void>)[],
): Promise<void> {
  const kafka = await startKafka(options);
  const tally = new Tally(kafka);
  const worker = await started(tally);
  try {
    for await (const share of sending(tally, random(seed))) await faults[share]?.(kafka);
    await tally.committed("happenings", patienceMs);
    await tally.committed("calls", patienceMs);
    assert.ok(worker.isRunning, "the worker has ended");
    const { code } = await worker.stop();
    assert.equal(code, 0);
    await tally.verify("happenings");
    await tally.verify("calls");
  } catch (error) {
    const said = worker.said.slice(-3_000);
    throw new Error(`seed ${seed}: ${error}; the worker has said:\n${said}`, { cause: error });
  } finally {
    await worker.kill();
    await tally.close();
    await kafka.stop();
  }
}

async function started(tally: Tally): Promise<WorkerProcess> {
  await tally.createInputs();
  const worker = WorkerProcess.start(tally, [tally.bootstrap, tally.state()]);
  await worker.says(/^started/m);
  return worker;
}

const killed = (broker: number) => async (kafka: Kafka) => {
  await kafka.kill(broker);
  await sleep(500);
  await kafka.restart(broker);
};
const restarted = (broker: number) => async (kafka: Kafka) => {
  await kafka.shutDown(broker);
  await kafka.restart(broker);
};
/** For longer than sessions last. */
const frozen = async (kafka: Kafka): Promise<void> => {
  kafka.freeze();
  await sleep(5_000);
  kafka.thaw();
};
const nothing = async (): Promise<void> => undefined;

test("a broker that dies, restarts and freezes under a worker costs nothing", { skip }, () =>
  survives({}, [killed(1), nothing, frozen, nothing, restarted(1), nothing, killed(1)]),
);

test("three brokers that restart in turn under a worker cost nothing", { skip }, () =>
  survives({ brokers: 3 }, [restarted(1), nothing, killed(2), nothing, restarted(3), killed(1)]),
);
