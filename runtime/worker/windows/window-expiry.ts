import type { PartitionTable } from "../../state/partition-table.ts";
import {
  firstRowKey,
  isMark,
  markKey,
  startOf,
  windowPrefix,
} from "../../state/windows/window-key.ts";
import { WindowShape, type WindowSpec } from "../../state/windows/window-shape.ts";

/** Removes the windows of one table that stream time has passed, and that were closed before. */
export class WindowExpiry {
  readonly #shape: WindowShape;
  readonly #rows: PartitionTable;
  /** Whether functions wait for the windows to close: those that they did not get stay. */
  readonly #isAwaited: boolean;
  #discarded = Number.NEGATIVE_INFINITY;

  constructor(spec: WindowSpec, rows: PartitionTable, isAwaited: boolean) {
    this.#shape = new WindowShape(spec);
    this.#rows = rows;
    this.#isAwaited = isAwaited;
  }

  /** Tells rows that a restore need not take, as of the committed stream time. */
  isExpired(streamTime: number): (key: Buffer) => boolean {
    const kept = this.#isAwaited ? Number.NEGATIVE_INFINITY : this.#shape.firstKept(streamTime);
    return (key) => !isMark(key) && startOf(key) < kept;
  }

  /** Removes from the store what has expired by the committed stream time. */
  async discard(streamTime: number): Promise<void> {
    const kept = Math.min(this.#shape.firstKept(streamTime), this.#closed());
    if (!(kept > this.#discarded)) return;
    await this.#rows.discard(firstRowKey, windowPrefix(kept));
    this.#discarded = kept;
  }

  /** Up to where functions got every window, by what is committed. */
  #closed(): number {
    if (!this.#isAwaited) return Number.POSITIVE_INFINITY;
    const mark = this.#rows.readCommitted(markKey);
    return mark === undefined ? Number.NEGATIVE_INFINITY : startOf(mark);
  }
}
