import type { Clock } from "../../clock.ts";

/** Waits for work, but no longer than `maxMs`. Gives whether it is done; it may go on otherwise. */
export function within(clock: Clock, maxMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = clock.timer(maxMs, () => resolve(false));
    work.then(() => resolve(true), reject).finally(() => timer.cancel());
  });
}

/** Lets timers and arriving data have their turn. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
