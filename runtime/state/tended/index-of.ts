import type { KeyCodec } from "../../codec/key.ts";
import type { Writer } from "../../codec/writer.ts";

/** Finds the rows of a table by a field. `indexOf` makes one, which closes over the field's type. */
export interface RowIndex<V> {
  /** Appends the field of a row; false where the row has none. */
  writeOf(writer: Writer, row: V): boolean;
  /** Appends what is asked for. */
  write(writer: Writer, value: never): void;
}

/** By the name of the field. */
export type RowIndexes<V> = Readonly<Record<string, RowIndex<V>>>;

/** An index over the field that `of` gives. */
export function indexOf<V, X>(key: KeyCodec<X>, of: (row: V) => X | null | undefined): RowIndex<V> {
  return {
    writeOf(writer, row) {
      const value = of(row);
      if (value === null || value === undefined) return false;
      key.writeOrdered(writer, value);
      return true;
    },
    write: (writer, value: X) => key.writeOrdered(writer, value),
  };
}
