import type { Clock } from "../../clock.ts";
import { logCode, logError } from "../codes.ts";
import type { FetchedBatch, Fetcher, TopicPartition } from "../log.ts";
import type { Reader } from "./reader.ts";

/** Reads partitions that the caller chooses. */
export class KafkaFetcher implements Fetcher {
  readonly #reader: Reader;
  readonly #clock: Clock;
  readonly #onClose: () => void;
  #isPolling = false;
  #isClosed = false;

  constructor(reader: Reader, clock: Clock, onClose: () => void) {
    this.#reader = reader;
    this.#clock = clock;
    this.#onClose = onClose;
  }

  seek(partition: TopicPartition, offset: number): void {
    this.#reader.seek(partition, offset);
  }

  remove(partition: TopicPartition): void {
    this.#reader.remove(partition);
  }

  pause(partition: TopicPartition): void {
    this.#reader.setPaused(partition, true);
  }

  resume(partition: TopicPartition): void {
    this.#reader.setPaused(partition, false);
  }

  async poll(timeoutMs: number): Promise<readonly FetchedBatch[]> {
    if (this.#isClosed) throw logError(logCode.misuse, "the fetcher is closed");
    if (this.#isPolling) {
      throw logError(logCode.misuse, "a poll was begun before the last one ended");
    }
    this.#isPolling = true;
    try {
      return await this.#read(this.#clock.now() + timeoutMs);
    } finally {
      this.#isPolling = false;
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#reader.close();
    this.#onClose();
    return Promise.resolve();
  }

  async #read(deadline: number): Promise<readonly FetchedBatch[]> {
    while (!this.#isClosed) {
      const batches = this.#reader.take();
      if (batches.length > 0 || this.#clock.now() >= deadline) return batches;
      await this.#reader.wait(deadline);
    }
    return [];
  }
}
