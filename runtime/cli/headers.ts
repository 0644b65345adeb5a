import { isUtf8 } from "node:buffer";
import type { Json, JsonValue } from "../codec/json.ts";
import { bytesFromJson, bytesToJson } from "../codec/json-scalars.ts";
import type { BatchCursor } from "../log/batch-cursor.ts";
import type { BatchWriter } from "../log/batch-writer.ts";

/**
 * Headers in an envelope: an object of texts; bytes that are no text are `{ "base64": "..." }`, a
 * header without a value is `null`, and one that is there several times has an array.
 */
export function writeHeaders(batch: BatchWriter, json: JsonValue): void {
  if (json.value === undefined || json.isNull()) return;
  const members = json.map((member) => member);
  for (const [name, member] of Object.entries(members)) {
    const values = member.isArray() ? member.array((item) => item) : [member];
    for (const value of values) batch.header(Buffer.from(name), headerBytes(value));
  }
}

function headerBytes(json: JsonValue): Uint8Array | null {
  if (json.isNull()) return null;
  if (json.isString()) return Buffer.from(json.string());
  return bytesFromJson(json.record(["base64"]).field("base64"));
}

/** The headers of the record that the cursor stands on. */
export function readHeaders(cursor: BatchCursor): Json {
  const headers: Record<string, Json[]> = Object.create(null);
  cursor.resetHeaders();
  while (cursor.nextHeader()) {
    const { bytes, headerNameStart, headerNameEnd } = cursor;
    const name = bytes.toString("utf8", headerNameStart, headerNameEnd);
    const values = headers[name] ?? [];
    values.push(headerJson(cursor));
    headers[name] = values;
  }
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]),
  );
}

function headerJson({ bytes, headerValueStart, headerValueEnd }: BatchCursor): Json {
  if (headerValueStart < 0) return null;
  const value = bytes.subarray(headerValueStart, headerValueEnd);
  return isUtf8(value) ? value.toString("utf8") : { base64: bytesToJson(value) };
}
