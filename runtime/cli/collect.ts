import { learning } from "../codec/unknown-writer.ts";
import type { BatchCursor } from "../log/batch-cursor.ts";
import type { FetchedBatch, Fetcher, Log, OffsetRange } from "../log/log.ts";
import type { JsonTopic } from "./json-topic.ts";

/** How long one poll waits; the records are there already. */
const pollMs = 1000;

/**
 * Calls `onLine` with each committed record of a topic: in the order of the timestamps between
 * partitions, and of the offsets within one. Gives their number.
 */
export async function collect(
  log: Log,
  topic: JsonTopic,
  onLine: (line: string) => void,
): Promise<number> {
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => partition);
  const ranges = await log.offsets(
    partitions.map((partition) => ({ topic: topic.name, partition })),
  );
  const readers: PartitionReader[] = [];
  try {
    for (const range of ranges) readers.push(await PartitionReader.open(log, range));
    let records = 0;
    for (let next = earliest(readers); next !== undefined; next = earliest(readers)) {
      const { cursor } = next;
      onLine(await learning(topic, () => topic.line(cursor)));
      records++;
      if (!next.advance()) await next.refill();
    }
    return records;
  } finally {
    for (const reader of readers) await reader.close();
  }
}

function earliest(readers: readonly PartitionReader[]): OpenReader | undefined {
  let first: OpenReader | undefined;
  for (const reader of readers) {
    if (!isOpen(reader)) continue;
    if (first === undefined || reader.cursor.timestamp < first.cursor.timestamp) first = reader;
  }
  return first;
}

type OpenReader = PartitionReader & { readonly cursor: BatchCursor };

function isOpen(reader: PartitionReader): reader is OpenReader {
  return reader.cursor !== undefined;
}

/** Walks one partition up to where it ended when the walk began. */
class PartitionReader {
  /** Stands on a record; `undefined` behind the last one. */
  cursor: BatchCursor | undefined;
  readonly #fetcher: Fetcher;
  readonly #end: number;
  #position: number;
  #batches: readonly FetchedBatch[] = [];

  private constructor(fetcher: Fetcher, range: OffsetRange) {
    this.#fetcher = fetcher;
    this.#position = range.start;
    this.#end = range.stableEnd;
  }

  static async open(log: Log, range: OffsetRange): Promise<PartitionReader> {
    const fetcher = await log.fetcher();
    const { topic, partition, start } = range;
    fetcher.seek({ topic, partition }, start);
    const reader = new PartitionReader(fetcher, range);
    await reader.refill();
    return reader;
  }

  /** Goes to the next record of what was fetched; false where more has to be fetched. */
  advance(): boolean {
    while (!(this.cursor?.next() ?? false)) {
      const [batch, ...rest] = this.#batches;
      if (batch === undefined) return false;
      this.#batches = rest;
      this.#position = batch.nextOffset;
      this.cursor = batch.cursor();
    }
    return true;
  }

  /** Fetches until there is a record, or none is left. */
  async refill(): Promise<void> {
    this.cursor = undefined;
    while (this.#position < this.#end) {
      this.#batches = await this.#fetcher.poll(pollMs);
      if (this.#batches.length === 0) return;
      if (this.advance()) return;
      this.cursor = undefined;
    }
  }

  close(): Promise<void> {
    return this.#fetcher.close();
  }
}
