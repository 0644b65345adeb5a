import type { Exact } from "./options.ts";

export interface FieldOptions<T> {
  /** What readers see when the writer did not know the field. */
  default?: T;
  /** Names the field had before. */
  aliases?: readonly string[];
  /** How Avro's sort order treats the field. */
  order?: "ascending" | "descending" | "ignore";
  /** The field's name on the wire, where it differs. */
  name?: string;
}

/** `T`, with Avro's options for the field it stands at. For TypeScript it is exactly `T`. */
export type Field<T, _O extends FieldOptions<T> & Exact<_O, FieldOptions<T>>> = T;

export interface SchemaOptions {
  /** The record's Avro name, where it differs from the interface's. */
  name?: string;
  /** The record's Avro namespace; without it the configuration's. */
  namespace?: string;
  /** Full or short names that the record had before. */
  aliases?: readonly string[];
}

/** Avro's options for a record: `interface Order extends Schema<{ namespace: "shop" }>`. */
// biome-ignore lint/suspicious/noEmptyInterface: it adds nothing to the record's type.
export interface Schema<_O extends SchemaOptions & Exact<_O, SchemaOptions>> {}
