import type { Checkpoint, Store } from "../store.ts";
import type { WriteBatch } from "../write-batch.ts";
import { WriteBatchCursor } from "../write-batch.ts";
import type { Opened } from "./messages.ts";
import { packKeys, valuesIn } from "./packed.ts";
import type { StoreThread } from "./store-thread.ts";

/** Of a scan's pages: the first is small for those who look at a few rows. */
const firstPageRows = 64;
const pageRowsMax = 2048;
const pageBytes = 512 * 1024;

/** One table partition in a database that the store thread owns. */
export class RocksdbStore implements Store {
  readonly isInMemory = false;
  readonly #thread: StoreThread;
  readonly #handle: number;
  #checkpoint: Checkpoint | undefined;

  constructor(thread: StoreThread, { handle, checkpoint }: Opened) {
    this.#thread = thread;
    this.#handle = handle;
    this.#checkpoint = checkpoint;
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
  }

  async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]> {
    if (keys.length === 0) return [];
    const packed = packKeys(keys);
    const request = { kind: "getMany", handle: this.#handle, keys: packed } as const;
    return valuesIn(await this.#thread.ask(request, [packed]));
  }

  get(key: Buffer): Buffer | undefined {
    const request = { kind: "get", handle: this.#handle, keys: packKeys([key]) } as const;
    return valuesIn(this.#thread.askNow(request))[0];
  }

  async write(batch: WriteBatch, checkpoint: Checkpoint): Promise<void> {
    const { buffer: rows, byteLength, count } = batch;
    const request = { kind: "write", handle: this.#handle, rows, byteLength, count, checkpoint };
    await this.#thread.ask({ ...request, kind: "write" }, [rows]);
    this.#checkpoint = checkpoint;
  }

  *scan(from?: Buffer, to?: Buffer): IterableIterator<readonly [Buffer, Buffer]> {
    if (to !== undefined && Buffer.compare(from ?? Buffer.alloc(0), to) >= 0) return;
    let start = new Uint8Array(from ?? []);
    const end = to === undefined ? undefined : new Uint8Array(to);
    for (let rowsMax = firstPageRows; ; ) {
      const page = { kind: "page", handle: this.#handle, from: start, to: end, rowsMax } as const;
      const { rows, isLast } = this.#thread.askNow(page);
      const cursor = new WriteBatchCursor(Buffer.from(rows));
      let last: Buffer | undefined;
      while (cursor.next()) {
        last = cursor.key();
        const value = cursor.value();
        if (value !== null) yield [last, value];
      }
      if (isLast || last === undefined) return;
      start = behind(last);
      rowsMax = nextPage(rowsMax, rows.byteLength);
    }
  }

  async discard(from: Buffer, to: Buffer): Promise<void> {
    const range = { from: new Uint8Array(from), to: new Uint8Array(to) };
    await this.#thread.ask({ kind: "discard", handle: this.#handle, ...range });
  }

  async flush(): Promise<void> {
    await this.#thread.ask({ kind: "flush", handle: this.#handle });
  }

  async wipe(): Promise<void> {
    await this.#thread.ask({ kind: "clear", handle: this.#handle });
    this.#checkpoint = undefined;
  }

  async close(): Promise<void> {
    await this.#thread.ask({ kind: "release", handle: this.#handle });
  }
}

/** The least key that is greater. */
function behind(key: Buffer): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** Rows as large as the last ones fill the next page, which grows fourfold at most. */
function nextPage(rowsMax: number, bytes: number): number {
  const fitting = Math.ceil((pageBytes * rowsMax) / Math.max(1, bytes));
  return Math.min(fitting, rowsMax * 4, pageRowsMax);
}
