import type { Clock } from "../clock.ts";
import { isLogError, logCode } from "../log/codes.ts";

const firstDelayMs = 20;
const delayMaxMs = 1000;

/**
 * Makes a call again, at first at once and then ever less often, for as long as the log does not
 * answer or is not there. Only for calls whose effect is the same when they are made twice.
 */
export async function untilAnswered<T>(
  clock: Clock,
  call: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let delayMs = 0; ; delayMs = Math.min(delayMaxMs, delayMs * 2 || firstDelayMs)) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error) || signal?.aborted === true) throw error;
    }
    if (delayMs > 0) await clock.sleep(delayMs);
  }
}

/** Whether the same call may work later. */
export function isTransient(error: unknown): boolean {
  return isLogError(error, logCode.unanswered, logCode.unavailable);
}
