/** The records that a task's lanes have and have not done with. */
export class InFlight {
  #count = 0;
  #max = Number.POSITIVE_INFINITY;
  readonly #stirred: (() => void)[] = [];
  readonly #watched: (() => boolean)[] = [];

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Whether those that are left all wait for a time to come, so that a commit need not wait for them. */
  get isQuiet(): boolean {
    return this.#count === 0 || this.#watched.every((isQuiet) => isQuiet());
  }

  /** Whether the task takes no further record before one is done with. */
  get isFull(): boolean {
    return this.#count >= this.#max;
  }

  /** At most so many at a time. */
  limit(max: number): void {
    this.#max = Math.min(this.#max, max);
  }

  /** Asks this, too, whether nothing is under way. */
  watch(isQuiet: () => boolean): void {
    this.#watched.push(isQuiet);
  }

  add(): void {
    this.#count += 1;
  }

  /** One is done with, or so many are given up. */
  remove(count = 1): void {
    this.#count -= count;
    this.stir();
  }

  /** Something has happened to one of them. */
  stir(): void {
    for (const resolve of this.#stirred.splice(0)) resolve();
  }

  /** Resolves at the next `stir`. */
  stirred(): Promise<void> {
    return new Promise((resolve) => this.#stirred.push(resolve));
  }
}
