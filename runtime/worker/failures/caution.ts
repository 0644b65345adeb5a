import { StreamgenError } from "../../errors.ts";
import { isLogError, logCode } from "../../log/codes.ts";
import type { Input } from "../tasks/input.ts";

/** What the log has refused for its content: doing the same again cannot help. */
export function isRefusal(error: unknown): error is StreamgenError {
  return isLogError(error, logCode.tooLarge, logCode.refused);
}

/**
 * Finds the record that led to something which the log refuses. A log refuses whole batches and does
 * not say which record is to blame, so the work is done again with ever fewer records in a commit:
 *
 *     n refused ──▶ n/2 at a time ──▶ … ──▶ 1 refused: that one ──▶ its `onError`
 *
 * Once everything that was refused at first is committed, commits are as large as ever.
 */
export class Caution {
  #recordsMax = Number.POSITIVE_INFINITY;
  /** How far each input had come when the log refused first. */
  readonly #until = new Map<Input, number>();
  #culprit:
    | { readonly error: StreamgenError; readonly ends: ReadonlyMap<Input, number> }
    | undefined;

  /** Whether so many records may not become more before they are committed. */
  isFull(records: number): boolean {
    return records >= this.#recordsMax;
  }

  /**
   * The log has refused what so many records and ticks led to. To be called before the inputs go back. Gives
   * false where there are no fewer records to try.
   */
  refused(
    error: StreamgenError,
    inputs: readonly Input[],
    { records, ticks }: { readonly records: number; readonly ticks: number },
  ): boolean {
    const moved = inputs.filter((input) => input.sealed > input.committed);
    for (const input of moved) {
      this.#until.set(input, Math.max(this.#until.get(input) ?? 0, input.sealed));
    }
    // More than were allowed belong together: an agent has taken them as one.
    if (records > 1 && records <= this.#recordsMax) {
      this.#recordsMax = Math.ceil(records / 2);
      return true;
    }
    if (records < 1 || ticks > 0 || this.#culprit !== undefined) return false;
    this.#recordsMax = 1;
    this.#culprit = { error, ends: new Map(moved.map((input) => [input, input.sealed])) };
    return true;
  }

  /** Something is committed. */
  committed(): void {
    const ends = this.#culprit?.ends ?? [];
    if ([...ends].every(([input, end]) => input.committed >= end)) this.#culprit = undefined;
    for (const [input, until] of this.#until) {
      if (input.committed >= until) this.#until.delete(input);
    }
    if (this.#until.size === 0) this.#recordsMax = Number.POSITIVE_INFINITY;
  }

  /** Why the loaded record of an input must not be handled again. */
  reason(input: Input): StreamgenError | undefined {
    const offset = input.cursor?.offset;
    const end = this.#culprit?.ends.get(input);
    if (this.#culprit === undefined || offset === undefined || end === undefined) return undefined;
    if (offset >= end) return undefined;
    const { error } = this.#culprit;
    const { topic, partition } = input;
    return new StreamgenError(
      "SG8046",
      `the log refuses what this record leads to: ${error.message}`,
      { topic, partition, offset },
      error,
    );
  }
}
