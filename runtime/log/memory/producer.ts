import type { BatchWriter } from "../batch-writer.ts";
import { isLogError, logCode, logError } from "../codes.ts";
import type {
  CommittedOffset,
  GroupGeneration,
  Producer,
  SentBatch,
  TopicPartition,
} from "../log.ts";
import { partitionKey } from "../partition-key.ts";
import type { Client } from "./client.ts";
import type { ProducerIdentity } from "./stored-batch.ts";

/**
 * ```
 *           begin          commit, abort answered
 * idle ─────────────▶ open ──────────────────────▶ idle
 *                      │ │    not answered
 *      a call failed   │ └──────▶ committing, aborting: only the same call again
 *                      ▼
 *                  abort only
 * ```
 */
type State = "idle" | "open" | "abortOnly" | "committing" | "aborting";

/** A producer. Its requests reach the broker one after the other, as over one connection. */
export class MemoryProducer implements Producer {
  readonly #client: Client;
  readonly #identity: ProducerIdentity;
  readonly #transactionalId: string | undefined;
  readonly #nextSequence = new Map<string, number>();
  #state: State = "idle";
  /** Whether the broker knows of the open transaction. */
  #isTouched = false;
  /** Why the producer cannot be used any more. */
  #end: Error | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: Client, identity: ProducerIdentity, transactionalId: string | undefined) {
    this.#client = client;
    this.#identity = identity;
    this.#transactionalId = transactionalId;
  }

  send(partition: TopicPartition, batch: BatchWriter): Promise<SentBatch> {
    return this.#inTransaction(async () => {
      const key = partitionKey(partition);
      const sequence = this.#nextSequence.get(key) ?? 0;
      return this.#client.call("send", async () => {
        const baseOffset = await this.#append(partition, batch, sequence);
        this.#nextSequence.set(key, sequence + batch.count);
        return { topic: partition.topic, partition: partition.partition, baseOffset };
      });
    });
  }

  begin(): void {
    if (this.#end !== undefined) throw this.#end;
    if (this.#transactionalId === undefined) {
      throw logError(logCode.misuse, "a producer without a transactional id has no transactions");
    }
    if (this.#state !== "idle") {
      throw logError(logCode.misuse, "the last transaction has not ended yet");
    }
    this.#state = "open";
    this.#isTouched = false;
  }

  async sendOffsets(
    offsets: readonly CommittedOffset[],
    generation: GroupGeneration,
  ): Promise<void> {
    const { broker } = this.#client;
    const group = broker.group(generation.group);
    const underWay = group.beginCommit(generation);
    try {
      await this.#inTransaction(() =>
        this.#client.call("sendOffsets", async () => {
          const id = await this.#untilIdle();
          group.checkGeneration(generation, offsets);
          const added = { group, offsets };
          broker.transactions.addOffsets(id, this.#identity, added, broker.clock.now());
          this.#isTouched = true;
        }),
      );
    } finally {
      underWay.done();
      broker.changed.notify();
    }
  }

  commit(): Promise<void> {
    return this.#endTransaction("commit");
  }

  abort(): Promise<void> {
    return this.#endTransaction("abort");
  }

  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    try {
      if (this.#state === "open" || this.#state === "abortOnly") await this.abort();
    } catch (error) {
      // What a fenced producer had open is aborted already.
      if (!isLogError(error, logCode.fenced, logCode.expired)) throw error;
    }
    this.#end = logError(logCode.misuse, "the producer is closed");
  }

  /** Appends, as a part of the transaction if there are transactions. */
  async #append(partition: TopicPartition, batch: BatchWriter, sequence: number): Promise<number> {
    const { broker } = this.#client;
    const log = broker.partition(partition);
    const now = broker.clock.now();
    const id = this.#transactionalId === undefined ? undefined : await this.#untilIdle();
    const offset = log.append(batch.finish(), this.#identity, sequence, now);
    if (id !== undefined) {
      broker.transactions.addPartition(id, this.#identity, log, now);
      this.#isTouched = true;
    }
    broker.changed.notify();
    return offset;
  }

  /** The transactional id, once the markers of the transaction before are written. */
  async #untilIdle(): Promise<string> {
    const { broker } = this.#client;
    const id = this.#transactionalId ?? "";
    broker.transactions.check(id, this.#identity);
    while (broker.transactions.isEnding(id)) {
      await broker.wait(Number.POSITIVE_INFINITY);
      broker.transactions.check(id, this.#identity);
    }
    return id;
  }

  #endTransaction(kind: "commit" | "abort"): Promise<void> {
    return this.#inOrder(async () => {
      this.#checkEnding(kind);
      const before = this.#state;
      if (this.#isTouched) {
        this.#state = kind === "commit" ? "committing" : "aborting";
        try {
          await this.#client.call(kind, () => this.#endAtBroker(kind === "commit"));
        } catch (error) {
          this.#noteEnd(error);
          if (isLogError(error, logCode.unavailable)) this.#state = before;
          throw error;
        }
      }
      this.#state = "idle";
    });
  }

  #endAtBroker(isCommit: boolean): void {
    const { broker } = this.#client;
    const id = this.#transactionalId ?? "";
    broker.transactions.end(id, this.#identity, isCommit, broker.clock.now());
    broker.changed.notify();
  }

  #checkEnding(kind: "commit" | "abort"): void {
    if (this.#end !== undefined) throw this.#end;
    const state = this.#state;
    if (state === "abortOnly" && kind === "commit") throw abortOnly();
    const isOther = state === (kind === "commit" ? "aborting" : "committing");
    if (isOther) {
      const message = `${kind} is called, but the call before it was not answered: repeat that one`;
      throw logError(logCode.misuse, message);
    }
    if (state === "idle") throw logError(logCode.misuse, "no transaction has been begun");
  }

  #inTransaction<T>(work: () => Promise<T>): Promise<T> {
    return this.#inOrder(async () => {
      if (this.#end !== undefined) throw this.#end;
      if (this.#transactionalId !== undefined) this.#checkOpen();
      try {
        return await work();
      } catch (error) {
        this.#noteEnd(error);
        if (this.#state === "open") this.#state = "abortOnly";
        throw error;
      }
    });
  }

  #checkOpen(): void {
    if (this.#state === "open") return;
    if (this.#state === "abortOnly") throw abortOnly();
    throw logError(logCode.misuse, "records and offsets are sent between begin and commit only");
  }

  #noteEnd(error: unknown): void {
    if (isLogError(error, logCode.fenced, logCode.expired)) this.#end = error;
  }

  /** Requests go out one after the other, so that a late one never overtakes. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function abortOnly(): Error {
  const message = "a call of this transaction failed: it can only be aborted";
  return logError(logCode.abortOnly, message);
}
