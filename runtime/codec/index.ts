/** What generated codecs, topics and tables use. */
export type { Schema } from "../avro/schema.ts";
export type { Codec } from "./codec.ts";
export {
  avro,
  type BoundFormat,
  bare,
  bindFormat,
  bytesFormat,
  type Format,
  type FormatBinding,
  float64Format,
  int32Format,
  int64Format,
  json,
  singleObject,
  stringFormat,
} from "./format.ts";
export { type Json, JsonValue } from "./json.ts";
export type { JsonForm } from "./json-form.ts";
export {
  arrayFromJson,
  arrayToJson,
  booleanFromJson,
  mapFromJson,
  mapToJson,
  nullableFromJson,
  nullableToJson,
  nullFromJson,
  numberFromJson,
  symbolFromJson,
} from "./json-parts.ts";
export {
  bytesFromJson,
  bytesToJson,
  dateFromJson,
  dateToJson,
  decimalFromJson,
  durationFromJson,
  durationToJson,
  fixedFromJson,
  floatFromJson,
  intFromJson,
  localDateFromJson,
  localTimestampMicrosFromJson,
  localTimestampMillisFromJson,
  longFromJson,
  longToJson,
  numberToJson,
  numberToUnionJson,
  safeLongFromJson,
  textFromJson,
  timeMicrosFromJson,
  timeMillisFromJson,
  uuidFromJson,
} from "./json-scalars.ts";
export {
  booleanKey,
  bytesKey,
  dateKey,
  doubleKey,
  enumKey,
  intKey,
  type KeyCodec,
  localDateKey,
  longKey,
  nullKey,
  recordKey,
  safeLongKey,
  stringKey,
  uuidKey,
} from "./key.ts";
export { type Duration, Reader } from "./reader.ts";
export {
  createMap,
  type Draft,
  isList,
  isPresent,
  memberOf,
  noBranch,
  ownMember,
  projected,
  setOwnMember,
} from "./record.ts";
export { modelRegistry } from "./registry/model/model-registry.ts";
export type { SchemaRegistry } from "./registry.ts";
export {
  booleanCodec,
  bytesCodec,
  dateCodec,
  decimalCodec,
  doubleCodec,
  floatCodec,
  intCodec,
  localDateCodec,
  longCodec,
  safeLongCodec,
  stringCodec,
  timestampMicrosCodec,
  timestampMillisCodec,
  timestampNanosCodec,
  uuidCodec,
} from "./scalars.ts";
export { decode, encode, readWhole, writeWhole } from "./whole.ts";
export { Writer } from "./writer.ts";
