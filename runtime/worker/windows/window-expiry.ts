import type { PartitionTable } from "../../state/partition-table.ts";
import { isFixed, type TableWindows } from "../../state/windows/keyed-spec.ts";
import {
  firstRowKey,
  isMark,
  markKey,
  startOf,
  windowPrefix,
} from "../../state/windows/window-key.ts";
import { WindowShape, type WindowSpec } from "../../state/windows/window-shape.ts";
import { KeyedExpiry } from "./keyed-expiry.ts";

/** Removes the rows of a table's windows that nobody can see any more. */
export interface Expiry {
  /** Tells rows that a restore need not take, as of the committed stream time. */
  isExpired(streamTime: number): (key: Buffer) => boolean;
  /** Removes from the store what has expired by the committed stream time. */
  discard(streamTime: number): Promise<void>;
  /** Deletes what has expired, as a part of the commit that begins. */
  expire?(streamTime: number): void;
}

/** `isAwaited`: functions wait for the windows to close, and get those that they did not have yet. */
export const openExpiry = (
  windows: TableWindows<unknown>,
  rows: PartitionTable,
  isAwaited: boolean,
): Expiry =>
  isFixed(windows)
    ? new WindowExpiry(windows, rows, isAwaited)
    : new KeyedExpiry(windows, rows, isAwaited);

/** Removes the windows of one table that stream time has passed, and that were closed before. */
class WindowExpiry implements Expiry {
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

  isExpired(streamTime: number): (key: Buffer) => boolean {
    const kept = this.#isAwaited ? Number.NEGATIVE_INFINITY : this.#shape.firstKept(streamTime);
    return (key) => !isMark(key) && startOf(key) < kept;
  }

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
