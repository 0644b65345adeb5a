import type { Clock, Timer } from "../../clock.ts";
import type { Logger } from "../scope.ts";

/** One call of the log that is being waited for. */
export interface WaitingCall {
  /** It was made in vain, and will be made again. */
  failed(reason: unknown): void;
  /** It is answered, or given up. */
  end(): void;
}

/** A call that takes longer is worth a line. */
const lateMs = 5000;

/**
 * Says once that the log does not answer, and once that it does again, however many calls wait for it
 * and however often each of them is made.
 */
export class Outage {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #late = new Set<WaitingCall>();
  #since = 0;
  /** Whether nobody wants to wait any more: what fails from here on is not made again. */
  isOver = false;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** `mayWaitMs` is how long each try may go without an answer although the log is there. */
  begin(mayWaitMs = 0): WaitingCall {
    let reason: unknown;
    let failingSince: number | undefined;
    const timed = (): Timer =>
      this.#clock.timer(lateMs + mayWaitMs, () => this.#isLate(call, reason));
    let timer = timed();
    const call: WaitingCall = {
      failed: (error) => {
        reason = error;
        if (mayWaitMs === 0) return;
        // The next try may wait as long again; that they all fail is another matter.
        timer.cancel();
        timer = timed();
        failingSince ??= this.#clock.now();
        if (this.#clock.now() - failingSince >= lateMs) this.#isLate(call, reason);
      },
      end: () => {
        timer.cancel();
        if (this.#late.delete(call) && this.#late.size === 0) this.#answers();
      },
    };
    return call;
  }

  #isLate(call: WaitingCall, reason: unknown): void {
    if (this.#late.size === 0 && !this.isOver) {
      this.#since = this.#clock.now() - lateMs;
      const because = reason instanceof Error ? { reason: reason.message } : {};
      this.#logger.warn("the log does not answer: the worker waits, and loses nothing", because);
    }
    this.#late.add(call);
  }

  #answers(): void {
    if (this.isOver) return;
    const waitedMs = this.#clock.now() - this.#since;
    this.#logger.info("the log answers again", { waitedMs });
  }
}
