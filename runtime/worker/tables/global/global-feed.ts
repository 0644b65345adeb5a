import type { FetchedBatch, Fetcher } from "../../../log/log.ts";
import { partitionKey } from "../../../log/partition-key.ts";
import { noTime } from "../../commit/offset-metadata.ts";
import { within } from "../../outage/patience.ts";
import type { Services } from "../../services/services.ts";
import type { OpenRows } from "../open-table.ts";
import type { RecordTaker } from "../sourced-table.ts";

/** One partition of a global table. */
export interface GlobalPartition extends OpenRows {
  /** The topic's name in the log. */
  readonly topic: string;
  readonly partition: number;
  readonly taker: RecordTaker;
  /** The next offset of the topic. */
  position: number;
}

const pollMs = 500;
const flushMs = 30_000;
const flushBytes = 1024 * 1024;

/** Keeps one global table up with its topic, outside of any consumer group. */
export class GlobalFeed {
  readonly #services: Services;
  readonly #partitions: ReadonlyMap<string, GlobalPartition>;
  readonly #changed: () => void;
  #fetcher: Fetcher | undefined;
  #feeding: Promise<void> = Promise.resolve();
  #flushedAt: number;
  #isOver = false;

  /** `changed` is called whenever something may have been read. */
  constructor(services: Services, partitions: readonly GlobalPartition[], changed: () => void) {
    this.#services = services;
    this.#partitions = new Map(partitions.map((each) => [partitionKey(each), each]));
    this.#changed = changed;
    this.#flushedAt = services.clock.now();
  }

  /** Begins to read behind what is restored. */
  async start(): Promise<void> {
    const fetcher = await this.#services.log.fetcher();
    this.#fetcher = fetcher;
    for (const partition of this.#partitions.values()) fetcher.seek(partition, partition.position);
    this.#feeding = this.#run(fetcher).catch((error: unknown) => {
      if (!this.#isOver) this.#services.failed(error);
    });
  }

  /** Whether all that the topic holds is read. */
  async isAtEnd(): Promise<boolean> {
    const partitions = [...this.#partitions.values()];
    const ranges = await this.#services.log.offsets(partitions);
    return partitions.every(({ position }, index) => position >= (ranges[index]?.stableEnd ?? 0));
  }

  /** Stops reading, and writes what is read to the stores. */
  async close(): Promise<void> {
    this.#isOver = true;
    const { clock, settleMaxMs } = this.#services;
    const ended = Promise.all([this.#fetcher?.close(), this.#feeding]);
    // A log that never answers must not keep what is read from the stores.
    await within(clock, settleMaxMs, ended);
    await this.#flush();
  }

  async #run(fetcher: Fetcher): Promise<void> {
    while (!this.#isOver) {
      for (const batch of await fetcher.poll(pollMs)) await this.#take(batch);
      this.#changed();
      if (this.#isFlushDue) await this.#flush();
    }
  }

  async #take(batch: FetchedBatch): Promise<void> {
    const partition = this.#partitions.get(partitionKey(batch));
    if (partition === undefined) return;
    for (const cursor = batch.cursor(); cursor.next(); ) {
      if (cursor.offset < partition.position) continue;
      // A schema that is not known yet is waited for: the batch's bytes last until the next poll.
      for (
        let waiting = partition.taker.take(cursor);
        waiting !== undefined;
        waiting = this.#isOver ? undefined : partition.taker.take(cursor)
      ) {
        await waiting;
      }
      if (this.#isOver) return;
      partition.position = cursor.offset + 1;
    }
    partition.position = Math.max(partition.position, batch.nextOffset);
  }

  get #isFlushDue(): boolean {
    const partitions = [...this.#partitions.values()];
    const bytes = partitions.reduce((sum, { rows }) => sum + rows.unflushedBytes, 0);
    if (bytes >= flushBytes) return true;
    return bytes > 0 && this.#services.clock.now() - this.#flushedAt >= flushMs;
  }

  async #flush(): Promise<void> {
    const now = this.#services.clock.now();
    this.#flushedAt = now;
    const flushing = [...this.#partitions.values()].map(({ position, rows }) =>
      rows.checkpoint?.changelogOffset === position
        ? undefined
        : rows.flush({
            ...{ changelogOffset: position, sourceOffsets: {} },
            ...{ streamTime: noTime, wallTimeMs: now },
          }),
    );
    await Promise.all(flushing);
  }
}
