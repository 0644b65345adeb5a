import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import { BatchWriter } from "../../log/batch-writer.ts";
import type { Log, SentBatch, TopicPartition } from "../../log/log.ts";
import { ByteMap, equalBytes, type HashedKey, hashBytes } from "../../state/byte-map.ts";

/** One table's changelog, and what the table had at the last commit. */
export interface Changelog extends TopicPartition {
  readonly table: string;
  /** Up to here the changelog folds to exactly that. */
  readonly end: number;
  readCommitted(key: Buffer): Buffer | undefined;
}

/** A batch that the log has. */
export interface Sent extends SentBatch {
  readonly batch: BatchWriter;
}

export interface ForeignRecordsOptions {
  readonly log: Log;
  readonly send: (place: TopicPartition, batch: BatchWriter) => Promise<SentBatch>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with the number of keys that are written again. */
  readonly compensated: (keys: number) => void;
}

interface Row extends HashedKey {
  value: Buffer | null;
}

/** A changelog that others keep writing to has an owner who should know. */
const roundsMax = 20;
const pollMs = 100;

/**
 * Nothing fences an at-least-once producer: a worker that was thought dead may still write to a
 * changelog that another one owns. The owner sees it by the offset that its own batch gets:
 *
 *     committed end ─▶│ foreign records │ own batch │◀─ the end to be committed
 *
 * Before that end is committed, every key whose last value up to it is not the table's own is written
 * again. So a changelog up to its committed end is always the table, whoever else has written to it.
 */
export class ForeignRecords {
  readonly #options: ForeignRecordsOptions;

  constructor(options: ForeignRecordsOptions) {
    this.#options = options;
  }

  /** Gives the changelog's end once nothing foreign counts up to it. */
  async takeBack(changelog: Changelog, { batch, baseOffset, endOffset }: Sent): Promise<number> {
    if (baseOffset === changelog.end && endOffset - baseOffset === batch.count) return endOffset;
    const own = new Fold();
    own.add(batch.cursor(), 0, Number.POSITIVE_INFINITY);
    let from = changelog.end;
    let to = endOffset;
    for (let round = 0; round < roundsMax; round += 1) {
      const wrong = (await this.#read(changelog, from, to)).differing((row) => {
        const written = own.get(row);
        return written === undefined ? (changelog.readCommitted(row.key) ?? null) : written.value;
      });
      if (wrong.length === 0) return to;
      this.#options.compensated(wrong.length);
      const sent = await this.#write(changelog, wrong);
      if (sent.baseOffset === to && sent.endOffset - to === wrong.length) return sent.endOffset;
      from = to;
      to = sent.endOffset;
    }
    const { table, topic, partition } = changelog;
    const message = "another worker keeps writing to this changelog: use an app name of its own";
    throw new StreamgenError("SG8042", message, { table, topic, partition });
  }

  async #read(place: TopicPartition, from: number, to: number): Promise<Fold> {
    const fold = new Fold();
    const fetcher = await this.#options.log.fetcher();
    try {
      fetcher.seek(place, from);
      for (let position = from; position < to; ) {
        for (const batch of await fetcher.poll(pollMs)) {
          fold.add(batch.cursor(), from, to);
          position = batch.nextOffset;
        }
      }
    } finally {
      await fetcher.close();
    }
    return fold;
  }

  #write(place: TopicPartition, rows: readonly Row[]): Promise<SentBatch> {
    const batch = new BatchWriter();
    const now = this.#options.now();
    for (const { key, value } of rows) {
      const writer = batch.begin(now, key);
      if (value === null) batch.tombstone();
      else writer.append(value);
      batch.end();
    }
    return this.#options.send(place, batch);
  }
}

/** The last value of each key. */
class Fold {
  readonly #rows = new ByteMap<Row>();

  add(cursor: BatchCursor, from: number, to: number): void {
    while (cursor.next()) {
      if (cursor.offset < from || cursor.offset >= to) continue;
      const { bytes, keyStart, keyEnd, valueStart, valueEnd } = cursor;
      const key = Buffer.from(bytes.subarray(Math.max(0, keyStart), Math.max(0, keyEnd)));
      const value = valueStart < 0 ? null : Buffer.from(bytes.subarray(valueStart, valueEnd));
      const hash = hashBytes(key);
      const known = this.#rows.get(key, hash);
      if (known === undefined) this.#rows.add({ key, hash, value });
      else known.value = value;
    }
  }

  get({ key, hash }: HashedKey): Row | undefined {
    return this.#rows.get(key, hash);
  }

  /** The rows that are not as expected, as they should be. */
  differing(expected: (row: Row) => Buffer | null): readonly Row[] {
    return this.#rows.entries().flatMap((row) => {
      const value = expected(row);
      const isEqual =
        value === null || row.value === null ? value === row.value : equalBytes(value, row.value);
      return isEqual ? [] : [{ ...row, value }];
    });
  }
}
