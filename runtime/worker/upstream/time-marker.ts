import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { BatchWriter } from "../../log/batch-writer.ts";

/**
 * How far one partition of a repartition's source has come, told to one partition of the repartition
 * topic. It is a record there, behind those that it is about:
 *
 *     key and value ::= none
 *     header        ::= "sg-time": format:i8 = 1, isIdle:i8, partition:i32be, time:f64be
 */
export interface TimeMarker {
  /** Of the source. */
  readonly partition: number;
  /** The highest event time that was read there; minus infinity before the first. */
  readonly time: number;
  /** Nothing more is there, and nothing has come for a while. */
  readonly isIdle: boolean;
}

const headerName: Buffer = Buffer.from("sg-time");
const format = 1;
const sizeBytes = 14;

/** `now` is when it is written: its own time may be none that the log takes. */
export function appendTimeMarker(batch: BatchWriter, marker: TimeMarker, now: number): void {
  const value = Buffer.allocUnsafe(sizeBytes);
  value.writeInt8(format, 0);
  value.writeInt8(marker.isIdle ? 1 : 0, 1);
  value.writeInt32BE(marker.partition, 2);
  value.writeDoubleBE(marker.time, 6);
  batch.begin(now, null);
  batch.tombstone();
  batch.header(headerName, value);
  batch.end();
}

/** `undefined` where the cursor stands on a record of another kind. Costs a look at its value's place. */
export function readTimeMarker(cursor: BatchCursor): TimeMarker | undefined {
  if (cursor.valueStart >= 0 || cursor.headerCount !== 1) return undefined;
  const { bytes } = cursor;
  cursor.resetHeaders();
  cursor.nextHeader();
  const { headerNameStart, headerNameEnd, headerValueStart: at, headerValueEnd } = cursor;
  const isNamed = headerName.equals(bytes.subarray(headerNameStart, headerNameEnd));
  if (!isNamed || headerValueEnd - at !== sizeBytes || bytes.readInt8(at) !== format) {
    return undefined;
  }
  const [partition, time] = [bytes.readInt32BE(at + 2), bytes.readDoubleBE(at + 6)];
  if (partition < 0 || Number.isNaN(time)) return undefined;
  return { partition, time, isIdle: bytes.readInt8(at + 1) === 1 };
}
