/** How the windows of a table lie. All lengths are in milliseconds. */
export interface WindowSpec {
  readonly sizeMs: number;
  /** From one window's start to the next one's; as long as a window where they do not overlap. */
  readonly advanceMs: number;
  /** How long a window takes late events after its end. */
  readonly graceMs: number;
  /** How long its rows can be read after that. */
  readonly expiresMs: number;
}

/**
 * Windows as numbers. One begins at each multiple of the advance since the epoch, is half-open,
 * `[start, start + size)`, and is known by its start. Stream time closes it, and later removes it:
 *
 *     start            end        end + grace        end + grace + expires
 *       ├── its events ──┤── late ones ──┤── only read ───────┤ gone
 *                                     closed
 */
export class WindowShape {
  readonly spec: WindowSpec;
  readonly sizeMs: number;
  readonly advanceMs: number;

  constructor(spec: WindowSpec) {
    this.spec = spec;
    this.sizeMs = spec.sizeMs;
    this.advanceMs = spec.advanceMs;
  }

  /** Of the windows that hold this time, the one that ends first. */
  first(time: number): number {
    return this.#after(time - this.sizeMs);
  }

  /** Of the windows that hold this time, the one that began last. */
  last(time: number): number {
    return this.#upTo(time);
  }

  /** The first window that still takes events. */
  firstOpen(streamTime: number): number {
    return this.#after(streamTime - this.spec.graceMs - this.sizeMs);
  }

  /** The first window whose rows can still be read. */
  firstKept(streamTime: number): number {
    const { expiresMs, graceMs } = this.spec;
    return this.#after(streamTime - expiresMs - graceMs - this.sizeMs);
  }

  /** Whether every window that holds this time is closed. */
  isLate(time: number, streamTime: number): boolean {
    return this.last(time) < this.firstOpen(streamTime);
  }

  /** The stream time that closes every window which holds this one. */
  closesAt(time: number): number {
    return this.last(time) + this.sizeMs + this.spec.graceMs;
  }

  /** The greatest start that is not after `time`. */
  #upTo(time: number): number {
    return Math.floor(time / this.advanceMs) * this.advanceMs;
  }

  /** The least start that is after `time`. */
  #after(time: number): number {
    return this.#upTo(time) + this.advanceMs;
  }
}
