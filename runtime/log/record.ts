import type { BatchCursor } from "./batch-cursor.ts";
import type { TopicPartition } from "./log.ts";

/** A record as an object, in bytes of its own: for tools and tests, where ease counts most. */
export interface LogRecord extends TopicPartition {
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In order; names may repeat. */
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

/** The records that a cursor has before it. */
export function readRecords(place: TopicPartition, cursor: BatchCursor): readonly LogRecord[] {
  const { topic, partition } = place;
  const records: LogRecord[] = [];
  while (cursor.next()) {
    const { offset, timestamp, keyStart, keyEnd, valueStart, valueEnd } = cursor;
    records.push({
      ...{ topic, partition, offset, timestamp },
      key: copy(cursor.bytes, keyStart, keyEnd),
      value: copy(cursor.bytes, valueStart, valueEnd),
      headers: readHeaders(cursor),
    });
  }
  return records;
}

function readHeaders(cursor: BatchCursor): (readonly [string, Buffer | null])[] {
  const headers: (readonly [string, Buffer | null])[] = [];
  while (cursor.nextHeader()) {
    const { bytes, headerNameStart, headerNameEnd, headerValueStart, headerValueEnd } = cursor;
    headers.push([
      bytes.toString("utf8", headerNameStart, headerNameEnd),
      copy(bytes, headerValueStart, headerValueEnd),
    ]);
  }
  return headers;
}

function copy(bytes: Buffer, start: number, end: number): Buffer | null {
  return start < 0 ? null : Buffer.from(bytes.subarray(start, end));
}
