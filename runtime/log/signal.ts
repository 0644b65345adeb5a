import type { Clock } from "../clock.ts";

/** Wakes whoever waits for the broker to change, in the order they began to wait. */
export class Signal {
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];
  #changes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts the changes, so that one can be told that came before the wait. */
  get changes(): number {
    return this.#changes;
  }

  notify(): void {
    this.#changes++;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves at the next `notify`, or when the clock reaches `until`. */
  wait(until: number): Promise<void> {
    return new Promise((resolve) => {
      const forget = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== wake);
        resolve();
      };
      const delayMs = until - this.#clock.now();
      const timer = Number.isFinite(until) ? this.#clock.timer(delayMs, forget) : undefined;
      const wake = (): void => {
        timer?.cancel();
        resolve();
      };
      this.#waiting.push(wake);
    });
  }
}
