import type { RowIndexes } from "../../state/tended/index-of.ts";
import { TendedRows } from "../../state/tended/tended-rows.ts";
import type { TableSpec, TendedTable } from "../spec.ts";

/** A table that finds its rows by their fields, too. Made by `indexedTable`. */
export interface IndexedTableSpec<K, V, Found> extends TableSpec<K, V, Found> {
  readonly indexes: RowIndexes<V>;
  readonly tended: TendedTable;
}

/** Whether a table has indexes. */
export const isIndexed = <K, V, Found>(
  table: TableSpec<K, V, Found>,
): table is IndexedTableSpec<K, V, Found> =>
  table.indexes !== undefined && table.tended !== undefined;

/** Closes over a table's types. */
export function indexedTable<K, V, Found>(
  spec: Omit<IndexedTableSpec<K, V, Found>, "tended">,
): IndexedTableSpec<K, V, Found> {
  // Other indexes are another store, which is filled from the changelog.
  const store = `${spec.name} by ${Object.keys(spec.indexes).sort().join(" ")}`;
  return { ...spec, tended: { store, open: (rows) => new TendedRows(rows, spec) } };
}
