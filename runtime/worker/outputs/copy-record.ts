import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { BatchWriter } from "../../log/batch-writer.ts";

/** Adds the headers of the record that `cursor` stands on to the open record, but for some. */
export function copyHeaders(
  batch: BatchWriter,
  cursor: BatchCursor,
  isLeftOut: (name: string) => boolean,
): void {
  const { bytes } = cursor;
  cursor.resetHeaders();
  while (cursor.nextHeader()) {
    const { headerNameStart, headerNameEnd, headerValueStart, headerValueEnd } = cursor;
    if (isLeftOut(bytes.toString("utf8", headerNameStart, headerNameEnd))) continue;
    batch.headerSlice(
      bytes,
      headerNameStart,
      headerNameEnd,
      bytes,
      headerValueStart,
      headerValueEnd,
    );
  }
}

/**
 * Begins a record with the key, the value and the headers of the one that `cursor` stands on, but for
 * some headers. More headers may follow; the caller ends it.
 */
export function appendCopy(
  batch: BatchWriter,
  cursor: BatchCursor,
  timestamp: number,
  isLeftOut: (header: string) => boolean,
): void {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd } = cursor;
  const writer =
    keyStart < 0 ? batch.begin(timestamp, null) : batch.begin(timestamp, bytes, keyStart, keyEnd);
  if (valueStart < 0) batch.tombstone();
  else writer.append(bytes.subarray(valueStart, valueEnd));
  copyHeaders(batch, cursor, isLeftOut);
}
