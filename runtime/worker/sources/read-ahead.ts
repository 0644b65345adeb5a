import type { KeyCodec } from "../../codec/key.ts";
import { Reader } from "../../codec/reader.ts";
import type { FetchedBatch } from "../../log/log.ts";
import type { PartitionTable } from "../../state/partition-table.ts";
import { RowBytes } from "../../state/row-bytes.ts";
import { storedCodec } from "../../state/tended/tended-codec.ts";
import { isFixed } from "../../state/windows/keyed-spec.ts";
import { WindowBytes } from "../../state/windows/window-rows.ts";
import { WindowShape } from "../../state/windows/window-shape.ts";
import type { SourceSpec, TableSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";

/** Records whose rows are read with one call; the next ones are under way meanwhile. */
const windowMax = 1000;

/** What is read ahead of a topic's records: rows of these tables under the records' own keys. */
export function makeReadAhead<K, V, Topic extends string, Gone>(
  { topic, agents }: SourceSpec<K, V, Topic, Gone>,
  task: TaskCore,
): ReadAhead | undefined {
  const tables = new Set(agents.flatMap(({ ownRows = [] }) => ownRows));
  const wanted: WantedRows<K>[] = [];
  for (const table of tables) {
    const rows = task.rowsOf(table.name);
    if (rows.isOnDisk) wanted.push(new WantedRows(rows, keysOf(table)));
  }
  return wanted.length === 0 ? undefined : new KeyedReadAhead(topic.key, wanted);
}

/** Reads the rows that records are about to use, so that agents do not wait for them one by one. */
export interface ReadAhead {
  /**
   * What to wait for before the record at `offset` is handled; `undefined`: nothing. Offsets of one
   * batch only grow. What it gives never rejects: a row that is not there is read when it is used.
   */
  wait(batch: FetchedBatch, offset: number): Promise<void> | undefined;
  /** The bytes of the batch have moved: it is given anew. */
  forget(): void;
}

/** Walks a batch ahead of its records, a window at a time. */
class KeyedReadAhead<K> implements ReadAhead {
  readonly #codec: KeyCodec<K>;
  readonly #wanted: readonly WantedRows<K>[];
  readonly #reader = new Reader();
  #batch: FetchedBatch | undefined;
  #cursor: ReturnType<FetchedBatch["cursor"]> | undefined;
  /** Records before this offset have their rows. */
  #readyUntil = 0;
  #pending: Promise<void> | undefined;

  constructor(codec: KeyCodec<K>, wanted: readonly WantedRows<K>[]) {
    this.#codec = codec;
    this.#wanted = wanted;
  }

  wait(batch: FetchedBatch, offset: number): Promise<void> | undefined {
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#cursor = batch.cursor();
      this.#readyUntil = offset;
      this.#pending = undefined;
    }
    if (offset >= this.#readyUntil) this.#pending ??= this.#read(batch);
    return offset < this.#readyUntil ? undefined : this.#pending;
  }

  forget(): void {
    this.#batch = undefined;
    this.#cursor = undefined;
  }

  /** Reads the rows of the next window; gives nothing where all of them are in memory. */
  #read(batch: FetchedBatch): Promise<void> | undefined {
    const until = this.#want();
    const reading = this.#wanted.flatMap((wanted) => wanted.read() ?? []);
    if (reading.length === 0) {
      this.#readyUntil = until;
      return undefined;
    }
    return Promise.allSettled(reading).then(() => {
      if (this.#batch !== batch) return;
      this.#readyUntil = until;
      this.#pending = until === Number.POSITIVE_INFINITY ? undefined : this.#read(batch);
    });
  }

  /** Takes the keys of the next window, and gives the offset where it ends. */
  #want(): number {
    const cursor = this.#cursor;
    const from = this.#readyUntil;
    for (let count = 0; cursor?.next() === true; ) {
      if (cursor.offset < from || cursor.keyStart < 0) continue;
      try {
        this.#reader.reset(cursor.bytes, cursor.keyStart, cursor.keyEnd);
        const key = this.#codec.read(this.#reader);
        for (const wanted of this.#wanted) wanted.add(key, cursor.timestamp);
      } catch {
        // A key that cannot be read is told of when its record's turn comes.
      }
      count += 1;
      if (count === windowMax) return cursor.offset + 1;
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** The keys of the rows that a record uses, one after the other: each is a view that the next one changes. */
type RowKeys<K> = (key: K, timestamp: number) => Iterable<Buffer>;

/** Of more windows than that, the first ones are read ahead. */
const aheadMax = 16;

function keysOf<K>(table: TableSpec<K, unknown, unknown>): RowKeys<K> {
  const { windows } = table;
  if (windows === undefined) {
    const bytes = new RowBytes(storedCodec(table));
    return (key) => [bytes.key(key)];
  }
  // Which windows of its own a key has, its rows say.
  if (!isFixed(windows)) return () => [];
  const bytes = new WindowBytes({ ...table, windows });
  const shape = new WindowShape(windows);
  // The record's own timestamp is most likely its event time, too: where it is not, nothing is lost.
  return function* (key, timestamp) {
    let start = shape.first(timestamp);
    for (let count = 0; count < aheadMax && start <= timestamp; count += 1) {
      yield bytes.key(start, key);
      start += shape.advanceMs;
    }
  };
}

/** The keys of one table that are wanted and not in memory, each once. */
class WantedRows<K> {
  readonly #rows: PartitionTable;
  readonly #keysOf: RowKeys<K>;
  readonly #known = new Set<string>();
  #keys: Buffer[] = [];

  constructor(rows: PartitionTable, keysOf: RowKeys<K>) {
    this.#rows = rows;
    this.#keysOf = keysOf;
  }

  add(key: K, timestamp: number): void {
    for (const bytes of this.#keysOf(key, timestamp)) this.#add(bytes);
  }

  #add(bytes: Buffer): void {
    if (!this.#rows.isMissing(bytes)) return;
    const text = bytes.toString("latin1");
    if (this.#known.has(text)) return;
    this.#known.add(text);
    this.#keys.push(Buffer.from(bytes));
  }

  /** Reads what is wanted; gives nothing where nothing is. */
  read(): Promise<void> | undefined {
    const keys = this.#keys;
    if (keys.length === 0) return undefined;
    this.#keys = [];
    this.#known.clear();
    return this.#rows.readAhead(keys);
  }
}
