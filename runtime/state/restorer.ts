import { StreamgenError } from "../errors.ts";
import { isLogError, logCode } from "../log/codes.ts";
import type { FetchedBatch, Fetcher, Log, TopicPartition } from "../log/log.ts";
import { partitionKey } from "../log/partition-key.ts";
import { Restoration, type Restored, type RestorePlan } from "./restoration.ts";

export type { Restored, RestorePlan } from "./restoration.ts";

/** Partitions that are read at a time: each keeps up to two batches of rows. */
const activeMax = 16;
const pollMs = 100;
/** Part of the time that logs keep deletions for: clocks differ, and a flush takes its time. */
const trustedPart = 0.8;
/** Kafka's `delete.retention.ms` where a topic does not say. */
const deleteRetentionMsDefault = 86_400_000;

/**
 * Restores the tables of one worker out of their changelogs, several at a time through one fetcher.
 *
 * What is restored is flushed as it goes, with how far it is: a restore that is cut short goes on from
 * there the next time.
 */
export class Restorer {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #waiting: Restoration[] = [];
  readonly #active = new Map<string, Restoration>();
  #pumping: Promise<void> | undefined;

  /** `now` gives milliseconds since the epoch. */
  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /**
   * Brings a table to what its changelog holds up to the committed end, from where its store stands. A
   * store that cannot be trusted any more is wiped first; `plan.wiped` is told why. Throws SG7069 where
   * the changelog lacks what would be needed.
   */
  async restore(plan: RestorePlan): Promise<Restored> {
    plan.signal.throwIfAborted();
    const place = { topic: plan.topic, partition: plan.partition };
    const [range] = await this.#log.offsets([place]);
    const first = range?.start ?? 0;
    const ending = range?.end ?? 0;
    const end = plan.end ?? ending;
    const last = plan.take === undefined ? ending : Math.min(end, ending);
    const { checkpoint } = plan.table;
    const begunMs = this.#now();
    let from = checkpoint?.changelogOffset ?? first;
    // Until the end is reached, deletions may be missing since the store's first row was read.
    let wallTimeMs = checkpoint?.wallTimeMs ?? begunMs;
    const isStale = from < last && (await this.#isStale(place.topic, wallTimeMs));
    const reason = whyUseless(from, { first, end, isStale });
    const startsAnew = checkpoint === undefined || reason !== undefined;
    checkWhole(plan, { first, last, end, startsAnew });
    if (reason !== undefined) {
      plan.wiped(reason);
      await plan.table.wipe();
      from = first;
      wallTimeMs = begunMs;
    }
    if (from >= last) return { end, records: 0, staleKeys: [], uncertain: 0 };
    const restoration = new Restoration(plan, { from, end, last, begunMs, wallTimeMs });
    this.#waiting.push(restoration);
    this.#pump();
    return restoration.done;
  }

  /** Whether a store of that age may have missed deletions, which the log keeps for a time only. */
  async #isStale(topic: string, wallTimeMs: number): Promise<boolean> {
    const [settings] = await this.#log.describeTopics([topic]);
    const said = Number(settings?.config["delete.retention.ms"] ?? deleteRetentionMsDefault);
    const keptMs = Number.isFinite(said) ? said : deleteRetentionMsDefault;
    return this.#now() - wallTimeMs > keptMs * trustedPart;
  }

