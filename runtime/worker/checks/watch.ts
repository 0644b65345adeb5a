import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { Fetcher, TopicPartition } from "../../log/log.ts";
import { untilAnswered } from "../outage/retry.ts";
import { readTexts } from "../rpc/return-address.ts";
import type { Services } from "../services/services.ts";
import { probeHeader } from "./probe-header.ts";

const pollMs = 500;
const names: ReadonlySet<string> = new Set([probeHeader]);

/** Looks in some topics for what comes of one probe, from where they end when it begins. */
export class Watch {
  readonly #services: Services;
  readonly #probe: string;
  readonly #fetcher: Fetcher;
  /** Records that were found and not asked for, by the topic's name in the log. */
  readonly #found = new Map<string, BatchCursor[]>();
  readonly #wanted = new Map<string, ((cursor: BatchCursor) => void)[]>();
  /** The topics of what was found, by their names in the log, in that order. */
  readonly seen: string[] = [];
  #isOver = false;

  /** `topics` are names in the log. */
  static async open(
    services: Services,
    probe: string,
    topics: readonly TopicPartition[],
  ): Promise<Watch> {
    const fetcher = await services.log.fetcher();
    for (const { end, ...place } of await services.log.offsets(topics)) fetcher.seek(place, end);
    return new Watch(services, probe, fetcher);
  }

  constructor(services: Services, probe: string, fetcher: Fetcher) {
    this.#services = services;
    this.#probe = probe;
    this.#fetcher = fetcher;
  }

  /** Resolves with the next record of a topic, in bytes of its own. */
  next(topic: string): Promise<BatchCursor> {
    const found = this.#found.get(topic)?.shift();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      this.#wanted.set(topic, [...(this.#wanted.get(topic) ?? []), resolve]);
    });
  }

  /** Reads until `close`. Rejects where the log refuses. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      const batches = await untilAnswered(this.#services, async () =>
        this.#isOver ? [] : await this.#fetcher.poll(pollMs),
      );
      for (const batch of batches) {
        const cursor = batch.cursor();
        while (cursor.next()) if (this.#isOfProbe(cursor)) this.#take(batch.topic, cursor.copy());
      }
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#fetcher.close();
  }

  #isOfProbe(cursor: BatchCursor): boolean {
    return cursor.headerCount > 0 && readTexts(cursor, names).get(probeHeader) === this.#probe;
  }

  #take(topic: string, cursor: BatchCursor): void {
    this.seen.push(topic);
    const wanted = this.#wanted.get(topic)?.shift();
    if (wanted !== undefined) wanted(cursor);
    else this.#found.set(topic, [...(this.#found.get(topic) ?? []), cursor]);
  }
}
