import { BatchCursor } from "../batch-cursor.ts";
import type { FetchedBatch, TopicPartition } from "../log.ts";
import type { VisibleBatches } from "./visible-batches.ts";

/** What was fetched of a partition and nobody has taken yet. */
interface Ready extends VisibleBatches {
  readonly endOffset: number;
}

/** Where a reader stands in a partition. A seek makes a new one, so what was asked before is dropped. */
export class Position {
  readonly place: TopicPartition;
  offset: number;
  /** A request for it is on its way. */
  isAsked = false;
  /** The last request brought nothing, so the next one may wait at the broker. */
  isIdle = false;
  /** Why it cannot be read, until it is sought again. */
  error: Error | undefined;
  /** What a poll is to be told once; reading goes on. */
  trouble: Error | undefined;
  /** Since when every request has failed. */
  failingSince: number | undefined;
  /** After a failure it is not asked for before. */
  retryAt = 0;
  ready: Ready | undefined;
  /** The end that the reader has been told of; it is told again only when the end has moved. */
  #endTold = -1;

  constructor({ topic, partition }: TopicPartition, offset: number) {
    this.place = { topic, partition };
    this.offset = offset;
  }

  /** Whether a request should go out for it. */
  isWaiting(now: number): boolean {
    return (
      !this.isAsked && this.ready === undefined && this.error === undefined && now >= this.retryAt
    );
  }

  get readyBytes(): number {
    return this.ready?.bytes.length ?? 0;
  }

  /** Takes in what a fetch at `offset` has brought. */
  fetched(batches: VisibleBatches, endOffset: number): void {
    this.failingSince = undefined;
    const isAtEnd = batches.nextOffset === endOffset;
    // Nothing comes before the end where other partitions have filled the answer.
    const isNews = batches.nextOffset !== this.offset || (isAtEnd && this.#endTold !== endOffset);
    if (isNews) this.ready = { ...batches, endOffset };
    this.isIdle = !isNews || isAtEnd;
  }

  /** Forgets what is ready: it is fetched again. */
  drop(): void {
    this.ready = undefined;
    this.isIdle = false;
  }

  take(): FetchedBatch | undefined {
    const { ready } = this;
    if (ready === undefined) return undefined;
    this.ready = undefined;
    const startOffset = this.offset;
    this.offset = ready.nextOffset;
    this.#endTold = ready.nextOffset === ready.endOffset ? ready.endOffset : -1;
    return fetchedBatch(this.place, startOffset, ready);
  }
}

function fetchedBatch(place: TopicPartition, startOffset: number, ready: Ready): FetchedBatch {
  const { bytes, starts, nextOffset, endOffset } = ready;
  return {
    ...place,
    startOffset,
    nextOffset,
    endOffset,
    cursor: () => new BatchCursor(bytes, starts, startOffset),
    keep() {
      // The bytes stay valid anyway; but they would keep the whole answer that they are a part of.
      const copy = fetchedBatch(place, startOffset, { ...ready, bytes: Buffer.from(bytes) });
      const kept: FetchedBatch = { ...copy, keep: () => kept };
      return kept;
    },
  };
}
