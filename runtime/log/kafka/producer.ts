import { batchField } from "../batch-header.ts";
import type { BatchWriter } from "../batch-writer.ts";
import { isLogError, logCode, logError } from "../codes.ts";
import type {
  CommittedOffset,
  GroupGeneration,
  Producer,
  ProducerOptions,
  SentBatch,
  TopicPartition,
} from "../log.ts";
import { checkMetadata } from "../offset-metadata.ts";
import { partitionKey } from "../partition-key.ts";
import { ProducerCalls } from "../producer-calls.ts";
import type { TransactionOwner } from "./apis.ts";
import { Refusal, refuse } from "./broker-errors.ts";
import { byTopic } from "./by-topic.ts";
import type { Cluster } from "./cluster.ts";
import { type ProducerIdentity, produceProtocol, splitBatches, stampBatch } from "./produce.ts";
import { listRanges } from "./ranges.ts";

const transactionTimeoutMs = 60_000;
const rebalanceInProgress = 27;
const invalidState = 48;
const concurrentTransactions = 51;
/** How long markers are waited for. */
const markersMs = 2_000;

/** What a partition expects next is counted for each identity. */
interface Identity extends ProducerIdentity {
  readonly nextSequence: Map<string, number>;
}

/**
 * An idempotent producer with one request on its way at a time, or one for each partition where there
 * are no transactions; every replica has to have a batch.
 */
export class KafkaProducer implements Producer {
  readonly #cluster: Cluster;
  readonly #transactionalId: string | undefined;
  readonly #timeoutMs: number;
  readonly #calls: ProducerCalls;
  /** Partitions that the coordinator knows to be in the open transaction. */
  readonly #added = new Set<string>();
  readonly #onClose: () => void;
  #identity: Promise<Identity> | undefined;
  /** A transaction has to be ended by the identity that began it, though that is of no use any more. */
  #isSpent = false;
  #begunAt = 0;

  constructor(cluster: Cluster, options: ProducerOptions, onClose: () => void) {
    this.#cluster = cluster;
    this.#transactionalId = options.transactionalId;
    this.#timeoutMs = options.transactionTimeoutMs ?? transactionTimeoutMs;
    this.#calls = new ProducerCalls(options.transactionalId !== undefined);
    this.#onClose = onClose;
  }

  /** Gets an identity. One with a transactional id fences older ones, and ends what they left open. */
  identify(): Promise<Identity> {
    this.#identity ??= this.#start();
    return this.#identity;
  }

