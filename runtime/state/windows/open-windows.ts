import type { PartitionTable } from "../partition-table.ts";
import type { RowCodec } from "../row-bytes.ts";
import { isFixed, type TableWindows } from "./keyed-spec.ts";
import type { RowsIn } from "./keyed-windows.ts";
import type { WindowSight } from "./seen-windows.ts";
import { ReadableSessions, SessionRows } from "./session-rows.ts";
import { ReadableSliding, SlidingRows } from "./sliding-rows.ts";
import { type ReadableWindows, WindowRows, type WritableWindows } from "./window-rows.ts";

/** How the rows of any windowed table are written, and how its windows lie. */
export interface WindowedCodec<K, V, Found> extends RowCodec<K, V, Found> {
  readonly windows: TableWindows<V>;
}

/** The rows of one partition of a windowed table, as its agents see them. */
export function openWindows<K, V, Found>(
  table: PartitionTable,
  codec: WindowedCodec<K, V, Found>,
  sight: WindowSight,
): WritableWindows<K, V, Found> {
  const { windows } = codec;
  if (isFixed(windows)) return new WindowRows(table, { ...codec, windows }, sight);
  return windows.kind === "session"
    ? new SessionRows(table, { ...codec, windows }, sight)
    : new SlidingRows(table, { ...codec, windows }, sight);
}

/** The reading half, over rows as of another time. `undefined` where windows are the same for all keys. */
export function readKeyedWindows<K, V, Found>(
  codec: WindowedCodec<K, V, Found>,
  rowsIn: RowsIn,
  sight: WindowSight,
): ReadableWindows<K, V, Found> | undefined {
  const { windows } = codec;
  if (isFixed(windows)) return undefined;
  return windows.kind === "session"
    ? new ReadableSessions({ ...codec, windows }, rowsIn, sight)
    : new ReadableSliding({ ...codec, windows }, rowsIn, sight);
}
