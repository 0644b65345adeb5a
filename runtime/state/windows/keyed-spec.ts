import type { WindowSpec } from "./window-shape.ts";

/** All windows of a length that end with an event, or begin right behind one. In milliseconds. */
export interface SlidingSpec {
  readonly kind: "sliding";
  readonly sizeMs: number;
  /** How long a window takes late events after its end. */
  readonly graceMs: number;
  /** How long its rows can be read after that. */
  readonly expiresMs: number;
}

/** Windows of events between which there is never more than the gap. In milliseconds. */
export interface SessionSpec<V> {
  readonly kind: "session";
  readonly gapMs: number;
  /** How long a session takes late events after the gap. */
  readonly graceMs: number;
  readonly expiresMs: number;
  /** The value of two sessions that an event between them makes one; `a` is the earlier one's. */
  merge(a: V, b: V): V;
}

/** How the windows of a table lie. */
export type TableWindows<V> = WindowSpec | SlidingSpec | SessionSpec<V>;

/** Whether they are the same for all keys. */
export const isFixed = <V>(windows: TableWindows<V>): windows is WindowSpec =>
  "advanceMs" in windows;

/** How long a row can be of use after it was written last, in event time. */
export function longestMs<V>(windows: TableWindows<V>): number {
  const { expiresMs, graceMs } = windows;
  if (isFixed(windows)) return windows.sizeMs + graceMs + expiresMs;
  if (windows.kind === "session") return windows.gapMs + graceMs + expiresMs;
  // A new window begins with what one holds that may have ended before.
  return windows.sizeMs + graceMs + Math.max(expiresMs, windows.sizeMs);
}
