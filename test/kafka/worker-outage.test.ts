/** A broker that goes, under a worker that has its hands full, and comes back. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { random } from "../random.ts";
import { type Kafka, startKafka } from "./broker.ts";
import { withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const patienceMs = 120_000;
const records = 150_000;

/** Runs a worker through some trouble with its broker. Gives what it has said. */
async function survives(trouble: (kafka: Kafka, worker: WorkerProcess) => Promise<void>) {
  const kafka = await startKafka();
  const tally = new Tally(kafka);
  try {
    await tally.createInputs();
    await tally.send("happenings", records, { keys: 500, random: random(3) });
    await tally.send("calls", records / 20, { keys: 50, random: random(4) });
    const worker = WorkerProcess.main(tally, ["--bootstrap", tally.bootstrap, "--state", "state"]);
    await worker.says(/"ready"/, patienceMs);
    await trouble(kafka, worker);
    await tally.send("happenings", 1000, { keys: 500, random: random(5) });
    await tally.committed("happenings", patienceMs);
    await tally.committed("calls", patienceMs);
    const { code } = await worker.stop();
    assert.equal(code, 0, worker.said);
    await tally.verify("happenings");
    await tally.verify("calls");
    return worker.said;
  } finally {
    await tally.close();
    await kafka.stop();
  }
}

const linesOf = (said: string, pattern: RegExp): readonly string[] =>
  said.split("\n").filter((line) => pattern.test(line));

test("a broker that is stopped and started again, twice", { skip }, async () => {
  await survives(async (kafka) => {
    for (let round = 0; round < 2; round += 1) {
      await kafka.shutDown();
      await kafka.restart();
      await sleep(300);
    }
  });
});

test("a broker that is away for twenty seconds costs two lines and no memory", {
  skip,
}, async () => {
  let peakKb = 0;
  const said = await survives(async (kafka, worker) => {
    await kafka.kill();
    for (let second = 0; second < 20; second += 1) {
      await sleep(1000);
      const status = readFileSync(`/proc/${worker.pid}/status`, "utf8");
      peakKb = Math.max(peakKb, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]));
    }
    await kafka.restart();
  });
  assert.equal(linesOf(said, /the log does not answer/).length, 1, said);
  assert.equal(linesOf(said, /the log answers again/).length, 1, said);
  assert.ok(peakKb > 0 && peakKb < 600_000, `${peakKb} kB`);
});

test("a broker that hangs for ten seconds is the same as one that is away", { skip }, async () => {
  await survives(async (kafka) => {
    kafka.freeze();
    await sleep(10_000);
    kafka.thaw();
  });
});
