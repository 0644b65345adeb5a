import type { Schema } from "../avro/schema.ts";
import type { Json, JsonValue } from "./json.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** How a type is written in Avro and in JSON. Generated code holds one for each record. */
export interface Codec<T> {
  readonly schema: Schema;
  /** Appends Avro's binary encoding. Throws SG5xxx where the value does not fit the schema. */
  write(writer: Writer, value: T): void;
  /** Reads one value from the reader's position on. Throws SG5xxx; never reads beyond the reader's end. */
  read(reader: Reader): T;
  /** The value in the one JSON mapping (`docs/json.md`). */
  toJson(value: T): Json;
  /** The inverse of `toJson`. Throws SG5xxx naming the path. */
  fromJson(json: JsonValue): T;
}
