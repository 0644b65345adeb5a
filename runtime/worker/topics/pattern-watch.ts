import type { Clock, Timer } from "../../clock.ts";
import type { Patterns } from "./patterns.ts";

export interface WatchOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Called where other topics are there than the last time. */
  readonly changed: () => void;
  /** Called where the log refuses for good. */
  readonly failed: (error: unknown) => void;
}

/** Looks now and then whether topics have come or gone that a pattern stands for. */
export class PatternWatch {
  readonly #patterns: Patterns;
  readonly #options: WatchOptions;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(patterns: Patterns, options: WatchOptions) {
    this.#patterns = patterns;
    this.#options = options;
  }

  start(): void {
    const { changed, clock, everyMs, failed } = this.#options;
    if (this.#isOver) return;
    this.#timer = clock.timer(everyMs, () => {
      this.#patterns.look().then(
        (isOther) => {
          if (this.#isOver) return;
          if (isOther) changed();
          this.start();
        },
        (error: unknown) => {
          if (!this.#isOver) failed(error);
        },
      );
    });
  }

  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }
}
