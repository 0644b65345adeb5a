import type { BatchCursor } from "../log/batch-cursor.ts";
import type { FetchedBatch, Fetcher, TopicPartition } from "../log/log.ts";
import type { RestorableRows } from "./restorable-rows.ts";
import { StaleRows } from "./stale-rows.ts";

/** What is to be restored. */
export interface RestorePlan {
  readonly table: RestorableRows;
  readonly topic: string;
  readonly partition: number;
  /**
   * The changelog offset that belongs to the committed inputs; `undefined` where it is not known:
   * then everything in the changelog counts.
   */
  readonly end: number | undefined;
  /** Called after each batch: records read, of about so many. */
  readonly progress: (records: number, of: number) => void;
  /** Called where the store is wiped first, with the reason as a clause. */
  readonly wiped: (reason: string) => void;
  readonly signal: AbortSignal;
  /**
   * Whether nobody looks for a row any more: it is left out. A changelog of such rows may lack its
   * beginning, where they have been deleted.
   */
  readonly isExpired?: (key: Buffer) => boolean;
  /**
   * Where the changelog is a topic that others write: takes a record, in place of the table, and gives
   * what to wait for before it is given again. What is behind the end is left alone.
   */
  readonly take?: (cursor: BatchCursor) => Promise<void> | undefined;
}

/** What a restore has found. */
export interface Restored {
  /** The changelog offset that the table now stands for. */
  readonly end: number;
  readonly records: number;
  /**
   * Keys whose changelog records behind `end` were never committed. Their restored values have to be
   * written again behind them, or the next restore takes the wrong ones.
   */
  readonly staleKeys: readonly Buffer[];
  /**
   * How many of them have the value of the uncommitted record, because compaction may have removed the
   * committed one: they may have the effects of one commit twice.
   */
  readonly uncertain: number;
}

/** Where a restore begins, where the table's rows end, and where reading does. */
export interface RestoreRange {
  readonly from: number;
  readonly end: number;
  readonly last: number;
  readonly begunMs: number;
  /** What checkpoints say until the end is reached. */
  readonly wallTimeMs: number;
}

/** Bytes of rows that are flushed at a time. */
const flushBytes = 1024 * 1024;

/**
 * One table that is being restored:
 *
 *     begin ──▶ take ──▶ take … ──▶ the last flush ──▶ done
 *                │  too much is waiting for the store, or a record for something: paused
 */
export class Restoration {
  readonly place: TopicPartition;
  readonly done: Promise<Restored>;
  readonly #plan: RestorePlan;
  readonly #range: RestoreRange;
  readonly #stale: StaleRows;
  readonly #resolve: (restored: Restored) => void;
  readonly #reject: (error: unknown) => void;
  #fetcher: Fetcher | undefined;
  #position: number;
  #records = 0;
  #writing: Promise<void> | undefined;
  #isOver = false;
  #isPaused = false;
  /** Whether a record has to wait, and is read again. */
  #isHeld = false;
  readonly #abort = (): void => this.fail(this.#plan.signal.reason);

