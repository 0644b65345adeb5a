import { BatchCursor } from "../batch-cursor.ts";
import type { TopicSettings } from "../log.ts";
import { keepRecords, type StoredBatch } from "./stored-batch.ts";

const day = 86_400_000;

export interface CompactionPlan {
  /** What stands at or behind this offset is left alone. */
  readonly end: number;
  readonly settings: TopicSettings;
  readonly now: number;
}

/**
 * The batches with the last record of each key only; aborted batches and markers go. Offsets keep gaps.
 * A tombstone stays for `delete.retention.ms` from its first compaction on, so that readers in the
 * middle learn of it. What is younger than `min.compaction.lag.ms` stays whole.
 */
export function compactBatches(
  batches: readonly StoredBatch[],
  { end, settings, now }: CompactionPlan,
): StoredBatch[] {
  const lag = Number(settings.config["min.compaction.lag.ms"] ?? 0);
  const tombstonesMs = Number(settings.config["delete.retention.ms"] ?? day);
  const lastByKey = lastOffsets(
    batches.filter((batch) => !isHidden(batch) && batch.nextOffset <= end),
  );
  return batches.flatMap((batch) => {
    if (batch.nextOffset > end || batch.appendedAt > now - lag) return [batch];
    if (isHidden(batch)) return [];
    const compactedAt = batch.compactedAt ?? now;
    const isForgotten = batch.compactedAt !== undefined && now - compactedAt >= tombstonesMs;
    const isKept = (cursor: BatchCursor): boolean =>
      lastByKey.get(keyText(cursor)) === cursor.offset && !(isForgotten && cursor.valueStart < 0);
    const kept = keepRecords(batch, isKept);
    return kept === undefined ? [] : [{ ...kept, compactedAt }];
  });
}

function isHidden(batch: StoredBatch): boolean {
  return batch.isAborted || batch.isControl;
}

function lastOffsets(batches: readonly StoredBatch[]): ReadonlyMap<string, number> {
  const lastByKey = new Map<string, number>();
  for (const batch of batches) {
    const cursor = new BatchCursor(batch.bytes, [0]);
    while (cursor.next()) lastByKey.set(keyText(cursor), cursor.offset);
  }
  return lastByKey;
}

/** The key's bytes as a text that is equal for equal bytes only. */
function keyText(cursor: BatchCursor): string {
  return cursor.bytes.toString("latin1", cursor.keyStart, cursor.keyEnd);
}
