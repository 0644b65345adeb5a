import type { IndexedTable } from "../../state/tended/indexed-table.ts";
import { CheckedTable } from "./checked-table.ts";
import type { IndexedTableSpec } from "./indexed-table.ts";
import type { RowsPlace } from "./key-owner.ts";

/** A table with indexes that is used by keys which the compiler could not prove to be the stream's. */
export class CheckedIndexedTable<K, V, Found>
  extends CheckedTable<K, V, Found>
  implements IndexedTable<K, V, Found>
{
  readonly #table: IndexedTable<K, V, Found>;

  constructor(
    table: IndexedTable<K, V, Found>,
    spec: IndexedTableSpec<K, V, Found>,
    place: RowsPlace,
  ) {
    super(table, spec, place);
    this.#table = table;
  }

  by(field: string, value: never): IterableIterator<[K, V]> {
    return this.#table.by(field, value);
  }
}
