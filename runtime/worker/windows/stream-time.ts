import type { UpstreamTimes } from "../upstream/upstream-times.ts";

/** How far ahead of the clock events may be, unless a worker is told otherwise. */
export const futureSkewMaxMs = 3_600_000;

/** Before the first event. */
const never = Number.NEGATIVE_INFINITY;

/**
 * The highest event time that a task has seen, in milliseconds: as of now and of its commits. Minus
 * infinity before the first event. A time too far ahead of the clock is a mistake that would close
 * every window, and counts for nothing.
 *
 * Behind `groupBy` records do not move it: the partitions of the source tell how far they are, and it
 * is never ahead of the slowest.
 */
export class StreamTime {
  readonly #clock: () => number;
  readonly #skewMaxMs: number;
  readonly #upstreams: readonly UpstreamTimes[];
  /** With the record that is being handled. */
  #current = never;
  #now = never;
  #sealed = never;
  #committed = never;
  /** The highest time of a record that moves it, wherever the slowest of the others may be. */
  #highest = never;
  #opened = never;
  /** The highest time of any record. */
  #newest = never;
  /** Up to here a time was found not to be too far ahead. */
  #credible = never;
  /** Whether the record that is being handled is too far ahead. */
  isAhead = false;

  constructor(
    clock: () => number,
    skewMaxMs: number = futureSkewMaxMs,
    upstreams: readonly UpstreamTimes[] = [],
  ) {
    this.#clock = clock;
    this.#skewMaxMs = skewMaxMs;
    this.#upstreams = upstreams;
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

  /** No row of a window is of a later event. */
  get newest(): number {
    return this.#upstreams.reduce((newest, { highest }) => Math.max(newest, highest), this.#newest);
  }

  begin(timeMs: number): void {
    this.#current = timeMs;
    this.#now = timeMs;
    this.#sealed = timeMs;
    this.#committed = timeMs;
    this.#highest = timeMs;
    this.#opened = timeMs;
    this.#newest = Math.max(this.#newest, timeMs);
    this.isAhead = false;
  }

  /** A record is about to be handled. `moves`: its time counts for the task's. */
  open(timeMs: number, moves = true): void {
    this.isAhead = false;
    if (timeMs <= this.#now) return;
    if (timeMs > this.#credible) this.#credible = this.#clock() + this.#skewMaxMs;
    if (timeMs > this.#credible) {
      this.isAhead = true;
      return;
    }
    if (timeMs > this.#newest) this.#newest = timeMs;
    if (!moves) return;
    this.#opened = Math.max(timeMs, this.#highest);
    this.#current = this.#upTo(this.#opened);
  }

  /** The record is handled: its time counts. */
  close(): void {
    this.#highest = this.#opened;
    this.#now = this.#current;
    this.isAhead = false;
  }

  /** The record is given up. */
  cancel(): void {
    this.#opened = this.#highest;
    this.#current = this.#now;
    this.isAhead = false;
  }

  /** Partitions of a source have told how far they are. */
  follow(): void {
    const told = this.#upstreams.map(({ highest }) => highest);
    this.#now = this.#upTo(Math.max(this.#highest, ...told));
    this.#current = this.#now;
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

  /** Goes on towards a time, not further than the slowest partition of a source; never back. */
  #upTo(timeMs: number): number {
    let to = timeMs;
    for (const { slowest } of this.#upstreams) to = Math.min(to, slowest);
    return Math.max(this.#now, to);
  }
}
