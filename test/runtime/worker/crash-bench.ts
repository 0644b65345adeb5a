/** Workers on one log that crash anywhere, under a clock that is turned by hand. */
import { setImmediate as turn } from "node:timers/promises";
import { type PipelineSpec, pipeline, type Worker } from "@streamgen/runtime";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import type { Random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { silent } from "./small.ts";

export interface Wreck {
  readonly spec: PipelineSpec;
  readonly delivery: "exactly-once" | "at-least-once";
  readonly crashes: number;
  readonly numbers: Random;
  /** Event loop turns that a worker has at most before it crashes. */
  readonly turnsMax: number;
  /** Puts what is to be handled into the log. */
  feed(log: MemoryLog): Promise<void>;
}

/** No wait is longer: a worker that does not get there is stuck. */
const roundsMax = 20_000;

/** Turns the clock until a promise is settled. */
export async function within<T>(clock: ManualClock, what: string, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  settled.catch(() => undefined);
  for (let round = 0; !isSettled; round += 1) {
    if (round === roundsMax) throw new Error(`a worker is not ${what}`);
    await clock.advance(1);
    await turn();
  }
  return settled;
}

/** Every other crash is followed by a start on another machine, without what was on disk. */
export async function wreck(plan: Wreck): Promise<MemoryLog> {
  const { crashes, delivery, numbers, spec, turnsMax } = plan;
  const clock = manualClock(1_000_000);
  const log = memoryLog({ clock, sessionTimeoutMs: 100 });
  await plan.feed(log);
  let stores = new KeptStores();
  const crashed: Worker[] = [];
  for (let index = 0; index <= crashes; index += 1) {
    const connection = log.connect(`worker-${index}`);
    const worker = pipeline(1, spec, {
      ...{ log: connection, clock, logger: silent, stores, instance: "one", delivery, env: {} },
      ...{ commitIntervalMs: 10, stagedMaxBytes: 2000, settleMaxMs: 500 },
    });
    const starting = worker.start();
    if (index === crashes) {
      await within(clock, "started", starting);
      await within(clock, "idle", worker.idle());
      await within(clock, "stopped", worker.stop());
      break;
    }
    // It may crash before it has started, too.
    starting.catch(() => undefined);
    crashed.push(worker);
    for (let left = numbers.int(turnsMax); left > 0; left -= 1) {
      await clock.advance(1);
      await turn();
    }
    connection.crash();
    if (index % 2 === 1) stores = new KeptStores();
  }
  // No call of theirs ever ends; this lets go of their timers.
  await within(clock, "given up", Promise.allSettled(crashed.map((one) => one.stop())));
  return log;
}
