/** An agent that gets several records at once. */
export interface BatchBounds {
  readonly max: number;
  /** Counted from the first value. */
  readonly withinMs: number;
}

/** An agent that may handle several records at once. */
export interface Laned {
  /** It handles so many records at once, those of one key in their order; opened for each lane. */
  readonly lanes?: number;
}
