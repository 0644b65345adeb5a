/** Every call that a worker makes of the log goes wrong once, in every way; the result stays the same. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Worker } from "@streamgen/runtime";
import type { ManualClock } from "../../../runtime/clock.ts";
import { manualClock } from "../../../runtime/clock.ts";
import type { Fault, LogCall } from "../../../runtime/log/memory/faults.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import { random } from "../../random.ts";
import {
  append,
  byBucket,
  type Ledger,
  ledgerWorker,
  numberOf,
  outcome,
  randomEntries,
  recompute,
  type Style,
} from "./ledger.ts";

type Delivery = "exactly-once" | "at-least-once";
type Named = Extract<Fault, string>;

interface Run {
  readonly log: MemoryLog;
  /** Calls made by workers, in order. */
  readonly calls: readonly LogCall[];
  readonly result: Ledger;
}

const stepMs = 250;
const stepsMax = 400;

/** Runs the pipeline to its end, starting another worker whenever one has crashed or failed. */
async function run(
  list: readonly string[],
  setup: { readonly delivery: Delivery; readonly style: Style; readonly sameName: boolean },
  decide: (call: LogCall, index: number, clock: ManualClock) => Fault | undefined,
): Promise<Run> {
  const clock = manualClock(1_000_000);
  const log = memoryLog({
    clock,
    sessionTimeoutMs: 2000,
    pollMaxBytes: 400,
    partitionMaxBytes: 200,
  });
  await append(log, list);
  const calls: LogCall[] = [];
  let crashed = false;
  log.faults.decide = (call) => {
    if (!call.client.startsWith("worker")) return undefined;
    calls.push(call);
    const fault = decide(call, calls.length - 1, clock);
    if (fault === "crash" || fault === "crashAfter") crashed = true;
    return fault;
  };
  for (let attempt = 0; attempt < 4; attempt += 1) {
    crashed = false;
    const worker = ledgerWorker(
      {
        log: log.connect(`worker-${attempt}`),
        clock,
        delivery: setup.delivery,
        instance: setup.sameName ? "one" : `instance-${attempt}`,
        // Several commits in a run, although the clock stands still while records are there.
        stagedMaxBytes: 1000,
      },
      setup.style,
    );
    if (await finishes(worker, clock, () => crashed)) {
      return { log, calls, result: outcome(log) };
    }
  }
  throw new Error("four workers did not get to the end");
}

/** All tasks of the pipeline: three partitions of entries, two behind the repartition. */
const tasksAll = 5;

/** Turns the clock until the worker is idle with every task (true), or has crashed (false). */
async function finishes(
  worker: Worker,
  clock: ManualClock,
  crashed: () => boolean,
): Promise<boolean> {
  const life = { state: "starting", reason: undefined as unknown };
  const follow = (work: Promise<unknown>, next: string): void => {
    work.then(
      () => {
        life.state = next;
      },
      (error: unknown) => {
        life.state = "failed";
        life.reason = error;
      },
    );
  };
  follow(worker.start(), "started");
  for (let step = 0; step < stepsMax; step += 1) {
    await clock.advance(stepMs);
    if (crashed()) return false;
    if (life.state === "stopped") return true;
    if (life.state === "failed") throw life.reason;
    // Other workers that are still in the group may have tasks: theirs come here in time.
    if (life.state === "started" && worker.health().tasks.length === tasksAll) {
      life.state = "working";
      follow(worker.idle(), "idle");
    } else if (life.state === "idle") {
      life.state = "stopping";
      follow(worker.stop(), "stopped");
    }
  }
  throw new Error(`stuck while ${life.state}: ${JSON.stringify(worker.health())}`);
}

const faults: readonly Named[] = ["refuse", "lose", "repeat", "crash", "crashAfter"];
/** What a producer sends may arrive twice; for other calls that has no meaning. */
const repeatable: ReadonlySet<string> = new Set(["send", "sendOffsets", "commit", "abort"]);

for (const [style, kinds] of [
  ["each", faults],
  ["stream", ["refuse", "crashAfter"]],
] as const) {
  test(`exactly once: any call may fail in any way (${style})`, async () => {
    const list = randomEntries(random(7), 24);
    const expected = recompute(list);
    const setup = { delivery: "exactly-once", style, sameName: true } as const;
    const clean = await run(list, setup, () => undefined);
    assert.ok(clean.calls.filter(({ kind }) => kind === "commit").length > 2, "several commits");
    assert.deepEqual(clean.result, expected);
    for (const fault of kinds) {
      for (const [target, call] of clean.calls.entries()) {
        if (fault === "repeat" && !repeatable.has(call.kind)) continue;
        const where = `${fault} of call ${target}, ${call.kind}`;
        try {
          const faulty = await run(list, setup, (_, index) =>
            index === target ? fault : undefined,
          );
          assert.deepEqual(faulty.result, expected, where);
        } catch (error) {
          throw new Error(`${where}: ${error}`, { cause: error });
        }
      }
    }
  });
}

test("exactly once: an aborted commit takes back what was processed meanwhile", async () => {
  const list = randomEntries(random(9), 40);
  const expected = recompute(list);
  const setup = { delivery: "exactly-once", style: "each", sameName: true } as const;
  const clean = await run(list, setup, () => undefined);
  assert.deepEqual(clean.result, expected);
  for (const [target, { kind }] of clean.calls.entries()) {
    if (kind !== "send") continue;
    let isRefused = false;
    const faulty = await run(list, setup, (call, index, clock) => {
      // The send hangs while records are processed; then the transaction fails.
      if (index === target) return { kind: "hold", until: clock.sleep(2 * stepMs) };
      if (index < target || isRefused || call.kind !== "sendOffsets") return undefined;
      isRefused = true;
      return "refuse";
    });
    assert.deepEqual(faulty.result, expected, `call ${target}`);
  }
});

test("at least once: nothing is lost, and tables do not repeat, whichever call fails", async () => {
  const list = randomEntries(random(8), 24);
  const expected = recompute(list);
  const setup = { delivery: "at-least-once", style: "each", sameName: false } as const;
  const clean = await run(list, setup, () => undefined);
  assert.deepEqual(clean.result, expected);
  for (const fault of faults) {
    for (const [target, call] of clean.calls.entries()) {
      if (fault === "repeat" && !repeatable.has(call.kind)) continue;
      const where = `${fault} of call ${target}, ${call.kind}`;
      const faulty = await run(list, setup, (_, index) => (index === target ? fault : undefined));
      checkAtLeastOnce(faulty, expected, where);
    }
  }
});

/** Outputs may repeat; a table has the effect of each record that its own input holds once. */
function checkAtLeastOnce({ log, result }: Run, expected: Ledger, where: string): void {
  for (const topic of ["echoes", "counts", "sums"] as const) {
    assert.deepEqual(
      [...new Set(result[topic])],
      [...new Set(expected[topic])],
      `${topic}: ${where}`,
    );
  }
  assert.deepEqual(result.count, expected.count, `count: ${where}`);
  assert.deepEqual(result.fussy, expected.fussy, `fussy: ${where}`);
  const sums: Record<string, number> = {};
  for (const { key, value } of log.records(byBucket.name)) {
    sums[String(key)] = (sums[String(key)] ?? 0) + numberOf(String(value));
  }
  assert.deepEqual(result.sum, sums, `sum: ${where}`);
}