  constructor(plan: RestorePlan, range: RestoreRange) {
    this.#plan = plan;
    this.#range = range;
    this.#position = range.from;
    this.#stale = new StaleRows(range.begunMs);
    this.place = { topic: plan.topic, partition: plan.partition };
    const { promise, resolve, reject } = deferred<Restored>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Whether nothing more is wanted of the log. */
  get isOver(): boolean {
    return this.#isOver;
  }

  begin(fetcher: Fetcher): void {
    const { signal } = this.#plan;
    this.#fetcher = fetcher;
    if (signal.aborted) this.fail(signal.reason);
    else {
      signal.addEventListener("abort", this.#abort, { once: true });
      fetcher.seek(this.place, this.#range.from);
    }
  }

  /** Takes the next batch of the changelog. */
  take(batch: FetchedBatch): void {
    if (this.#isOver || this.#isHeld) return;
    const { from, last } = this.#range;
    try {
      const waiting = this.#read(batch);
      if (waiting !== undefined) {
        this.#hold(waiting);
        return;
      }
      this.#position = batch.nextOffset;
      this.#plan.progress(Math.min(batch.nextOffset, last) - from, last - from);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.#position >= last) this.#finish();
    else if (this.#plan.table.unflushedBytes >= flushBytes) this.#write();
  }

  /** Gives up, once the store is done with what it has been given. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    const reject = () => this.#reject(error);
    (this.#writing ?? Promise.resolve()).then(reject, reject);
  }

  /** Gives what to wait for before the rest is read. */
  #read(batch: FetchedBatch): Promise<void> | undefined {
    const { table, take } = this.#plan;
    const { end } = this.#range;
    const cursor = batch.cursor();
    while (cursor.next()) {
      if (cursor.offset < this.#position) continue;
      if (cursor.offset < end) {
        const waiting = this.#restore(cursor);
        if (waiting !== undefined) return waiting;
        this.#records += 1;
      } else if (take === undefined) this.#stale.add(cursor);
      this.#position = cursor.offset + 1;
      // Batches may be large: what is read is not lost with what is not.
      if (this.#writing === undefined && table.unflushedBytes >= flushBytes) this.#write();
    }
    return undefined;
  }

  #restore(cursor: BatchCursor): Promise<void> | undefined {
    const { isExpired, table, take } = this.#plan;
    if (take !== undefined) return take(cursor);
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = cursor;
    const key = bytes.subarray(Math.max(0, keyStart), Math.max(0, keyEnd));
    if (isExpired?.(key) !== true) table.restore(key, bytes, valueStart, valueEnd);
    return undefined;
  }

  /** Reads nothing until a record can be read, and then goes on with it. */
  #hold(waiting: Promise<void>): void {
    this.#isHeld = true;
    this.#fetcher?.pause(this.place);
    waiting.then(
      () => {
        this.#isHeld = false;
        if (this.#isOver) return;
        this.#fetcher?.seek(this.place, this.#position);
        if (!this.#isPaused) this.#fetcher?.resume(this.place);
      },
      (error: unknown) => this.fail(error),
    );
  }

  /** Takes what compaction has left in place of committed records. Gives how many rows that makes. */
  #rescue(): number {
    const { table } = this.#plan;
    const { from, end } = this.#range;
    // Nothing is missing, so nothing was removed.
    if (this.#records === end - from) return 0;
    let count = 0;
    for (const [key, value] of this.#stale.survivors()) {
      if (table.readCommitted(key) !== undefined) continue;
      table.restore(key, value, 0, value.length);
      count += 1;
    }
    return count;
  }

  /** Flushes while reading goes on; reading waits where the store is slower. */
  #write(): void {
    const fetcher = this.#fetcher;
    if (this.#writing !== undefined) {
      this.#isPaused = true;
      fetcher?.pause(this.place);
      return;
    }
    this.#writing = this.#flush(Math.min(this.#position, this.#range.end), false).then(
      () => {
        this.#writing = undefined;
        if (!this.#isPaused || this.#isOver) return;
        this.#isPaused = false;
        this.#write();
        if (!this.#isHeld) fetcher?.resume(this.place);
      },
      (error: unknown) => {
        this.#writing = undefined;
        this.fail(error);
      },
    );
  }

  #end(): void {
    this.#isOver = true;
    this.#plan.signal.removeEventListener("abort", this.#abort);
  }

  #finish(): void {
    this.#end();
    const { end } = this.#range;
    const earlier = this.#writing ?? Promise.resolve();
    const finish = async (): Promise<void> => {
      await earlier;
      const uncertain = this.#rescue();
      await this.#flush(end, true);
      this.#resolve({ end, records: this.#records, staleKeys: this.#stale.keys, uncertain });
    };
    finish().catch(this.#reject);
  }

  #flush(changelogOffset: number, isWhole: boolean): Promise<void> {
    const { begunMs, wallTimeMs } = this.#range;
    return this.#plan.table.flush({
      changelogOffset,
      sourceOffsets: {},
      streamTime: 0,
      wallTimeMs: isWhole ? begunMs : wallTimeMs,
    });
  }
}

function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
