import { MemoryStore } from "../../state/memory-store.ts";
import { PartitionTable } from "../../state/partition-table.ts";
import { UndoLog } from "../../state/undo.ts";
import { openWindows } from "../../state/windows/open-windows.ts";
import {
  makeWindowedTable,
  type WindowedTableHandle,
  type WindowTimes,
  wholeTime,
} from "../../state/windows/window-handle.ts";
import type { Final } from "../../state/windows/window-rows.ts";
import type { WindowedTableSpec } from "../../worker/spec.ts";

export interface FakeWindows<K, V, Found> extends WindowedTableHandle<K, V, Found> {
  /** What can be read of all windows, the oldest first, in each by key. */
  readonly rows: readonly Final<K, V>[];
  /**
   * From now on an event of this time is handled. Stream time and clock go on to it, and stay where they
   * are for one that is older.
   */
  turnTo(time: Date | number): void;
}

const free = { reading: () => undefined, writing: () => undefined };

/**
 * A windowed table in memory whose time the test turns, by the code that a worker runs: windows open,
 * close and expire as they do there. `table` is the one in `generated/tables.ts`. Serves as
 * `WindowedTable`, `Lookup`, and by `view` as `View`.
 */
export function windows<K, V, Found>(
  table: WindowedTableSpec<K, V, Found>,
): FakeWindows<K, V, Found> {
  const times = new TurnedTimes();
  const rows = openWindows(new PartitionTable(new MemoryStore(), new UndoLog()), table, times);
  const handle = makeWindowedTable(rows, times, free);
  const turnTo = (time: Date | number): void => times.turnTo(wholeTime(time));
  const fake = Object.assign(handle, { turnTo, rows: [] });
  const byStart = (a: Final<K, V>, b: Final<K, V>): number => a.window.start - b.window.start;
  return Object.defineProperty(fake, "rows", { get: () => [...rows.finals()].sort(byStart) });
}

class TurnedTimes implements WindowTimes {
  eventTime = 0;
  streamTime: number = Number.NEGATIVE_INFINITY;

  get newest(): number {
    return this.streamTime;
  }

  /** Nothing happens between events. */
  get clockTime(): number {
    return this.streamTime;
  }

  turnTo(time: number): void {
    this.eventTime = time;
    this.streamTime = Math.max(this.streamTime, time);
  }
}
