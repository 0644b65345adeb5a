import type { Clock, Timer } from "../../clock.ts";
import type { Input } from "./input.ts";

/**
 * Which input of a task gives the next record: the one with the smallest event time, as soon as each
 * has one, or was at its end when it was last fetched, or the others have waited long enough for it.
 * What has no event time, such as changes of the task's own tables, goes before: so it never grows into a
 * backlog.
 */
export class InputChoice {
  readonly #inputs: readonly Input[];
  readonly #timeless: readonly Input[];
  readonly #options: {
    readonly clock: Clock;
    readonly waitMaxMs: number;
    readonly waited: () => void;
  };
  #timer: Timer | undefined;
  #isWaitOver = false;

  constructor(
    inputs: readonly Input[],
    options: { readonly clock: Clock; readonly waitMaxMs: number; readonly waited: () => void },
  ) {
    this.#inputs = inputs.filter(({ isTimeless }) => !isTimeless);
    this.#timeless = inputs.filter(({ isTimeless }) => isTimeless);
    this.#options = options;
  }

  /** The input whose loaded record comes next; `undefined` where none may be taken yet. */
  next(): Input | undefined {
    for (const input of this.#timeless) {
      if (!input.isPaused && input.peek() !== undefined) return input;
    }
    const [only] = this.#inputs;
    if (only !== undefined && this.#inputs.length === 1) {
      return !only.isPaused && only.peek() !== undefined ? only : undefined;
    }
    const { first, isBehind, isHeld } = this.#compare();
    if (first === undefined || isHeld) return undefined;
    if (isBehind && !this.#isWaitOver) {
      this.#wait();
      return undefined;
    }
    this.stop();
    return first;
  }

  /** Ends waiting. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#isWaitOver = false;
  }

  #compare(): {
    readonly first: Input | undefined;
    readonly isBehind: boolean;
    readonly isHeld: boolean;
  } {
    let first: Input | undefined;
    let firstTime = Number.POSITIVE_INFINITY;
    let isBehind = false;
    let isHeld = false;
    for (const input of this.#inputs) {
      if (input.isPaused) continue;
      const time = input.peek();
      // Its time is not known, but it is there: overtaking it would be an error, not a delay.
      isHeld ||= input.isWaiting;
      if (time === undefined) isBehind ||= !input.isAtEnd;
      else if (time < firstTime) {
        first = input;
        firstTime = time;
      }
    }
    return { first, isBehind, isHeld };
  }

  #wait(): void {
    this.#timer ??= this.#options.clock.timer(this.#options.waitMaxMs, () => {
      this.#isWaitOver = true;
      this.#options.waited();
    });
  }
}
