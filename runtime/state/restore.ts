import type { FetchedBatch, Fetcher, Log } from "../log/log.ts";
import { ByteMap, compareBytes, type HashedKey, hashBytes } from "./byte-map.ts";
import { ownCopy } from "./own-copy.ts";
import type { PartitionTable } from "./partition-table.ts";

/** What is to be restored. */
export interface RestorePlan {
  readonly table: PartitionTable;
  readonly topic: string;
  readonly partition: number;
  /**
   * The changelog offset that belongs to the committed inputs; `undefined` where it is not known:
   * then everything in the changelog counts.
   */
  readonly end: number | undefined;
  /** Called after each batch: records read, of about so many. */
  readonly progress: (records: number, of: number) => void;
  readonly signal: AbortSignal;
}

/** What a restore has found. */
export interface Restored {
  /** The changelog offset that the table now stands for. */
  readonly end: number;
  readonly records: number;
  /**
   * Keys whose changelog records behind `end` were never committed. Their restored values have to be
   * written again behind them, or the next restore takes the wrong ones.
   */
  readonly staleKeys: readonly Buffer[];
}

interface Row extends HashedKey {
  value: Buffer | null;
}

/** Rows that are written to the store at a time. */
const chunkMax = 5000;
const pollMs = 100;

/**
 * Brings a table to what its changelog holds up to the committed end, from where its store stands.
 * A store that stands outside what the changelog still has is wiped first.
 */
export async function restore(log: Log, plan: RestorePlan): Promise<Restored> {
  const place = { topic: plan.topic, partition: plan.partition };
  const [range] = await log.offsets([place]);
  const first = range?.start ?? 0;
  const last = range?.end ?? 0;
  const end = Math.min(plan.end ?? last, last);
  let from = plan.table.checkpoint?.changelogOffset ?? first;
  if (from < first || from > end) {
    await plan.table.wipe();
    from = first;
  }
  if (from >= last) return { end, records: 0, staleKeys: [] };
  const fetcher = await log.fetcher();
  try {
    fetcher.seek(place, from);
    return await new Restoration(plan, from, end).run(fetcher, last);
  } finally {
    await fetcher.close();
  }
}

class Restoration {
  readonly #plan: RestorePlan;
  readonly #from: number;
  readonly #end: number;
  #rows = new ByteMap<Row>();
  readonly #stale = new ByteMap<HashedKey>();
  #records = 0;

  constructor(plan: RestorePlan, from: number, end: number) {
    this.#plan = plan;
    this.#from = from;
    this.#end = end;
  }

  async run(fetcher: Fetcher, last: number): Promise<Restored> {
    let position = this.#from;
    while (position < last) {
      this.#plan.signal.throwIfAborted();
      for (const batch of await fetcher.poll(pollMs)) {
        this.#read(batch);
        position = batch.nextOffset;
        if (this.#rows.size >= chunkMax) await this.#write(Math.min(position, this.#end));
        this.#plan.progress(position - this.#from, last - this.#from);
      }
    }
    await this.#write(this.#end);
    const staleKeys = [...this.#stale.entries()].map(({ key }) => key);
    return { end: this.#end, records: this.#records, staleKeys };
  }

  #read(batch: FetchedBatch): void {
    const cursor = batch.cursor();
    while (cursor.next()) {
      const { bytes, keyStart, keyEnd, valueStart, valueEnd } = cursor;
      const key = slice(bytes, Math.max(0, keyStart), Math.max(0, keyEnd));
      const hash = hashBytes(key);
      if (cursor.offset >= this.#end) {
        if (this.#stale.get(key, hash) === undefined) this.#stale.add({ key, hash });
        continue;
      }
      this.#records += 1;
      const value = valueStart < 0 ? null : slice(bytes, valueStart, valueEnd);
      const known = this.#rows.get(key, hash);
      if (known === undefined) this.#rows.add({ key, hash, value });
      else known.value = value;
    }
  }

  async #write(changelogOffset: number): Promise<void> {
    const rows = [...this.#rows.entries()].sort((a, b) => compareBytes(a.key, b.key));
    this.#rows = new ByteMap();
    await this.#plan.table.restore(
      rows.map(({ key, value }) => [key, value] as const),
      { changelogOffset, sourceOffsets: {}, streamTime: 0 },
    );
  }
}

function slice(bytes: Buffer, start: number, end: number): Buffer {
  return ownCopy(bytes.subarray(start, end), end - start);
}
