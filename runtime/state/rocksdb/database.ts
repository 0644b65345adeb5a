/** What the store thread asks of a RocksDB binding. Keys are whole: table number and row key. */
export interface Database {
  /** The values in the order of the keys; `undefined` where there is none. */
  getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]>;
  /** Rows from `from` (inclusive) to `to` (exclusive) in key order, at most so many. */
  page(from: Buffer, to: Buffer, rowsMax: number): Promise<readonly DatabaseRow[]>;
  /** Begins a batch of about so many changes. */
  batch(changes: number): DatabaseBatch;
  /** Removes what is there from `from` (inclusive) to `to` (exclusive). Not atomic in every binding. */
  deleteRange(from: Buffer, to: Buffer): Promise<void>;
  /** Makes what was written survive a power cut. */
  flush(): Promise<void>;
  /** Waits for what was begun. */
  close(): Promise<void>;
}

export type DatabaseRow = readonly [key: Buffer, value: Buffer];

/** Changes that are made all or none. Buffers are only read, and must stay as they are until then. */
export interface DatabaseBatch {
  put(key: Buffer, value: Buffer): void;
  delete(key: Buffer): void;
  write(): Promise<void>;
}

/**
 * Opens the database in a folder, or makes one: the folder exists. `memoryBytes` is what block cache
 * and memtables may take together.
 */
export type OpenDatabase = (folder: string, memoryBytes: number) => Promise<Database>;
