/** Whole values: from and to bytes, with the field's path in every error. */
import { locate } from "../avro/locate.ts";
import type { Schema } from "../avro/schema.ts";
import { StreamgenError } from "../errors.ts";
import type { Codec } from "./codec.ts";
import { failTrailing } from "./fail.ts";
import { Reader } from "./reader.ts";
import { tracedWrite } from "./trace.ts";
import { Writer } from "./writer.ts";

/** The value of exactly these bytes. Throws SG5xxx with the field and the byte. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new Reader();
  reader.reset(buffer, 0, buffer.length);
  return readWhole(codec, reader);
}

/** A value's bytes, which are the caller's. Throws SG5xxx with the field. */
export function encode<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new Writer(256);
  writeWhole(codec, writer, value);
  return writer.written();
}

/**
 * Reads a value that fills the rest of the reader's range; `read` may be one of the codec's projected
 * decoders. Throws SG5xxx with the field and the byte.
 */
export function readWhole<T>(
  codec: Codec<T>,
  reader: Reader,
  read: (reader: Reader) => T = codec.read,
): T {
  const from = reader.position;
  try {
    const value = read(reader);
    if (reader.position !== reader.end) failTrailing(reader);
    return value;
  } catch (error) {
    throw located(error, codec.schema, reader, from);
  }
}

/** Appends a value. When it throws SG5xxx, with the field, the writer is as it was. */
export function writeWhole<T>(codec: Codec<T>, writer: Writer, value: T): void {
  const from = writer.position;
  try {
    codec.write(writer, value);
  } catch (error) {
    writer.truncate(from);
    throw tracedWrite(codec, value, error);
  }
}

/** Writes a value behind its frame, which starts at `frame`; neither stays when that fails. */
export function writeBehind<T>(codec: Codec<T>, writer: Writer, value: T, frame: number): void {
  try {
    writeWhole(codec, writer, value);
  } catch (error) {
    writer.truncate(frame);
    throw error;
  }
}

/**
 * The error with the path of the field it is about: the bytes from `from` on are walked again by the
 * schema that they were written with.
 */
export function located(error: unknown, schema: Schema, reader: Reader, from: number): unknown {
  if (!(error instanceof StreamgenError) || error.code === "SG5006") return error;
  const position = (error.place.position ?? reader.position - reader.start) + reader.start;
  const field = locate(schema, reader.bytes, from, reader.end, position);
  return field === "" ? error : error.at({ field });
}
