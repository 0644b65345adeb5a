/** One step of staged work that can be taken back. */
export interface UndoStep {
  undo(): void;
  /** Gives what does the newest such step again, once it has been undone. */
  copy(): () => void;
}

/** Steps of a record that are not given back to the garbage collector. */
const keptMax = 64;

/**
 * What a throwing agent's work is undone with: the steps of the current record, newest last. Tables
 * and sinks of a task share one, so that a savepoint covers both.
 */
export class UndoLog {
  readonly #steps: UndoStep[] = [];
  #count = 0;
  #savepoint = 0;
  #epoch = 0;

  /** Changes with each `release` of steps: those of another epoch can no longer be undone. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Steps that were done since the last `release` and not taken back. */
  get size(): number {
    return this.#count;
  }

  push(step: UndoStep): void {
    this.#steps[this.#count] = step;
    this.#count += 1;
  }

  /** The newest step since the last savepoint: who would repeat it can leave it out. */
  get last(): UndoStep | undefined {
    return this.#count > this.#savepoint ? this.#steps[this.#count - 1] : undefined;
  }

  /** A savepoint: give it to `rollback`. Valid until `release`. */
  mark(): number {
    this.#savepoint = this.#count;
    return this.#savepoint;
  }

  /** Takes back what was done since the savepoint, newest first. */
  rollback(mark: number): void {
    while (this.#count > mark) {
      this.#count -= 1;
      this.#steps[this.#count]?.undo();
    }
    this.#savepoint = mark;
  }

  /** Takes everything back for now, and gives what does it again. */
  setAside(): () => void {
    const again: (() => void)[] = [];
    while (this.#count > 0) {
      this.#count -= 1;
      const step = this.#steps[this.#count];
      if (step !== undefined) again.push(step.copy());
      step?.undo();
    }
    this.#savepoint = 0;
    return () => {
      for (const redo of again.toReversed()) redo();
    };
  }

  /** Keeps everything: the record is done. */
  release(): void {
    if (this.#count > 0) this.#epoch += 1;
    // A short list is filled again, which spares making one for each record.
    if (this.#count > keptMax) this.#steps.length = 0;
    this.#count = 0;
    this.#savepoint = 0;
  }
}
