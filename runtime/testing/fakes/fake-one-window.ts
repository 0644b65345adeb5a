import type { WindowedTableHandle } from "../../state/windows/window-handle.ts";
import type { Final } from "../../state/windows/window-rows.ts";
import type { AnyTable, FoundIn, RowIn, RowKeyIn } from "./declared.ts";
import { FakeTable, type TableArguments } from "./fake-table.ts";
import { keyText } from "./key-order.ts";

/**
 * A windowed table that looks at no time: every event is in the same window, from 0 to 0, and so is
 * every `at`, `ago`, `now` and `current`. For what a function does with the rows of a window; `windows`
 * is for where they lie. `otherwise` is the table's `default`.
 */
export function oneWindow<T extends AnyTable>(
  ...given: TableArguments<T>
): FakeOneWindow<RowKeyIn<T>, RowIn<T>, FoundIn<T>>;
export function oneWindow<K, V, Found>(
  rows: Iterable<readonly [K, V]> = [],
  otherwise?: Found,
): FakeOneWindow<K, V, Found | undefined> {
  return new FakeOneWindow(rows, otherwise);
}

export class FakeOneWindow<K, V, Found>
  extends FakeTable<K, V, Found>
  implements WindowedTableHandle<K, V, Found>
{
  at(): this {
    return this;
  }

  ago(): this {
    return this;
  }

  now(): this {
    return this;
  }

  current(): this {
    return this;
  }

  *windows(key: K): IterableIterator<Final<K, V>> {
    const window = { start: 0, end: 0 };
    for (const [one, value] of this.entries()) {
      if (keyText(one) === keyText(key)) yield { key, window, value };
    }
  }
}
