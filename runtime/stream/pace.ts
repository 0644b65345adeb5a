import type { Timer } from "../clock.ts";

/** What operators ask of whoever gives a flow its values. */
export interface Pace {
  now(): number;
  /** What is given from here on is acknowledged only when the hold is released. */
  hold(): Hold;
  /** Waits. Gives false where the flow ends first. */
  rest(ms: number): Promise<boolean>;
  /** Calls `ring` in `ms`, as soon as no record is being handled; whoever is awaited goes on then. */
  alarm(ms: number, ring: () => void): Timer;
  /** The value that somebody waits for already is asked for once more. */
  askedAgain(): void;
  /** Nobody waits any more for a value that was asked for. */
  abandon(): void;
}

/** A claim on all values since it was made. */
export interface Hold {
  /** The values are all there, and whoever asked for them has them. */
  handOver(): void;
  release(): void;
}
