import type { WriteBatch } from "./write-batch.ts";

/** Opens the stores of one worker process, and owns what they share. */
export interface StoreEngine {
  /**
   * Opens the store of a table at a partition, empty where there is none yet. One at a time for each
   * pair: it must be closed before it is opened again. Throws `damagedStore` where what is there cannot
   * be used: its bytes are damaged, or it has another format or belongs to another table.
   */
  open(table: string, partition: number): Promise<Store>;
  /** Removes a store that is not open, whatever is left of it: the next `open` finds an empty one. */
  wipe(table: string, partition: number): Promise<void>;
  /** Closes what the stores share. All of them are closed before. */
  close(): Promise<void>;
}

/** The code of a store that cannot be used: whoever gets it wipes that store and restores its table. */
export const damagedStore = "SG7010";

/**
 * Where the committed rows of one table partition live. Keys and values are bytes; keys are ordered
 * as unsigned bytes. Implementations pass one contract suite (`test/runtime/state/store-contract.ts`).
 */
export interface Store {
  /** Whether `get` costs no more than a cache would: nothing is read ahead of its use then. */
  readonly isInMemory: boolean;
  /** The values in the order of the keys; `undefined` where there is no row. They are the caller's. */
  getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]>;
  /** One value, without waiting for the event loop. It is the store's: only to be read. */
  get(key: Buffer): Buffer | undefined;
  /**
   * All of the batch together with `checkpoint`. A crash or a failure may leave some of its rows under
   * the checkpoint before, or without any in a store that is empty when it is opened again. Later batches
   * never overtake it. Its buffer belongs to the store, which may transfer it to another thread.
   */
  write(batch: WriteBatch, checkpoint: Checkpoint): Promise<void>;
  /**
   * Rows from `from` (inclusive) to `to` (exclusive) in key order; without bounds, all of them. Only
   * to be read. Batches may be written meanwhile: whether they are seen is open, but a row that none
   * of them touches is given once.
   */
  scan(from?: Buffer, to?: Buffer): IterableIterator<readonly [Buffer, Buffer]>;
  /**
   * Removes rows from `from` (inclusive) to `to` (exclusive). Batches that were written before are done
   * with first; a crash may bring rows back.
   */
  discard(from: Buffer, to: Buffer): Promise<void>;
  /** The checkpoint of the last batch written; `undefined` in an empty store. */
  readonly checkpoint: Checkpoint | undefined;
  /** Makes all written batches survive a crash. */
  flush(): Promise<void>;
  /** Removes every row and the checkpoint. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What a store contains: everything up to these offsets, and of what is committed behind them perhaps
 * some rows, where a write was cut short.
 */
export interface Checkpoint {
  /** The next changelog offset that the store has not seen. */
  readonly changelogOffset: number;
  /** The next offset of each input, by topic. */
  readonly sourceOffsets: Readonly<Record<string, number>>;
  /** The highest event time seen, in milliseconds; minus infinity before the first. */
  readonly streamTime: number;
  /**
   * When the changelog was known to hold every deletion behind `changelogOffset`, in milliseconds since
   * the epoch. Once it is older than the log keeps deletions, the store may hold rows that are gone.
   */
  readonly wallTimeMs: number;
}
