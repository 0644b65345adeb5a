import type { PartitionTable } from "../../state/partition-table.ts";
import type { RestorableRows } from "../../state/restorable-rows.ts";
import type { Checkpoint } from "../../state/store.ts";
import { rowOf } from "../../state/tended/layout.ts";
import { entryOf, isKeyedMark, startOfRow } from "../../state/windows/keyed-key.ts";
import type { SessionSpec, SlidingSpec } from "../../state/windows/keyed-spec.ts";
import { KeyedTimes } from "../../state/windows/keyed-times.ts";
import { timeAt } from "../../state/windows/window-key.ts";

const noBytes = Buffer.alloc(0);

/**
 * A table of sessions or sliding windows as its changelog has it: rows only. The entries that find them by
 * their ends are made of what is restored; those of a row's former ends stay, and find nothing.
 */
export class KeyedRestore implements RestorableRows {
  readonly #table: PartitionTable;
  readonly #times: KeyedTimes;

  constructor(table: PartitionTable, windows: SlidingSpec | SessionSpec<unknown>) {
    this.#table = table;
    this.#times = new KeyedTimes(windows);
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#table.checkpoint;
  }

  get unflushedBytes(): number {
    return this.#table.unflushedBytes;
  }

  restore(key: Buffer, bytes: Uint8Array, start: number, end: number): void {
    const row = rowOf(key);
    this.#table.restore(row, bytes, start, end);
    if (start < 0 || isKeyedMark(row)) return;
    const stamp = timeAt(Buffer.from(bytes.subarray(start, end)), 0);
    this.#table.restore(entryOf(row, this.#times.endOf(startOfRow(row), stamp)), noBytes, 0, 0);
  }

  readCommitted(key: Buffer): Buffer | undefined {
    return this.#table.readCommitted(rowOf(key));
  }

  rewrite(keys: readonly Buffer[]): void {
    this.#table.rewrite(keys.map(rowOf));
  }

  flush(checkpoint: Checkpoint): Promise<void> {
    return this.#table.flush(checkpoint);
  }

  wipe(): Promise<void> {
    return this.#table.wipe();
  }
}
