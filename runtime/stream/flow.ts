import type { Span } from "../span.ts";
import { Gathering } from "./gathering.ts";
import { enumerated, filtered, flatMapped, limited, mapped } from "./operators.ts";
import type { Pace } from "./pace.ts";
import { checkCount, spanMs } from "./span.ts";

/** A sequence. Each operator gives a new one; nothing is asked for before somebody iterates. */
export interface Flow<V> extends AsyncIterable<V> {
  /** What is left out is acknowledged with the next request. */
  filter<W extends V>(test: (value: V) => value is W): Flow<W>;
  filter(test: (value: V) => boolean | Promise<boolean>): Flow<V>;
  map<W>(change: (value: V) => W | Promise<W>): Flow<W>;
  /** A value is acknowledged with the request after the last of what it became. */
  flatMap<W>(change: (value: V) => Iterable<W> | AsyncIterable<W>): Flow<W>;
  /**
   * Arrays of `max` values, or with `within` of those that came in that time since the first one. An
   * array is acknowledged as a whole, when the one after it is asked for.
   */
  take(max: number, within?: Span): Flow<readonly V[]>;
  /** Counts from `start`, 0 unless given; a new run begins again. */
  enumerate(start?: number): Flow<readonly [index: number, value: V]>;
  /**
   * Lets `max` values pass at once, and as many again evenly in each `per`; "1s" unless given. In this
   * run only: each partition has its own.
   */
  rateLimit(max: number, per?: Span): Flow<V>;
  /** Looks at each value and passes it on. */
  peek(look: (value: V) => void): Flow<V>;
}

/** A flow over what `open` gives; it is called for each iteration. */
export function flow<V>(open: () => AsyncIterator<V>, pace: Pace): Flow<V> {
  return new Sequence(open, pace);
}

class Sequence<V> implements Flow<V> {
  readonly #open: () => AsyncIterator<V>;
  readonly #pace: Pace;

  constructor(open: () => AsyncIterator<V>, pace: Pace) {
    this.#open = open;
    this.#pace = pace;
  }

  [Symbol.asyncIterator](): AsyncIterator<V> {
    return this.#open();
  }

  filter<W extends V>(test: (value: V) => value is W): Flow<W>;
  filter(test: (value: V) => boolean | Promise<boolean>): Flow<V>;
  filter(test: (value: V) => boolean | Promise<boolean>): Flow<V> {
    return flow(() => filtered(this, test), this.#pace);
  }

  map<W>(change: (value: V) => W | Promise<W>): Flow<W> {
    return flow(() => mapped(this, change), this.#pace);
  }

  flatMap<W>(change: (value: V) => Iterable<W> | AsyncIterable<W>): Flow<W> {
    return flow(() => flatMapped(this, change), this.#pace);
  }

  take(max: number, within?: Span): Flow<readonly V[]> {
    checkCount(max, "take");
    const withinMs = within === undefined ? undefined : spanMs(within, "take");
    const options = { max, withinMs, pace: this.#pace };
    return flow(() => new Gathering(this[Symbol.asyncIterator](), options), this.#pace);
  }

  enumerate(start = 0): Flow<readonly [index: number, value: V]> {
    return flow(() => enumerated(this, start), this.#pace);
  }

  rateLimit(max: number, per: Span = "1s"): Flow<V> {
    checkCount(max, "rateLimit");
    const options = { max, perMs: spanMs(per, "rateLimit"), pace: this.#pace };
    return flow(() => limited(this, options), this.#pace);
  }

  peek(look: (value: V) => void): Flow<V> {
    return this.map((value) => {
      look(value);
      return value;
    });
  }
}
