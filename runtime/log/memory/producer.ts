import type { BatchWriter } from "../batch-writer.ts";
import type {
  CommittedOffset,
  GroupGeneration,
  Producer,
  SentBatch,
  TopicPartition,
} from "../log.ts";
import { partitionKey } from "../partition-key.ts";
import { ProducerCalls } from "../producer-calls.ts";
import type { Client } from "./client.ts";
import type { ProducerIdentity } from "./stored-batch.ts";

/** A producer. Its requests reach the broker one after the other, as over one connection. */
export class MemoryProducer implements Producer {
  readonly #client: Client;
  readonly #identity: ProducerIdentity;
  readonly #transactionalId: string | undefined;
  readonly #nextSequence = new Map<string, number>();
  readonly #calls: ProducerCalls;

  constructor(client: Client, identity: ProducerIdentity, transactionalId: string | undefined) {
    this.#client = client;
    this.#identity = identity;
    this.#transactionalId = transactionalId;
    this.#calls = new ProducerCalls(transactionalId !== undefined);
  }

  send(partition: TopicPartition, batch: BatchWriter): Promise<SentBatch> {
    return this.#calls.inTransaction(async () => {
      const key = partitionKey(partition);
      const sequence = this.#nextSequence.get(key) ?? 0;
      return this.#client.call("send", async () => {
        const baseOffset = await this.#append(partition, batch, sequence);
        this.#nextSequence.set(key, sequence + batch.count);
        const { topic, partition: index } = partition;
        return { topic, partition: index, baseOffset, endOffset: baseOffset + batch.count };
      });
    });
  }

  begin(): void {
    this.#calls.begin();
  }

  async sendOffsets(
    offsets: readonly CommittedOffset[],
    generation: GroupGeneration,
  ): Promise<void> {
    const { broker } = this.#client;
    const group = broker.group(generation.group);
    const underWay = group.beginCommit(generation);
    try {
      await this.#calls.inTransaction(() =>
        this.#client.call("sendOffsets", async () => {
          const id = await this.#untilIdle();
          group.checkGeneration(generation, offsets);
          const added = { group, offsets };
          broker.transactions.addOffsets(id, this.#identity, added, broker.clock.now());
          this.#calls.touch();
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

  close(): Promise<void> {
    return this.#calls.close(() => this.abort());
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
      this.#calls.touch();
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
    return this.#calls.endTransaction(kind, () =>
      this.#client.call(kind, () => this.#endAtBroker(kind === "commit")),
    );
  }

  #endAtBroker(isCommit: boolean): void {
    const { broker } = this.#client;
    const id = this.#transactionalId ?? "";
    broker.transactions.end(id, this.#identity, isCommit, broker.clock.now());
    broker.changed.notify();
  }
}
