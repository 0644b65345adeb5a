import { BatchWriter } from "../../log/batch-writer.ts";
import type { Producer, TopicPartition } from "../../log/log.ts";
import { partitionKey } from "../../log/partition-key.ts";
import { untilAnswered, type Waits } from "../outage/retry.ts";

/** What is on its way beyond this holds up those who answer. */
const bytesMax = 16 * 1024 * 1024;

/** The records of one partition that the next request takes. */
interface Parcel {
  readonly batch: BatchWriter;
  readonly sent: Promise<void>;
  settle(sending: Promise<unknown>): void;
}

interface Way {
  readonly place: TopicPartition;
  next: Parcel | undefined;
}

/**
 * Sends records at once, outside of any transaction: questions and answers, which wait for no commit.
 * What comes while a request to the partition is under way goes together in the next one.
 */
export class PromptSender {
  readonly #open: () => Promise<Producer>;
  readonly #waits: Waits;
  readonly #ways = new Map<string, Way>();
  readonly #working = new Set<Promise<void>>();
  readonly #roomWanted: (() => void)[] = [];
  #producer: Promise<Producer> | undefined;
  #bytes = 0;

  /** `open` makes an idempotent producer; it is called when the first record is sent. */
  constructor(open: () => Promise<Producer>, waits: Waits) {
    this.#open = open;
    this.#waits = waits;
  }

  /** Whether so much is on its way that more should wait. */
  get isFull(): boolean {
    return this.#bytes > bytesMax;
  }

  /** Resolves when it is not full. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#roomWanted.push(resolve));
  }

  /**
   * `write` adds whole records, at once. Resolves when the log has them; rejects where it refuses.
   * Throws what `write` throws, and sends nothing then.
   */
  send(place: TopicPartition, write: (batch: BatchWriter) => void): Promise<void> {
    const way = this.#way(place);
    const parcel = way.next ?? newParcel();
    const mark = parcel.batch.mark();
    try {
      write(parcel.batch);
    } catch (error) {
      parcel.batch.rewind(mark);
      throw error;
    }
    this.#bytes += parcel.batch.mark() - mark;
    way.next = parcel;
    return parcel.sent;
  }

  /** Resolves when everything is sent, or refused. */
  async close(): Promise<void> {
    await Promise.all(this.#working);
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.close();
  }

  /** Begins to send to a partition, where nothing is under way to it. */
  #way(place: TopicPartition): Way {
    const key = partitionKey(place);
    const known = this.#ways.get(key);
    if (known !== undefined) return known;
    const way: Way = { place, next: undefined };
    this.#ways.set(key, way);
    const working = this.#work(key, way).finally(() => this.#working.delete(working));
    this.#working.add(working);
    return way;
  }

  /** Never rejects: whoever sent a record is told. */
  async #work(key: string, way: Way): Promise<void> {
    // What is sent in one go is one request.
    await Promise.resolve();
    for (let parcel = way.next; parcel !== undefined; parcel = way.next) {
      way.next = undefined;
      const { batch } = parcel;
      const bytes = batch.sizeBytes;
      const sending = this.#send(way.place, batch);
      parcel.settle(sending);
      await parcel.sent.catch(() => undefined);
      this.#bytes -= bytes;
      if (!this.isFull) for (const resolve of this.#roomWanted.splice(0)) resolve();
    }
    this.#ways.delete(key);
  }

  async #send(place: TopicPartition, batch: BatchWriter): Promise<void> {
    if (batch.count === 0) return;
    this.#producer ??= this.#open();
    const producer = await this.#producer;
    await untilAnswered(this.#waits, () => producer.send(place, batch));
  }
}

function newParcel(): Parcel {
  let settle: Parcel["settle"] = () => undefined;
  const sent = new Promise<void>((resolve, reject) => {
    settle = (sending) => void sending.then(() => resolve(), reject);
  });
  // Where nobody waits for it, its failure is nobody's surprise.
  sent.catch(() => undefined);
  return { batch: new BatchWriter(), sent, settle: (sending) => settle(sending) };
}
