/** A worker that crashes again and again on a log of readings, wherever it is. */
import assert from "node:assert/strict";
import type { Worker, WorkerOptions } from "@streamgen/runtime";
import type { ManualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import type { Random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { append, type Reading } from "./gauge.ts";

export interface Crashing {
  readonly clock: ManualClock;
  readonly numbers: Random;
  /** `closed` is to be called for windows that close: the worker may crash there. */
  make(options: WorkerOptions, closed: () => void): Worker;
}

/** Starts workers until one gets to the end; each crashes at a call of the log, or where it is told. */
export async function crashing(
  list: readonly Reading[],
  delivery: "exactly-once" | "at-least-once",
  { clock, make, numbers }: Crashing,
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
    const closed = () => void (!isLast && numbers.chance(0.02) && fall());
    const worker = make(
      {
        ...{ log: connection, clock, delivery, instance: `worker-${attempt}` },
        ...{ stores: disk, stagedMaxBytes: 1500 },
      },
      closed,
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
