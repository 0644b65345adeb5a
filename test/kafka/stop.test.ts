/** SIGTERM to a worker that has its hands full. */
import assert from "node:assert/strict";
import test from "node:test";
import { random } from "../random.ts";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { type Flow, Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const patienceMs = 120_000;
const stopMaxMs = 10_000;

/** Stops a worker in the middle of its work, and lets another one finish that. */
async function stopsInTime(flow: Flow, records: number, more: readonly string[] = []) {
  const tally = new Tally(await sharedKafka());
  const numbers = random(7);
  try {
    await tally.createInputs();
    await tally.send(flow, records, { keys: 500, random: numbers });
    await tally.sendKeys("calls", more);
    const state = tally.state();
    const flags = ["--bootstrap", tally.bootstrap, "--state", state];
    const first = WorkerProcess.main(tally, flags);
    await first.says(/"ready"/, patienceMs);
    const all = await tally.left(flow);
    let left = all;
    while (left === all) left = await tally.left(flow);
    assert.ok(left > 0, "it is stopped in the middle");
    const { code, tookMs } = await first.stop();
    assert.equal(code, 0, first.said);
    assert.ok(tookMs < stopMaxMs, `it took ${tookMs} ms`);
    const second = WorkerProcess.main(tally, flags);
    await tally.committed(flow, patienceMs);
    await second.stop();
    const repeated = await tally.verify(flow);
    if (more.length === 0) assert.equal(repeated, 0, "a clean stop repeats nothing");
  } finally {
    await tally.close();
  }
}

test("a synchronous agent", { skip }, () => stopsInTime("happenings", 200_000));

test("an asynchronous agent", { skip }, () => stopsInTime("calls", 40_000));

test("an agent that never ends keeps only its own record", { skip }, () =>
  stopsInTime("happenings", 200_000, ["nobody"]),
);
