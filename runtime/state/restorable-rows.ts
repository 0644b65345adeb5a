import type { Checkpoint } from "./store.ts";

/** What a restore does with a table. Keys are as the changelog has them. */
export interface RestorableRows {
  readonly checkpoint: Checkpoint | undefined;
  readonly unflushedBytes: number;
  /** Takes a record: `bytes[start, end)` replaces what there was, or deletes it where `start` is below 0. */
  restore(key: Buffer, bytes: Uint8Array, start: number, end: number): void;
  readCommitted(key: Buffer): Buffer | undefined;
  /** Writes rows as they are again: the changelog has something else behind them. */
  rewrite(keys: readonly Buffer[]): void;
  flush(checkpoint: Checkpoint): Promise<void>;
  wipe(): Promise<void>;
}
