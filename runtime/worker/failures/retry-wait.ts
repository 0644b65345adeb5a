import type { Clock, Timer } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";

interface Waiting {
  readonly timer: Timer;
  resolve(): void;
  reject(error: StreamgenError): void;
}

/**
 * Where a task's record, or its tick, waits for the next attempt. Nothing is staged for it meanwhile, so
 * that what is before it can be committed.
 *
 *     open ──pass──▶ waiting ──time is up, and nobody holds──▶ open
 *       │               │
 *       └────close──────┴──▶ closed: waits end at once, by SG8202
 */
export class RetryWait {
  readonly #clock: Clock;
  #waiting: Waiting | undefined;
  #isDue = false;
  #isHeld = false;
  #isClosed = false;
  /** Who wants to know when the next wait begins. */
  #expecting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Resolves `delayMs` from now, or later where it is held. Rejects where nobody waits any more. */
  pass(delayMs: number): Promise<void> {
    if (this.#isClosed) return Promise.reject(interrupted());
    for (const begun of this.#expecting.splice(0)) begun();
    return new Promise((resolve, reject) => {
      this.#isDue = false;
      const timer = this.#clock.timer(delayMs, () => {
        this.#isDue = true;
        this.#goOn();
      });
      this.#waiting = { timer, resolve, reject };
    });
  }

  /** Resolves as soon as something waits. */
  begun(): Promise<void> {
    if (this.isWaiting) return Promise.resolve();
    return new Promise((resolve) => this.#expecting.push(resolve));
  }

  /** Nothing goes on before `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#expecting = [];
    this.#goOn();
  }

  /** Ends what waits, and whatever would wait before `reopen`. */
  close(): void {
    this.#isClosed = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.timer.cancel();
    waiting?.reject(interrupted());
  }

  reopen(): void {
    this.#isClosed = false;
  }

  #goOn(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || !this.#isDue || this.#isHeld) return;
    this.#waiting = undefined;
    waiting.resolve();
  }
}

const givenUp = "SG8202";

/** Whoever closes a wait has stopped the work, or takes it back: nobody is told of it. */
function interrupted(): StreamgenError {
  return new StreamgenError(givenUp, "a retry was given up");
}

/** Whether an error only says that somebody has closed the wait. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof StreamgenError && error.code === givenUp;
}
