/** So many places fit beside an offset, whatever they are. */
const openMax = 500;

/** The events that a task's functions have been handed and have not acknowledged. */
export class OpenCount {
  #count = 0;
  readonly #wake: () => void;

  /** `wake` is called when records may be taken again. */
  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** Whether the task takes no further record before one is acknowledged. */
  get isFull(): boolean {
    return this.#count >= openMax;
  }

  add(): void {
    this.#count += 1;
  }

  remove(count: number): void {
    const wasFull = this.isFull;
    this.#count -= count;
    if (wasFull && !this.isFull) this.#wake();
  }
}
