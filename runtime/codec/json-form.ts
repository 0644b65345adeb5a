import type { Json, JsonValue } from "./json.ts";

/** A type's part in the one JSON mapping. Every `Codec` is one. */
export interface JsonForm<T> {
  toJson(value: T): Json;
  /** The inverse of `toJson`. Throws SG5020 naming the path. */
  fromJson(json: JsonValue): T;
}
