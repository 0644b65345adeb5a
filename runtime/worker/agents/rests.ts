import type { Clock } from "../../clock.ts";

/**
 * Where agents wait for a time to come, with nothing to do for their record before. If nothing is
 * staged for it either, a commit need not wait for them.
 */
export class Rests {
  readonly #clock: Clock;
  readonly #cuts = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isResting(): boolean {
    return this.#cuts.size > 0;
  }

  /** Gives false where it was cut short. */
  rest(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isWhole: boolean) => {
        this.#cuts.delete(cut);
        timer.cancel();
        resolve(isWhole);
      };
      const cut = () => end(false);
      const timer = this.#clock.timer(ms, () => end(true));
      this.#cuts.add(cut);
    });
  }

  /** What is waited for is over. */
  cut(): void {
    for (const cut of [...this.#cuts]) cut();
  }
}
