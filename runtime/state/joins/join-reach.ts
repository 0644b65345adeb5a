import type { WindowSpec } from "../windows/window-shape.ts";

/** How far apart the records of a pair may be, in milliseconds. */
export interface JoinSpan {
  /** How long before the left record the right one may be. */
  readonly beforeMs: number;
  /** How long after it. */
  readonly afterMs: number;
  /** How long a record is waited for behind that. */
  readonly graceMs: number;
}

/**
 * What a record of one side waits for: records of the other side from `time - back` to `time + ahead`,
 * both of which belong to it, as in Kafka Streams. Stream time closes it:
 *
 *     time - back        time        time + ahead    time + ahead + grace
 *          ├── partners ───┼── partners ─────┤── late ones ────┤ closed behind it
 */
export class JoinReach {
  readonly backMs: number;
  readonly aheadMs: number;
  readonly graceMs: number;

  constructor(backMs: number, aheadMs: number, graceMs: number) {
    this.backMs = backMs;
    this.aheadMs = aheadMs;
    this.graceMs = graceMs;
  }

  static ofLeft({ beforeMs, afterMs, graceMs }: JoinSpan): JoinReach {
    return new JoinReach(beforeMs, afterMs, graceMs);
  }

  static ofRight({ beforeMs, afterMs, graceMs }: JoinSpan): JoinReach {
    return new JoinReach(afterMs, beforeMs, graceMs);
  }

  /** Whether a record of that time may still be paired. */
  isOpen(time: number, streamTime: number): boolean {
    return streamTime <= time + this.aheadMs + this.graceMs;
  }

  /**
   * How its records lie in their buffer: in pieces as long as all of their reach, so that the partners
   * of a record are in two of them at most. A piece is gone when the last record in it is closed.
   */
  get pieces(): WindowSpec {
    const lengthMs = Math.max(1, this.backMs + this.aheadMs);
    const graceMs = this.aheadMs + this.graceMs;
    return { sizeMs: lengthMs, advanceMs: lengthMs, graceMs, expiresMs: 0 };
  }
}

/** How unmatched records lie in their table: by the last moment that a partner may have. */
export const unmatchedWindows = (graceMs: number): WindowSpec => ({
  sizeMs: 1,
  advanceMs: 1,
  graceMs,
  expiresMs: 0,
});
