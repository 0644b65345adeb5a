import type { Final } from "../../state/windows/window-rows.ts";
import type { AnyTable, RowIn, RowKeyIn } from "./declared.ts";

/** What `Closed<T>` is called with, for a key and its final value. Without a window, from 0 to 0. */
export function closed<T extends AnyTable>(
  key: RowKeyIn<T>,
  value: RowIn<T>,
  { start = 0, end = 0 }: { readonly start?: Date | number; readonly end?: Date | number } = {},
): Final<RowKeyIn<T>, RowIn<T>> {
  return { key, value, window: { start: Number(start), end: Number(end) } };
}
