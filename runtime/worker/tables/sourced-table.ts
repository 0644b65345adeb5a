import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { RestorableRows } from "../../state/restorable-rows.ts";
import type { TendedCodec } from "../../state/tended/tended-codec.ts";
import type { RowsSpec } from "../agents/agent-spec.ts";
import type { TableDeclaration, TableSpec, TopicSpec } from "../spec.ts";
import { type IndexedTableSpec, indexedTable } from "./indexed-table.ts";
import { type RecordPort, TopicRows } from "./topic-rows.ts";

/** A table whose rows are a topic's records: that topic is its changelog. */
export interface SourcedTable extends TableDeclaration {
  /** What becomes of a record that cannot be read. */
  readonly onError: "stop" | "skip";
  /** Opens what makes rows of records. */
  open(rows: RestorableRows, port: RecordPort): RecordTaker;
}

/** Makes rows of the records that it is given, whoever reads them. */
export interface RecordTaker {
  /** Gives what to wait for before the record is given again. Throws where it is not left out. */
  take(cursor: BatchCursor): Promise<void> | undefined;
}

export interface SourcedTableSpec<K, V, Found> extends TableSpec<K, V, Found>, SourcedTable {
  readonly from: TopicSpec<K, V>;
}

/** The same where rows are found by their fields, too. */
export type SourcedIndexedTableSpec<K, V, Found> = SourcedTableSpec<K, V, Found> &
  IndexedTableSpec<K, V, Found>;

/** What generated code says of a table of a topic. */
interface Written<K, V, Found> extends TendedCodec<K, V, Found> {
  readonly from: TopicSpec<K, V>;
  readonly onError?: "skip";
}

/** Closes over the types of a table of a topic. */
export function sourcedTable<K, V, Found>(
  spec: Written<K, V, Found> & Pick<IndexedTableSpec<K, V, Found>, "indexes">,
): SourcedIndexedTableSpec<K, V, Found>;
export function sourcedTable<K, V, Found>(
  spec: Written<K, V, Found>,
): SourcedTableSpec<K, V, Found>;
export function sourcedTable<K, V, Found>(
  spec: Written<K, V, Found>,
): SourcedTableSpec<K, V, Found> {
  const { from, indexes, onError = "stop" } = spec;
  const table = { ...spec, changelog: from.name };
  return {
    ...(indexes === undefined ? table : indexedTable({ ...table, indexes })),
    from,
    onError,
    open: (rows, port) => new TopicRows(spec, rows, port),
  };
}

/** Makes a topic's records the rows of its table, before any function gets them. */
export function rowsOf<K, V, Found>(table: SourcedTableSpec<K, V, Found>): RowsSpec<K, V> {
  return {
    kind: "fill",
    name: `table ${table.name}`,
    onError: table.onError,
    table,
    // To follow a row in indexes, it is read before it is written.
    ...(table.indexes !== undefined && { ownRows: [table] }),
  };
}
