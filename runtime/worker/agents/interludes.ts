import type { BatchCursor } from "../../log/batch-cursor.ts";

/** What an agent does between two records, for records that it has had before. */
export interface Interlude {
  /** The last of these records, in bytes of its own. */
  readonly cursor: BatchCursor;
  /** Its event time. */
  readonly timestamp: number;
  /** Its topic's name in the log. */
  readonly topic: string;
  /** Rejects where the task must stop. */
  run(): Promise<void>;
}

/** The interludes of a task whose turn has come. */
export class Interludes {
  readonly #due: Interlude[] = [];
  readonly #wake: () => void;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  get isEmpty(): boolean {
    return this.#due.length === 0;
  }

  push(interlude: Interlude): void {
    this.#due.push(interlude);
    this.#wake();
  }

  /** Something else has come that the task may go on with. */
  stir(): void {
    this.#wake();
  }

  take(): Interlude | undefined {
    return this.#due.shift();
  }
}
