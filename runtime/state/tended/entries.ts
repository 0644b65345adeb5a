import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import { appendPart, behindPart } from "../key-parts.ts";
import { type KeyRange, keysBeginningWith } from "../key-range.ts";
import type { RowIndex, RowIndexes } from "./index-of.ts";
import { entryByte, rowByte } from "./layout.ts";

/** What fits into a changelog record as Kafka takes it unless told otherwise. */
const entryMaxBytes = 1_000_000;

/** The entries that a table's rows have in its indexes. */
export class Entries<V> {
  readonly #table: string;
  readonly #indexes: readonly (readonly [field: Buffer, index: RowIndex<V>])[];
  readonly #byName: RowIndexes<V>;
  readonly #value = new Writer(64);
  readonly #entry = new Writer(128);

  constructor(table: string, indexes: RowIndexes<V>) {
    this.#table = table;
    this.#byName = indexes;
    this.#indexes = Object.entries(indexes).map(([name, index]) => [Buffer.from(name), index]);
  }

  /** The entries of a row, whose key is as the store has it. Throws SG7002 where one is too long. */
  of(row: Buffer, value: V): readonly Buffer[] {
    return this.#indexes.flatMap(([field, index]) => {
      const entry = this.#beginning(field, (writer) => index.writeOf(writer, value));
      if (entry === undefined) return [];
      entry.append(row.subarray(1));
      if (entry.position > entryMaxBytes) this.#fail(field, entry.position);
      return [Buffer.from(entry.written())];
    });
  }

  /** The entries of all rows whose field has a value. Throws SG7203 where there is no such index. */
  withValue(name: string, value: never): KeyRange {
    const index = Object.hasOwn(this.#byName, name) ? this.#byName[name] : undefined;
    if (index === undefined) {
      throw new StreamgenError("SG7203", `table "${this.#table}" has no index "${name}"`, {
        table: this.#table,
      });
    }
    const entry = this.#beginning(Buffer.from(name), (writer) => {
      index.write(writer, value);
      return true;
    });
    return keysBeginningWith(Buffer.from(entry?.written() ?? []));
  }

  /** Whether a row, as it is, has this entry. */
  isOf(entry: Buffer, row: Buffer, value: V): boolean {
    return this.of(row, value).some((each) => each.equals(entry));
  }

  #beginning(field: Buffer, write: (writer: Writer) => boolean): Writer | undefined {
    const [value, entry] = [this.#value, this.#entry];
    value.truncate(0);
    if (!write(value)) return undefined;
    entry.truncate(0);
    entry.need(1);
    entry.bytes[0] = entryByte;
    entry.position = 1;
    appendPart(entry, field, field.length);
    appendPart(entry, value.bytes, value.position);
    return entry;
  }

  #fail(field: Buffer, bytes: number): never {
    throw new StreamgenError(
      "SG7002",
      `a row whose "${field}" and key take ${bytes} bytes is too large for its index: at most ` +
        `${entryMaxBytes}`,
      { table: this.#table },
    );
  }
}

/** The key of the row that an entry is about, as the store has it. */
export function rowOfEntry(entry: Buffer): Buffer {
  const start = behindPart(entry, behindPart(entry, 1));
  const row = Buffer.allocUnsafe(entry.length - start + 1);
  row[0] = rowByte;
  entry.copy(row, 1, start);
  return row;
}
