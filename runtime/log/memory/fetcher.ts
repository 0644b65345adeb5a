import { BatchCursor } from "../batch-cursor.ts";
import { logCode, logError } from "../codes.ts";
import type { FetchedBatch, Fetcher, TopicPartition } from "../log.ts";
import { partitionKey } from "../partition-key.ts";
import type { Broker } from "./broker.ts";
import type { Client } from "./client.ts";
import type { PartitionLog, Slice } from "./partition-log.ts";

/** Where a reader stands in a partition. */
interface Position {
  readonly log: PartitionLog;
  offset: number;
  isPaused: boolean;
  /** The end that the reader has been told of; it is told again only when the end has moved. */
  endTold: number;
}

/** A reader's positions, and what it reads next. */
export class Positions {
  readonly #broker: Broker;
  readonly #byKey = new Map<string, Position>();
  readonly #paused = new Set<string>();
  /** Buffers of the last poll: their time is over at the next one. */
  #given: Buffer[] = [];
  /** Where the next poll begins, so that each partition is the first one in turn. */
  #turn = 0;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  seek(partition: TopicPartition, offset: number): void {
    const key = partitionKey(partition);
    const log = this.#broker.partition(partition);
    this.#byKey.set(key, { log, offset, isPaused: this.#paused.has(key), endTold: -1 });
    // A poll under way looks again.
    this.#broker.changed.notify();
  }

  remove(partition: TopicPartition): void {
    const key = partitionKey(partition);
    this.#byKey.delete(key);
    this.#paused.delete(key);
  }

  setPaused(partition: TopicPartition, isPaused: boolean): void {
    const key = partitionKey(partition);
    if (isPaused) this.#paused.add(key);
    else this.#paused.delete(key);
    const position = this.#byKey.get(key);
    if (position !== undefined) position.isPaused = isPaused;
    if (!isPaused) this.#broker.changed.notify();
  }

  /** What there is to read now; moves the positions behind it. */
  take(): readonly FetchedBatch[] {
    // A reader that kept a view into the last poll's bytes sees at once that they are not its own.
    for (const bytes of this.#given) bytes.fill(0xdb);
    this.#given = [];
    const all = [...this.#byKey.values()].filter((position) => !position.isPaused);
    // Before anything moves, so that an error costs no other partition its records.
    for (const position of all) position.log.checkOffset(position.offset);
    const first = all.length === 0 ? 0 : this.#turn++ % all.length;
    const { pollMaxBytes, partitionMaxBytes } = this.#broker.limits;
    const batches: FetchedBatch[] = [];
    let left = pollMaxBytes;
    for (const position of [...all.slice(first), ...all.slice(0, first)]) {
      if (left <= 0) break;
      const slice = position.log.read(
        position.offset,
        Math.min(left, partitionMaxBytes),
        this.#broker.clock.now(),
      );
      const batch = this.#give(position, slice);
      if (batch !== undefined) batches.push(batch);
      left -= slice.bytes.length;
    }
    return batches;
  }

  #give(position: Position, slice: Slice): FetchedBatch | undefined {
    const from = position.offset;
    const { nextOffset, endOffset, bytes } = slice;
    if (nextOffset === from && position.endTold === endOffset) return undefined;
    position.offset = nextOffset;
    position.endTold = nextOffset === endOffset ? endOffset : -1;
    if (bytes.length > 0) this.#given.push(bytes);
    return fetchedBatch(position.log, slice, from);
  }
}

function fetchedBatch(place: TopicPartition, slice: Slice, from: number): FetchedBatch {
  const { nextOffset, endOffset, bytes, starts } = slice;
  return {
    topic: place.topic,
    partition: place.partition,
    startOffset: from,
    nextOffset,
    endOffset,
    cursor: () => new BatchCursor(bytes, starts, from),
    keep() {
      const copy = fetchedBatch(place, { ...slice, bytes: Buffer.from(bytes) }, from);
      const kept: FetchedBatch = { ...copy, keep: () => kept };
      return kept;
    },
  };
}

/** Reads partitions that the caller chooses. */
export class MemoryFetcher implements Fetcher {
  readonly #client: Client;
  readonly #positions: Positions;
  #isPolling = false;
  #isClosed = false;

  constructor(client: Client) {
    this.#client = client;
    this.#positions = new Positions(client.broker);
  }

  seek(partition: TopicPartition, offset: number): void {
    this.#positions.seek(partition, offset);
  }

  remove(partition: TopicPartition): void {
    this.#positions.remove(partition);
  }

  pause(partition: TopicPartition): void {
    this.#positions.setPaused(partition, true);
  }

  resume(partition: TopicPartition): void {
    this.#positions.setPaused(partition, false);
  }

  async poll(timeoutMs: number): Promise<readonly FetchedBatch[]> {
    if (this.#isClosed) throw logError(logCode.misuse, "the fetcher is closed");
    if (this.#isPolling) throw twoPolls();
    this.#isPolling = true;
    try {
      return await this.#client.call("poll", () => this.#read(timeoutMs));
    } finally {
      this.#isPolling = false;
    }
  }

  async #read(timeoutMs: number): Promise<readonly FetchedBatch[]> {
    const { broker } = this.#client;
    const deadline = broker.clock.now() + timeoutMs;
    while (!this.#isClosed) {
      const batches = this.#positions.take();
      if (batches.length > 0 || broker.clock.now() >= deadline) return batches;
      await broker.wait(deadline);
    }
    return [];
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#client.broker.changed.notify();
    return Promise.resolve();
  }
}

export function twoPolls(): Error {
  return logError(logCode.misuse, "a poll was begun before the last one ended");
}
