/**
 * Where the committed rows of one table partition live. Keys and values are bytes; keys are ordered
 * as unsigned bytes. Implementations pass one contract suite (`test/runtime/state/store-contract.ts`).
 */
export interface Store {
  /** The values in the order of the keys; `undefined` where there is no row. They are the caller's. */
  getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]>;
  /** One value, without waiting for the event loop. It is the store's: only to be read. */
  get(key: Buffer): Buffer | undefined;
  /**
   * All of the batch or nothing, together with `checkpoint`. Later batches never overtake it. Its
   * bytes belong to the store from then on.
   */
  write(batch: WriteBatch, checkpoint: Checkpoint): Promise<void>;
  /**
   * Rows from `from` (inclusive) to `to` (exclusive) in key order; without bounds, all of them. Only
   * to be read. Batches may be written meanwhile: whether they are seen is open, but a row that none
   * of them touches is given once.
   */
  scan(from?: Buffer, to?: Buffer): IterableIterator<readonly [Buffer, Buffer]>;
  /** The checkpoint of the last batch written; `undefined` in an empty store. */
  readonly checkpoint: Checkpoint | undefined;
  /** Makes all written batches survive a crash. */
  flush(): Promise<void>;
  /** Removes every row and the checkpoint. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/** Rows to write, sorted by key, each key once; a `null` value deletes. */
export type WriteBatch = readonly (readonly [key: Buffer, value: Buffer | null])[];

/** What a store contains: everything up to these offsets, exactly. */
export interface Checkpoint {
  /** The next changelog offset that the store has not seen. */
  readonly changelogOffset: number;
  /** The next offset of each input, by topic. */
  readonly sourceOffsets: Readonly<Record<string, number>>;
  /** The highest event time seen, in milliseconds. */
  readonly streamTime: number;
}
