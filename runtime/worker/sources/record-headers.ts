import type { BatchCursor } from "../../log/batch-cursor.ts";

const none: ReadonlyMap<string, Uint8Array> = new Map();

/** The headers of the record that `cursor` stands on, copied; the last value of each name. */
export function readHeaders(cursor: BatchCursor): ReadonlyMap<string, Uint8Array> {
  if (cursor.headerCount === 0) return none;
  const headers = new Map<string, Uint8Array>();
  const { bytes } = cursor;
  cursor.resetHeaders();
  while (cursor.nextHeader()) {
    const { headerNameStart, headerNameEnd, headerValueStart, headerValueEnd } = cursor;
    const value = bytes.subarray(Math.max(0, headerValueStart), Math.max(0, headerValueEnd));
    headers.set(bytes.toString("utf8", headerNameStart, headerNameEnd), new Uint8Array(value));
  }
  return headers;
}
