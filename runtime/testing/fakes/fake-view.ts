import type { LookupHandle } from "../../state/table-handle.ts";
import type { ViewHandle } from "../../worker/scope.ts";

/** Reads a fake table as `View` does: by promises. */
export function view<K, V, Found>(table: LookupHandle<K, V, Found>): ViewHandle<K, V, Found> {
  return {
    get: async (key) => table.get(key),
    has: async (key) => table.has(key),
    async *entries() {
      yield* table.entries();
    },
  };
}
