import type { Clock } from "../../clock.ts";
import { isLogError, logCode } from "../../log/codes.ts";
import type { Outage } from "./outage.ts";

/** What waiting for the log takes; every worker's `Services` have it. */
export interface Waits {
  readonly clock: Clock;
  readonly outage: Outage;
}

interface Trying {
  /** How long a try may go without an answer although the log is there. Default 0. */
  readonly mayWaitMs?: number | undefined;
  /** Once it is aborted, what fails is not made again. */
  readonly signal?: AbortSignal | undefined;
}

const firstDelayMs = 20;
const delayMaxMs = 1000;

/**
 * Makes a call again, at first at once and then ever less often, for as long as the log does not
 * answer or is not there. Only for calls whose effect is the same when they are made twice.
 */
export async function untilAnswered<T>(
  { clock, outage }: Waits,
  call: () => Promise<T>,
  { mayWaitMs, signal }: Trying = {},
): Promise<T> {
  const waiting = outage.begin(mayWaitMs);
  try {
    for (let delayMs = 0; ; delayMs = Math.min(delayMaxMs, delayMs * 2 || firstDelayMs)) {
      try {
        return await call();
      } catch (error) {
        if (!isTransient(error) || signal?.aborted === true || outage.isOver) throw error;
        waiting.failed(error);
      }
      if (delayMs > 0) await clock.sleep(delayMs);
    }
  } finally {
    waiting.end();
  }
}

/** Whether the same call may work later. */
export function isTransient(error: unknown): boolean {
  return isLogError(error, logCode.unanswered, logCode.unavailable);
}
