import type { WindowShape } from "./window-shape.ts";

/** Whose stream time decides which windows are open and which are gone. */
export interface WindowSight {
  /** The highest event time; minus infinity before the first event. */
  readonly streamTime: number;
  /** No row is of a later event: stream time may be behind it. */
  readonly newest: number;
}

/** Which of the windows that hold a time are seen and written. */
export class SeenWindows {
  readonly shape: WindowShape;
  readonly #sight: WindowSight;

  constructor(shape: WindowShape, sight: WindowSight) {
    this.shape = shape;
    this.#sight = sight;
  }

  /** Of the windows that hold `time`, the open one that ends first; a later one where all are closed. */
  firstOpen(time: number): number {
    return Math.max(this.shape.first(time), this.shape.firstOpen(this.#sight.streamTime));
  }

  /**
   * The window that readers at `time` are shown: the open one that ends first, which looks back
   * furthest; where all are closed, the one that ends first. `undefined`: it has expired, or there was
   * no event yet.
   */
  shown(time: number): number | undefined {
    const open = this.firstOpen(time);
    const start = open > this.shape.last(time) ? this.shape.first(time) : open;
    return Number.isFinite(start) && this.isKept(start) ? start : undefined;
  }

  /** Whether a window can still be read, by its start. */
  isKept(start: number): boolean {
    return start >= this.#firstKept;
  }

  /**
   * Every window that can still be read. `oldest` gives that of the first row, where one is: it is asked
   * for as long as there is no stream time.
   */
  *kept(time: number, oldest: () => number | undefined): Generator<number> {
    const { shape } = this;
    const last = shape.last(Math.max(time, this.#sight.newest));
    const first = Number.isFinite(this.#firstKept) ? this.#firstKept : oldest();
    if (first === undefined) return;
    for (let start = first; start <= last; start += shape.advanceMs) yield start;
  }

  get #firstKept(): number {
    return this.shape.firstKept(this.#sight.streamTime);
  }
}
