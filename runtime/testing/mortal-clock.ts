import type { Clock } from "../clock.ts";

/** The clock of one worker, which stands still for it alone when its process is gone. */
export class MortalClock implements Clock {
  readonly #clock: Clock;
  isAlive = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly now = (): number => this.#clock.now();

  timer(delayMs: number, task: () => void): { cancel(): void } {
    return this.#clock.timer(delayMs, () => {
      if (this.isAlive) task();
    });
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.timer(delayMs, resolve);
    });
  }
}