  #pump(): void {
    this.#pumping ??= this.#run().finally(() => {
      this.#pumping = undefined;
      if (this.#waiting.length > 0) this.#pump();
    });
  }

  /** Reads until nothing is left to restore. Never rejects: its plans do. */
  async #run(): Promise<void> {
    let fetcher: Fetcher | undefined;
    try {
      fetcher = await this.#log.fetcher();
      for (;;) {
        this.#settle(fetcher);
        this.#admit(fetcher);
        if (this.#active.size === 0) return;
        for (const batch of await this.#poll(fetcher)) {
          this.#active.get(partitionKey(batch))?.take(batch);
        }
      }
    } catch (error) {
      for (const restoration of [...this.#active.values(), ...this.#waiting]) {
        restoration.fail(error);
      }
      this.#active.clear();
      this.#waiting.length = 0;
    } finally {
      // Its plans are done with: nobody is left to be told.
      await fetcher?.close().catch(() => undefined);
    }
  }

  async #poll(fetcher: Fetcher): Promise<readonly FetchedBatch[]> {
    try {
      return await fetcher.poll(pollMs);
    } catch (error) {
      // Records were deleted while they were being read: that concerns one table only.
      const lost = isLogError(error, logCode.outOfRange) ? this.#find(error.place) : undefined;
      if (lost === undefined) throw error;
      lost.fail(error);
      return [];
    }
  }

  #find({ topic, partition }: Partial<TopicPartition>): Restoration | undefined {
    if (topic === undefined || partition === undefined) return undefined;
    return this.#active.get(partitionKey({ topic, partition }));
  }

  /** Lets those go that are read to their end, or are given up. */
  #settle(fetcher: Fetcher): void {
    for (const [key, restoration] of this.#active) {
      if (!restoration.isOver) continue;
      this.#active.delete(key);
      fetcher.remove(restoration.place);
    }
  }

  #admit(fetcher: Fetcher): void {
    for (let index = 0; index < this.#waiting.length; ) {
      const restoration = this.#waiting[index];
      if (restoration === undefined || this.#active.size >= activeMax) return;
      const key = partitionKey(restoration.place);
      if (this.#active.has(key)) {
        index += 1;
        continue;
      }
      this.#waiting.splice(index, 1);
      this.#active.set(key, restoration);
      restoration.begin(fetcher);
    }
  }
}

/** Throws where the log lacks what would be needed. */
function checkWhole(
  { isExpired, partition, take, topic }: RestorePlan,
  range: { readonly first: number; readonly last: number; readonly end: number } & {
    readonly startsAnew: boolean;
  },
): void {
  const { end, first, last, startsAnew } = range;
  if (end > last && take !== undefined) throw madeAnew({ topic, partition }, range);
  const mayBeCut = isExpired !== undefined || take !== undefined;
  const isCut = first > 0 && startsAnew && !mayBeCut;
  if (end > last || isCut) throw incomplete({ topic, partition }, range);
}

/** A topic ends before what was read of it. */
function madeAnew(
  { topic, partition }: TopicPartition,
  { last, end }: { readonly last: number; readonly end: number },
): StreamgenError {
  return new StreamgenError(
    "SG7211",
    `topic "${topic}" ends at offset ${last}, and the group has read it up to ${end}: it was made anew; ` +
      "set the group's offsets, or begin anew with streamgen reset",
    { topic, partition },
  );
}

/** A compacted changelog keeps the last record of every key: what it lacks, somebody has deleted. */
function incomplete(
  { topic, partition }: TopicPartition,
  { first, last, end }: { readonly first: number; readonly last: number; readonly end: number },
): StreamgenError {
  return new StreamgenError(
    "SG7069",
    `changelog "${topic}" holds offsets ${first} to ${last}, and the table needs 0 to ${end}: records ` +
      "were deleted, or the topic was made anew; put them back, or begin anew with streamgen reset",
    { topic, partition },
  );
}

/** Why a store that stands at `from` must be made anew; `undefined`: it need not. */
function whyUseless(
  from: number,
  {
    first,
    end,
    isStale,
  }: { readonly first: number; readonly end: number; readonly isStale: boolean },
): string | undefined {
  if (from > end) return `it stands at ${from}, behind the changelog's committed end ${end}`;
  if (from < first) return `it stands at ${from}, before the changelog's first record ${first}`;
  return isStale ? "it was flushed so long ago that it may have missed deletions" : undefined;
}
