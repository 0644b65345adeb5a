/** One step of staged work that can be taken back. */
export interface UndoStep {
  undo(): void;
}

/**
 * What a throwing agent's work is undone with: the steps of the current record, newest last. Tables
 * and sinks of a task share one, so that a savepoint covers both.
 */
export class UndoLog {
  readonly #steps: UndoStep[] = [];
  #savepoint = 0;

  push(step: UndoStep): void {
    this.#steps.push(step);
  }

  /** The newest step since the last savepoint: who would repeat it can leave it out. */
  get last(): UndoStep | undefined {
    return this.#steps.length > this.#savepoint ? this.#steps.at(-1) : undefined;
  }

  /** A savepoint: give it to `rollback`. Valid until `release`. */
  mark(): number {
    this.#savepoint = this.#steps.length;
    return this.#savepoint;
  }

  /** Takes back what was done since the savepoint, newest first. */
  rollback(mark: number): void {
    for (let count = this.#steps.length; count > mark; count -= 1) this.#steps.pop()?.undo();
    this.#savepoint = mark;
  }

  /** Keeps everything: the record is done. */
  release(): void {
    if (this.#steps.length > 0) this.#steps.length = 0;
    this.#savepoint = 0;
  }
}
