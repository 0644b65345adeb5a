import type { BatchWriter } from "../../log/batch-writer.ts";

/**
 * A record without a value that says which dead letters of its partition were replayed: it is written
 * in the same transaction, so that none is replayed twice without a word.
 */
const header = "sg-dlq-replayed";

/** Appends such a record. `offsets` are in order. */
export function appendReplayed(
  batch: BatchWriter,
  offsets: readonly number[],
  timestamp: number,
): void {
  batch.begin(timestamp, null);
  batch.tombstone();
  batch.header(Buffer.from(header), Buffer.from(offsets.join(",")));
  batch.end();
}

/** The offsets that such a record says; `undefined` for any other record. */
export function readReplayed(
  headers: ReadonlyMap<string, Uint8Array>,
): readonly number[] | undefined {
  const value = headers.get(header);
  if (value === undefined) return undefined;
  return Buffer.from(value).toString("utf8").split(",").map(Number).filter(Number.isSafeInteger);
}
