import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { FetchedBatch, Log, OffsetRange } from "../../log/log.ts";
import { type DeadLetterPlace, readReason } from "../../worker/failures/dead-letter-headers.ts";
import { readHeaders } from "../../worker/sources/record-headers.ts";
import { readReplayed } from "./replayed.ts";

/** One dead letter. */
export interface Letter extends DeadLetterPlace {
  /** Where it is itself. */
  readonly at: { readonly partition: number; readonly offset: number };
  /** When it was put aside, in milliseconds since 1970. */
  readonly since: number;
  readonly isReplayed: boolean;
  /** Stands on it until the next one is asked for. */
  readonly cursor: BatchCursor;
}

const pollMs = 1000;

/** What the partitions of a topic hold now; later readings end there, too. */
export function rangesOf(
  log: Log,
  { name, partitions }: { readonly name: string; readonly partitions: number },
): Promise<readonly OffsetRange[]> {
  const places = Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
  return log.offsets(places);
}

/**
 * The dead letters in these ranges, one partition after the other. Records that say nothing of
 * themselves are no dead letters; `strange` is called for each of them.
 */
export async function* lettersIn(
  log: Log,
  ranges: readonly OffsetRange[],
  strange: () => void = () => undefined,
): AsyncGenerator<Letter> {
  for (const range of ranges) yield* lettersOf(log, range, strange);
}

async function* lettersOf(
  log: Log,
  range: OffsetRange,
  strange: () => void,
): AsyncGenerator<Letter> {
  const replayed = new Set<number>();
  for await (const cursor of recordsIn(log, range)) {
    for (const offset of readReplayed(readHeaders(cursor)) ?? []) replayed.add(offset);
  }
  const { partition } = range;
  for await (const cursor of recordsIn(log, range)) {
    const headers = readHeaders(cursor);
    if (readReplayed(headers) !== undefined) continue;
    const reason = readReason(headers);
    const { offset, timestamp: since } = cursor;
    const isReplayed = replayed.has(offset);
    if (reason === undefined) strange();
    else yield { ...reason, at: { partition, offset }, since, isReplayed, cursor };
  }
}

/** Stands on each record of a range in turn. */
async function* recordsIn(log: Log, range: OffsetRange): AsyncGenerator<BatchCursor> {
  const { topic, partition, start, stableEnd } = range;
  if (start >= stableEnd) return;
  const fetcher = await log.fetcher();
  try {
    fetcher.seek({ topic, partition }, start);
    for (let position = start; position < stableEnd; ) {
      for (const batch of await fetcher.poll(pollMs)) {
        yield* recordsOf(batch, stableEnd);
        position = batch.nextOffset;
      }
    }
  } finally {
    await fetcher.close();
  }
}

function* recordsOf(batch: FetchedBatch, end: number): Generator<BatchCursor> {
  const cursor = batch.cursor();
  while (cursor.next() && cursor.offset < end) yield cursor;
}
