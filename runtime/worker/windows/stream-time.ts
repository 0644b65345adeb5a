/** How far ahead of the clock events may be, unless a worker is told otherwise. */
export const futureSkewMaxMs = 3_600_000;

/** Before the first event. */
const never = Number.NEGATIVE_INFINITY;

/**
 * The highest event time that a task has seen, in milliseconds: as of now and of its commits. Minus
 * infinity before the first event. A time too far ahead of the clock is a mistake that would close
 * every window, and counts for nothing.
 */
export class StreamTime {
  readonly #clock: () => number;
  readonly #skewMaxMs: number;
  /** With the record that is being handled. */
  #current = never;
  #now = never;
  #sealed = never;
  #committed = never;
  /** Up to here a time was found not to be too far ahead. */
  #credible = never;
  /** Whether the record that is being handled is too far ahead. */
  isAhead = false;

  constructor(clock: () => number, skewMaxMs: number = futureSkewMaxMs) {
    this.#clock = clock;
    this.#skewMaxMs = skewMaxMs;
  }

  /** As the functions see it that handle a record. */
  get streamTime(): number {
    return this.#current;
  }

  /** As of the commit that was begun last. */
  get sealed(): number {
    return this.#sealed;
  }

  /** As of the last commit. */
  get committed(): number {
    return this.#committed;
  }

  begin(timeMs: number): void {
    this.#current = timeMs;
    this.#now = timeMs;
    this.#sealed = timeMs;
    this.#committed = timeMs;
    this.isAhead = false;
  }

  /** A record is about to be handled. */
  open(timeMs: number): void {
    this.isAhead = false;
    if (timeMs <= this.#now) return;
    if (timeMs > this.#credible) this.#credible = this.#clock() + this.#skewMaxMs;
    if (timeMs > this.#credible) this.isAhead = true;
    else this.#current = timeMs;
  }

  /** The record is handled: its time counts. */
  close(): void {
    this.#now = this.#current;
    this.isAhead = false;
  }

  /** The record is given up. */
  cancel(): void {
    this.#current = this.#now;
    this.isAhead = false;
  }

  /** Goes on to this time without a record. */
  pass(timeMs: number): void {
    this.#now = Math.max(this.#now, timeMs);
    this.#current = this.#now;
  }

  seal(): void {
    this.#sealed = this.#now;
  }

  acknowledge(): void {
    this.#committed = this.#sealed;
  }

  rewind(): void {
    this.begin(this.#committed);
  }
}