  send(partition: TopicPartition, batch: BatchWriter): Promise<SentBatch> {
    return this.#inTransaction(async () => {
      const { topic, partition: index } = partition;
      const place = { topic, partition: index };
      const offsets: number[] = [];
      let endOffset = -1;
      for (const bytes of splitBatches(batch.finish())) {
        const baseOffset = await this.#append(place, bytes);
        offsets.push(baseOffset);
        endOffset = baseOffset + bytes.readInt32BE(batchField.recordCount);
      }
      const [baseOffset] = offsets;
      if (baseOffset !== undefined) return { ...place, baseOffset, endOffset };
      const [range] = await listRanges(this.#cluster, [place]);
      const end = range?.end ?? 0;
      return { ...place, baseOffset: end, endOffset: end };
    }, partitionKey(partition));
  }

  begin(): void {
    this.#calls.begin();
    this.#begunAt = this.#cluster.options.clock.now();
  }

  /**
   * The generation is asked about before the offsets are sent, not with them: one that ends between
   * the two is not noticed. That is why the log is not for exactly-once.
   */
  sendOffsets(offsets: readonly CommittedOffset[], generation: GroupGeneration): Promise<void> {
    const what = `sending offsets of group "${generation.group}"`;
    if (this.#transactionalId === undefined) {
      const message = "a producer without a transactional id has no transactions";
      return Promise.reject(logError(logCode.misuse, message));
    }
    return this.#inTransaction(async () => {
      for (const offset of offsets) checkMetadata(offset);
      const { group } = generation;
      await this.#cluster.persist(what, () => this.#checkGeneration(generation));
      const owner = await this.#owner();
      this.#calls.touch();
      await this.#cluster.persist(what, async () => {
        const node = await this.#coordinator();
        const request = { ...owner, groupId: group };
        refuse((await this.#cluster.call(node, "AddOffsetsToTxn", request)).errorCode);
      });
      await this.#cluster.persist(what, async () => {
        const node = await this.#cluster.coordinator("group", group);
        const { topics } = await this.#cluster.call(node, "TxnOffsetCommit", {
          ...owner,
          groupId: group,
          topics: byTopic(offsets, ({ partition, offset, metadata }) => ({
            ...{ partition, metadata },
            offset: String(offset),
          })),
        });
        for (const { topic, partitions } of topics) {
          for (const { partition, errorCode } of partitions)
            refuse(errorCode, { topic, partition });
        }
      });
    });
  }

  commit(): Promise<void> {
    return this.#endTransaction("commit");
  }

  abort(): Promise<void> {
    return this.#endTransaction("abort");
  }

  async close(): Promise<void> {
    await this.#calls.close(() => this.abort());
    this.#onClose();
  }

  async #append(place: TopicPartition, bytes: Buffer): Promise<number> {
    const key = partitionKey(place);
    const isTransactional = this.#transactionalId !== undefined;
    // Before the coordinator hears of a partition, so that one which does not exist leaves no trace.
    const what = "sending records";
    await this.#cluster.persist(what, () => this.#cluster.leader(place));
    if (isTransactional && !this.#added.has(key)) await this.#addPartition(place);
    const held = this.identify();
    const identity = await held;
    const sequence = identity.nextSequence.get(key) ?? 0;
    stampBatch(bytes, identity, sequence, isTransactional);
    let offset: number;
    try {
      offset = await this.#cluster.persist(what, () => this.#produce(place, bytes));
    } catch (error) {
      if (isLogError(error, logCode.unanswered, logCode.unavailable)) this.#spend(held);
      throw error;
    }
    // Sequences go round at 2^31.
    const count = bytes.readInt32BE(batchField.recordCount);
    identity.nextSequence.set(key, (sequence + count) % 2_147_483_648);
    return offset;
  }

  #start(): Promise<Identity> {
    const transactionalId = this.#transactionalId;
    const starting = this.#cluster.persist("starting a producer", async () => {
      const node =
        transactionalId === undefined
          ? await this.#cluster.controller()
          : await this.#coordinator();
      const { errorCode, producerId, producerEpoch } = await this.#cluster.call(
        node,
        "InitProducerId",
        { transactionalId: transactionalId ?? null, transactionTimeout: this.#timeoutMs },
      );
      refuse(errorCode);
      const nextSequence = new Map<string, number>();
      return { id: Number(producerId), epoch: producerEpoch, nextSequence };
    });
    starting.catch(() => {
      if (this.#identity === starting) this.#identity = undefined;
    });
    return starting;
  }

  /** Nobody knows which sequence a partition expects next. */
  #spend(held: Promise<Identity>): void {
    if (this.#transactionalId !== undefined) this.#isSpent = true;
    else if (this.#identity === held) this.#identity = undefined;
  }

  async #produce(place: TopicPartition, bytes: Buffer): Promise<number> {
    const link = await this.#cluster.link(await this.#cluster.leader(place));
    const id = this.#transactionalId ?? null;
    const { topics } = await link.send(await produceProtocol(link, place, bytes, id), 0);
    const answer = topics[0]?.partitions[0];
    if (answer === undefined) throw new Refusal(-1, place);
    refuse(answer.errorCode, place);
    return Number(answer.baseOffset);
  }

  async #addPartition(place: TopicPartition): Promise<void> {
    const owner = await this.#owner();
    const { topic, partition } = place;
    this.#calls.touch();
    await this.#cluster.persist("adding to a transaction", async () => {
      const { errors } = await this.#cluster.call(await this.#coordinator(), "AddPartitionsToTxn", {
        ...owner,
        topics: [{ topic, partitions: [partition] }],
      });
      for (const { partitionErrors } of errors) {
        for (const { errorCode } of partitionErrors) refuse(errorCode, { topic, partition });
      }
    });
    this.#added.add(partitionKey(place));
  }

  async #checkGeneration({ group, id, member }: GroupGeneration): Promise<void> {
    const { errorCode } = await this.#cluster.call(
      await this.#cluster.coordinator("group", group),
      "Heartbeat",
      { groupId: group, groupGenerationId: id, memberId: member, groupInstanceId: null },
    );
    if (errorCode !== rebalanceInProgress) refuse(errorCode);
  }

  #endTransaction(kind: "commit" | "abort"): Promise<void> {
    return this.#calls.endTransaction(kind, async () => {
      await this.#explain(() =>
        this.#cluster.persist(`ending a transaction by ${kind}`, async () => {
          const errorCode = await this.#end(kind);
          // Nothing was begun, so there is nothing to abort.
          if (kind !== "abort" || errorCode !== invalidState) refuse(errorCode);
        }),
      );
      await this.#untilMarked(kind);
      this.#added.clear();
      if (this.#isSpent) this.#identity = undefined;
      this.#isSpent = false;
    });
  }

  async #end(kind: "commit" | "abort"): Promise<number> {
    const { errorCode } = await this.#cluster.call(await this.#coordinator(), "EndTxn", {
      ...(await this.#owner()),
      transactionResult: kind === "commit",
    });
    return errorCode;
  }

  /**
   * The coordinator answers before the partitions have their markers; asked again, it says whether they
   * do. Readers of offsets would otherwise see older ones, as kafkajs cannot ask for stable ones. The
   * transaction has ended in any case, so nothing that goes wrong here matters.
   */
  async #untilMarked(kind: "commit" | "abort"): Promise<void> {
    const { clock } = this.#cluster.options;
    const deadline = clock.now() + markersMs;
    try {
      while ((await this.#end(kind)) === concurrentTransactions && clock.now() < deadline) {
        await clock.sleep(5);
      }
    } catch {
      // The next transaction waits for the markers anyway.
    }
  }

  #inTransaction<T>(work: () => Promise<T>, lane?: string): Promise<T> {
    return this.#calls.inTransaction(async () => {
      await this.identify();
      return this.#explain(work);
    }, lane);
  }

  /** A coordinator fences whoever lets a transaction open for too long, and says no more than that. */
  async #explain<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const openMs = this.#cluster.options.clock.now() - this.#begunAt;
      const isExpired = this.#transactionalId !== undefined && openMs > this.#timeoutMs;
      if (!isExpired || !isLogError(error, logCode.fenced)) throw error;
      const message = `a transaction was open for ${openMs} ms, more than ${this.#timeoutMs}`;
      throw logError(logCode.expired, `${message}: the brokers aborted it`);
    }
  }

  async #owner(): Promise<TransactionOwner> {
    const { id, epoch } = await this.identify();
    const transactionalId = this.#transactionalId ?? "";
    return { transactionalId, producerId: String(id), producerEpoch: epoch };
  }

  #coordinator(): Promise<number> {
    return this.#cluster.coordinator("transaction", this.#transactionalId ?? "");
  }
}
