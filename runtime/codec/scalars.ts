/** Codecs of values that are no records: rows of tables, and topics of plain values. */
import type { Schema } from "../avro/schema.ts";
import type { Codec } from "./codec.ts";
import type { Json, JsonValue } from "./json.ts";
import {
  bytesFromJson,
  bytesToJson,
  dateFromJson,
  dateToJson,
  decimalFromJson,
  floatFromJson,
  intFromJson,
  localDateFromJson,
  longFromJson,
  longToJson,
  numberToJson,
  safeLongFromJson,
  textFromJson,
  uuidFromJson,
} from "./json-scalars.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

export const booleanCodec: Codec<boolean> = {
  schema: "boolean",
  write: (writer, value) => writer.boolean(value),
  read: (reader) => reader.boolean(),
  toJson: (value) => value,
  fromJson: (json) => json.boolean(),
};

export const intCodec: Codec<number> = {
  schema: "int",
  write: (writer, value) => writer.int(value),
  read: (reader) => reader.int(),
  toJson: (value) => value,
  fromJson: intFromJson,
};

/** A long as a number; throws beyond 2^53 - 1. */
export const safeLongCodec: Codec<number> = safeLong("long");

/** Milliseconds since the epoch, as a number. */
export const timestampMillisCodec: Codec<number> = safeLong({
  type: "long",
  logicalType: "timestamp-millis",
});

export const longCodec: Codec<bigint> = long("long");

/** Microseconds since the epoch. */
export const timestampMicrosCodec: Codec<bigint> = long({
  type: "long",
  logicalType: "timestamp-micros",
});

/** Nanoseconds since the epoch. */
export const timestampNanosCodec: Codec<bigint> = long({
  type: "long",
  logicalType: "timestamp-nanos",
});

export const floatCodec: Codec<number> = {
  schema: "float",
  write: (writer, value) => writer.float(value),
  read: (reader) => reader.float(),
  toJson: numberToJson,
  fromJson: floatFromJson,
};

export const doubleCodec: Codec<number> = {
  schema: "double",
  write: (writer, value) => writer.double(value),
  read: (reader) => reader.double(),
  toJson: numberToJson,
  fromJson: (json) => json.number(),
};

export const stringCodec: Codec<string> = {
  schema: "string",
  write: (writer, value) => writer.string(value),
  read: (reader) => reader.string(),
  toJson: (value) => value,
  fromJson: textFromJson,
};

export const bytesCodec: Codec<Uint8Array> = {
  schema: "bytes",
  write: (writer, value) => writer.bytesValue(value),
  read: (reader) => reader.bytesValue(),
  toJson: bytesToJson,
  fromJson: bytesFromJson,
};

export const uuidCodec: Codec<string> = {
  schema: { type: "string", logicalType: "uuid" },
  write: (writer, value) => writer.uuid(value),
  read: (reader) => reader.uuid(),
  toJson: (value) => value,
  fromJson: uuidFromJson,
};

export const dateCodec: Codec<Date> = {
  schema: { type: "long", logicalType: "timestamp-millis" },
  write: (writer, value) => writer.date(value),
  read: (reader) => reader.date(),
  toJson: dateToJson,
  fromJson: dateFromJson,
};

export const localDateCodec: Codec<`${number}-${number}-${number}`> = {
  schema: { type: "int", logicalType: "date" },
  write: (writer, value) => writer.localDate(value),
  read: (reader) => reader.localDate(),
  toJson: (value) => value,
  fromJson: localDateFromJson,
};

/** Decimals of `precision` digits, `scale` of them behind the point. */
export function decimalCodec(precision: number, scale: number): Codec<`${number}`> {
  return {
    schema: { type: "bytes", logicalType: "decimal", precision, scale },
    write: (writer, value) => writer.decimal(value, precision, scale),
    read: (reader) => reader.decimal(precision, scale),
    toJson: (value) => value,
    fromJson: (json) => decimalFromJson(json, precision, scale),
  };
}

function safeLong(schema: Schema): Codec<number> {
  return {
    schema,
    write: (writer: Writer, value: number): void => writer.safeLong(value),
    read: (reader: Reader): number => reader.safeLong(),
    toJson: (value: number): Json => value,
    fromJson: (json: JsonValue): number => safeLongFromJson(json),
  };
}

function long(schema: Schema): Codec<bigint> {
  return {
    schema,
    write: (writer: Writer, value: bigint): void => writer.long(value),
    read: (reader: Reader): bigint => reader.long(),
    toJson: longToJson,
    fromJson: longFromJson,
  };
}
