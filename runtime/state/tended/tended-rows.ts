import type { PartitionTable } from "../partition-table.ts";
import type { RestorableRows } from "../restorable-rows.ts";
import { RowBytes, wholeOf } from "../row-bytes.ts";
import type { Checkpoint } from "../store.ts";
import { Entries } from "./entries.ts";
import { rowOf } from "./layout.ts";
import { storedCodec, type TendedCodec } from "./tended-codec.ts";

const noBytes = Buffer.alloc(0);

/** A tended table as its changelog has it: rows only. Entries are made of what is restored. */
export class TendedRows<K, V, Found> implements RestorableRows {
  readonly #table: PartitionTable;
  readonly #bytes: RowBytes<K, V, Found>;
  readonly #entries: Entries<V>;

  constructor(table: PartitionTable, codec: TendedCodec<K, V, Found>) {
    this.#table = table;
    this.#bytes = new RowBytes(storedCodec(codec));
    this.#entries = new Entries(codec.name, codec.indexes ?? {});
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
    if (start < 0) return;
    // Entries of the row's former values stay: to find them, it would have to be read.
    const value = this.#bytes.readValue(wholeOf(Buffer.from(bytes.subarray(start, end))));
    for (const entry of this.#entries.of(row, value)) this.#table.restore(entry, noBytes, 0, 0);
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
