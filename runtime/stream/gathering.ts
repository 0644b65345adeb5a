import type { Hold, Pace } from "./pace.ts";

interface GatheringOptions {
  readonly max: number;
  /** Counted from the first value. */
  readonly withinMs: number | undefined;
  readonly pace: Pace;
}

const timeIsUp = Symbol("time is up");

/**
 * Takes values together: `max` of them, or as many as came in time. They are acknowledged together,
 * when the ones after them are asked for.
 */
export class Gathering<V> implements AsyncIterator<readonly V[], undefined> {
  readonly #source: AsyncIterator<V>;
  readonly #options: GatheringOptions;
  #hold: Hold | undefined;
  /** A value that was asked for and had not come when time was up. */
  #asked: Promise<IteratorResult<V>> | undefined;

  constructor(source: AsyncIterator<V>, options: GatheringOptions) {
    this.#source = source;
    this.#options = options;
  }

  async next(): Promise<IteratorResult<readonly V[], undefined>> {
    const { max } = this.#options;
    this.#release();
    const values: V[] = [];
    const first = await this.#ask();
    if (first.done === true) return first;
    values.push(first.value);
    const hold = this.#options.pace.hold();
    this.#hold = hold;
    const alarm = max > 1 ? this.#alarm() : undefined;
    try {
      while (values.length < max) {
        const asked = this.#ask();
        const result = alarm === undefined ? await asked : await Promise.race([asked, alarm.rung]);
        if (result === timeIsUp) {
          this.#asked = asked;
          break;
        }
        // What is gathered only in part when the flow ends is not acknowledged: it comes again.
        if (result.done === true) return result;
        values.push(result.value);
      }
    } finally {
      alarm?.cancel();
    }
    hold.handOver();
    return { done: false, value: values };
  }

  async return(): Promise<IteratorResult<readonly V[], undefined>> {
    this.#release();
    // A source that still waits would never come to its end.
    if (this.#asked !== undefined) this.#options.pace.abandon();
    else await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #ask(): Promise<IteratorResult<V, undefined>> {
    const asked = this.#asked;
    if (asked === undefined) return this.#source.next();
    this.#asked = undefined;
    this.#options.pace.askedAgain();
    return asked;
  }

  #release(): void {
    this.#hold?.release();
    this.#hold = undefined;
  }

  #alarm(): { readonly rung: Promise<typeof timeIsUp>; cancel(): void } | undefined {
    const { pace, withinMs } = this.#options;
    if (withinMs === undefined) return undefined;
    let ring = (): void => undefined;
    const rung = new Promise<typeof timeIsUp>((resolve) => {
      ring = () => resolve(timeIsUp);
    });
    const timer = pace.alarm(withinMs, () => ring());
    return { rung, cancel: () => timer.cancel() };
  }
}
