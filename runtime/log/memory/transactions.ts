import { logCode, logError } from "../codes.ts";
import type { CommittedOffset } from "../log.ts";
import type { Group } from "./group.ts";
import type { PartitionLog } from "./partition-log.ts";
import type { ProducerIdentity } from "./stored-batch.ts";

/**
 * ```
 *            send, offsets        commit, abort       markers
 * idle ───────────────────▶ open ──────────────▶ ending ─────▶ idle
 *                            │  open for too long              ▲
 *                            └───────── epoch + 1 ─────────────┘
 * ```
 */
interface Transaction {
  readonly id: string;
  readonly producerId: number;
  readonly timeoutMs: number;
  epoch: number;
  phase: "idle" | "open" | "ending";
  isCommit: boolean;
  openedAt: number;
  readonly partitions: Set<PartitionLog>;
  readonly offsets: Map<Group, CommittedOffset[]>;
  /** The epoch whose transaction was open for too long. */
  expiredEpoch: number;
}

/** Who may write in which transaction, and how each of them ends. */
export class Transactions {
  readonly #byId = new Map<string, Transaction>();
  #lastProducerId = 0;
  #areMarkersHeld = false;

  /** An identity for a producer without transactions. */
  newProducer(): ProducerIdentity {
    return { producerId: ++this.#lastProducerId, epoch: 0, isTransactional: false };
  }

  /**
   * Fences the older producers of this id and aborts what is open. `undefined` while the last
   * transaction's markers are still to be written: to be asked again.
   */
  init(id: string, timeoutMs: number, now: number): ProducerIdentity | undefined {
    const before = this.#byId.get(id);
    if (before?.phase === "ending") return undefined;
    if (before?.phase === "open") this.#finish(before, false, now);
    const producerId = before?.producerId ?? ++this.#lastProducerId;
    const epoch = (before?.epoch ?? -1) + 1;
    this.#byId.set(id, {
      ...{ id, producerId, epoch, timeoutMs },
      ...{ phase: "idle", isCommit: false, openedAt: 0, expiredEpoch: -1 },
      ...{ partitions: new Set<PartitionLog>(), offsets: new Map<Group, CommittedOffset[]>() },
    });
    return { producerId, epoch, isTransactional: true };
  }

  /** Throws SG6005 or SG6007 unless this is the id's present producer. */
  check(id: string, producer: ProducerIdentity): void {
    this.#present(id, producer);
  }

  /** Whether the last transaction's markers are still to be written: then a new one has to wait. */
  isEnding(id: string): boolean {
    return this.#byId.get(id)?.phase === "ending";
  }

  addPartition(id: string, producer: ProducerIdentity, partition: PartitionLog, now: number): void {
    this.#open(id, producer, now).partitions.add(partition);
  }

  addOffsets(
    id: string,
    producer: ProducerIdentity,
    added: { readonly group: Group; readonly offsets: readonly CommittedOffset[] },
    now: number,
  ): void {
    const { offsets } = this.#open(id, producer, now);
    offsets.set(added.group, [...(offsets.get(added.group) ?? []), ...added.offsets]);
    added.group.addPending(added.offsets);
  }

  /** Ends the open transaction. Asked again after it has ended in the same way, it does nothing. */
  end(id: string, producer: ProducerIdentity, isCommit: boolean, now: number): void {
    const transaction = this.#present(id, producer);
    if (transaction.phase !== "open") {
      if (transaction.isCommit === isCommit) return;
      const past = transaction.isCommit ? "committed" : "aborted";
      throw logError(logCode.misuse, `the transaction of "${id}" has been ${past} already`);
    }
    transaction.phase = "ending";
    transaction.isCommit = isCommit;
    if (!this.#areMarkersHeld) this.#finish(transaction, isCommit, now);
  }

  /** Aborts what has been open for longer than its timeout. True if there was any. */
  expire(now: number): boolean {
    const late = this.#all.filter((one) => one.phase === "open" && this.#deadline(one) <= now);
    for (const transaction of late) {
      transaction.expiredEpoch = transaction.epoch;
      this.#finish(transaction, false, now);
      transaction.epoch++;
    }
    return late.length > 0;
  }

  /** When the next open transaction is due; infinity without one. */
  get nextExpiry(): number {
    const open = this.#all.filter((one) => one.phase === "open");
    return Math.min(Number.POSITIVE_INFINITY, ...open.map((one) => this.#deadline(one)));
  }

  /**
   * From now on transactions end without their markers being written, as between a broker's answer
   * and its markers: what they hold is neither visible nor gone.
   */
  holdMarkers(): void {
    this.#areMarkersHeld = true;
  }

  releaseMarkers(now: number): void {
    this.#areMarkersHeld = false;
    for (const transaction of this.#all) {
      if (transaction.phase === "ending") this.#finish(transaction, transaction.isCommit, now);
    }
  }

  get #all(): Transaction[] {
    return [...this.#byId.values()];
  }

  #deadline(transaction: Transaction): number {
    return transaction.openedAt + transaction.timeoutMs;
  }

  #open(id: string, producer: ProducerIdentity, now: number): Transaction {
    const transaction = this.#present(id, producer);
    if (transaction.phase === "idle") {
      transaction.phase = "open";
      transaction.openedAt = now;
    }
    return transaction;
  }

  #present(id: string, producer: ProducerIdentity): Transaction {
    const transaction = this.#byId.get(id);
    if (transaction?.epoch === producer.epoch) return transaction;
    if (transaction?.expiredEpoch === producer.epoch) {
      throw logError(
        logCode.expired,
        `the transaction of "${id}" was open for more than ${transaction.timeoutMs} ms and was ` +
          "aborted; its producer must be replaced",
      );
    }
    throw logError(logCode.fenced, `a newer producer has the transactional id "${id}"`);
  }

  /** Writes the markers, and settles the offsets. */
  #finish(transaction: Transaction, isCommit: boolean, now: number): void {
    const { producerId, epoch, partitions, offsets } = transaction;
    const producer = { producerId, epoch, isTransactional: true };
    for (const partition of partitions) partition.endTransaction(producer, isCommit, now);
    for (const [group, pending] of offsets) group.settlePending(pending, isCommit);
    partitions.clear();
    offsets.clear();
    transaction.phase = "idle";
    transaction.isCommit = isCommit;
  }
}
