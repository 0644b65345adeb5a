import type { PartitionTable } from "../../state/partition-table.ts";
import {
  endOfEntry,
  entriesFrom,
  firstEntry,
  keyedMark,
  rowOfEntry,
  startOfRow,
} from "../../state/windows/keyed-key.ts";
import type { SessionSpec, SlidingSpec } from "../../state/windows/keyed-spec.ts";
import { KeyedTimes } from "../../state/windows/keyed-times.ts";
import { timeAt } from "../../state/windows/window-key.ts";
import type { Expiry } from "./window-expiry.ts";

/** Rows that one commit deletes at most: the next ones go on. */
const expiredMax = 10_000;

/**
 * Deletes the sessions or sliding windows that stream time has passed, and that functions were given
 * before. They lie among the rows of their keys, so that each is deleted by itself, and in the changelog.
 */
export class KeyedExpiry implements Expiry {
  readonly #rows: PartitionTable;
  readonly #times: KeyedTimes;
  readonly #isAwaited: boolean;

  constructor(
    windows: SlidingSpec | SessionSpec<unknown>,
    rows: PartitionTable,
    isAwaited: boolean,
  ) {
    this.#rows = rows;
    this.#times = new KeyedTimes(windows);
    this.#isAwaited = isAwaited;
  }

  /** A row's key does not say when its window ends. */
  isExpired(): () => boolean {
    return () => false;
  }

  async discard(): Promise<void> {
    // What has expired is deleted with commits.
  }

  expire(streamTime: number): void {
    if (!Number.isFinite(streamTime)) return;
    const upTo = Math.min(this.#times.uselessUpTo(streamTime), this.#handedOn());
    if (!Number.isFinite(upTo)) return;
    const expired: Buffer[] = [];
    for (const [entry] of this.#rows.rows({ from: firstEntry, to: entriesFrom(upTo + 1) })) {
      expired.push(entry);
      if (expired.length === expiredMax) break;
    }
    for (const entry of expired) this.#delete(entry);
  }

  /** An entry may be of a row's former end. */
  #delete(entry: Buffer): void {
    const row = rowOfEntry(entry);
    const bytes = this.#rows.read(row);
    const start = startOfRow(row);
    if (bytes !== undefined && this.#times.endOf(start, timeAt(bytes, 0)) === endOfEntry(entry)) {
      this.#rows.write(row, null);
    }
    this.#rows.write(entry, null);
  }

  /** Up to which end functions got every window. */
  #handedOn(): number {
    if (!this.#isAwaited) return Number.POSITIVE_INFINITY;
    const mark = this.#rows.read(keyedMark);
    return mark === undefined ? Number.NEGATIVE_INFINITY : endOfEntry(mark) - 1;
  }
}
