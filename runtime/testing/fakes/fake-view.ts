import type { SetLookupHandle } from "../../state/set-handle.ts";
import type { LookupHandle } from "../../state/table-handle.ts";
import type {
  WindowedLookupHandle,
  WindowLookupHandle,
} from "../../state/windows/window-handle.ts";
import type { SetViewHandle, ViewHandle, WindowedViewHandle } from "../../worker/scope.ts";

/** Reads a fake table as `View` does: by promises. */
export function view<K, V, Found>(
  table: WindowedLookupHandle<K, V, Found>,
): WindowedViewHandle<K, V, Found>;
export function view<K, V, Found>(table: LookupHandle<K, V, Found>): ViewHandle<K, V, Found>;
export function view<K, E>(table: SetLookupHandle<K, E>): SetViewHandle<K, E>;
export function view<K, V, Found, E>(
  table: WindowedLookupHandle<K, V, Found> | LookupHandle<K, V, Found> | SetLookupHandle<K, E>,
): WindowedViewHandle<K, V, Found> | ViewHandle<K, V, Found> | SetViewHandle<K, E> {
  if ("elements" in table) return viewOfSets(table);
  return "windows" in table ? viewOfWindows(table) : viewOfRows<K, V, Found>(table);
}

/** A table, or one window of it. */
function viewOfRows<K, V, Found>(table: WindowLookupHandle<K, V, Found>): ViewHandle<K, V, Found> {
  return {
    get: async (key) => table.get(key),
    has: async (key) => table.has(key),
    async *entries() {
      yield* table.entries();
    },
  };
}

function viewOfWindows<K, V, Found>(
  table: WindowedLookupHandle<K, V, Found>,
): WindowedViewHandle<K, V, Found> {
  return {
    ...viewOfRows(table),
    at: (time) => viewOfRows(table.at(time)),
    ago: (span) => viewOfRows(table.ago(span)),
    now: () => viewOfRows(table.now()),
    current: () => viewOfRows(table.current()),
    async *windows(key) {
      yield* table.windows(key);
    },
  };
}

function viewOfSets<K, E>(table: SetLookupHandle<K, E>): SetViewHandle<K, E> {
  return {
    has: async (key, element) => table.has(key, element),
    async *elements(key) {
      yield* table.elements(key);
    },
  };
}
