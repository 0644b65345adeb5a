import type { Clock, Timer } from "../../clock.ts";
import type { Log, TopicPartition } from "../../log/log.ts";

/** Less than what a call may take before it is worth a line. */
const everyMs = 5000;

/**
 * Asks the log now and then for something small. A worker whose inputs are silent would not notice
 * that the log is away; whoever waits for the answer says so.
 */
export class Probe {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #place: TopicPartition;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(log: Log, clock: Clock, place: TopicPartition) {
    this.#log = log;
    this.#clock = clock;
    this.#place = place;
  }

  /** `failed` is called where the log refuses for good. */
  start(failed: (error: unknown) => void): void {
    this.#timer = this.#clock.timer(everyMs, () => {
      this.#log.offsets([this.#place]).then(
        () => {
          if (!this.#isOver) this.start(failed);
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
