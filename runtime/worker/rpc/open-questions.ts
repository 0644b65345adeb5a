/**
 * The questions that a task answers side by side. They hold up no commit, which ends before the first
 * of them; only how many there are is bounded.
 */
export class OpenQuestions {
  #count = 0;
  #max = Number.POSITIVE_INFINITY;

  /** Whether the task takes no further record before one is done with. */
  get isFull(): boolean {
    return this.#count >= this.#max;
  }

  limit(max: number): void {
    this.#max = Math.min(this.#max, max);
  }

  add(): void {
    this.#count += 1;
  }

  remove(count = 1): void {
    this.#count -= count;
  }
}
