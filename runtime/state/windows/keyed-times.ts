import type { SessionSpec, SlidingSpec } from "./keyed-spec.ts";

/** When windows that lie differently for each key are closed, and are gone. */
export class KeyedTimes {
  readonly spec: SlidingSpec | SessionSpec<unknown>;
  /** From a window's end until it is closed. */
  readonly openMs: number;
  readonly #expiresMs: number;

  constructor(spec: SlidingSpec | SessionSpec<unknown>) {
    this.spec = spec;
    // Behind a session the next event may still follow within the gap.
    this.openMs = spec.kind === "session" ? spec.gapMs + spec.graceMs : spec.graceMs;
    this.#expiresMs = spec.expiresMs;
  }

  /** Windows that end later than this take events. */
  closedUpTo(streamTime: number): number {
    return streamTime - this.openMs;
  }

  isOpen(end: number, streamTime: number): boolean {
    return end > this.closedUpTo(streamTime);
  }

  /** Windows that end later than this can be read. */
  goneUpTo(streamTime: number): number {
    return this.closedUpTo(streamTime) - this.#expiresMs;
  }

  isKept(end: number, streamTime: number): boolean {
    return end > this.goneUpTo(streamTime);
  }

  /**
   * Windows that end later than this are needed: a new sliding window begins with what an earlier one
   * holds, which may be closed by then.
   */
  uselessUpTo(streamTime: number): number {
    const { spec } = this;
    const neededMs = spec.kind === "session" ? 0 : spec.sizeMs;
    return this.closedUpTo(streamTime) - Math.max(this.#expiresMs, neededMs);
  }

  /** Whether no window that holds this time, and that no other event has made, is open. */
  isLate(time: number, streamTime: number): boolean {
    const { spec } = this;
    return !this.isOpen(spec.kind === "session" ? time + 1 : time + spec.sizeMs, streamTime);
  }

  /** Where a window ends, by its start and by the time that its row has. */
  endOf(start: number, stamp: number): number {
    const { spec } = this;
    return spec.kind === "session" ? stamp + 1 : start + spec.sizeMs;
  }
}
