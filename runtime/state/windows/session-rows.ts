import type { PartitionTable } from "../partition-table.ts";
import type { SessionSpec } from "./keyed-spec.ts";
import {
  type KeyedCodec,
  type KeyedWindow,
  KeyedWindows,
  KeyedWriting,
  type RowsIn,
} from "./keyed-windows.ts";
import type { WindowSight } from "./seen-windows.ts";
import type { Final, ReadableWindows, WritableWindows } from "./window-rows.ts";

/** How the rows of a table of sessions are written. */
export interface SessionCodec<K, V, Found> extends KeyedCodec<K, V, Found> {
  readonly windows: SessionSpec<V>;
}

/**
 * Sessions of one partition. An event at `time` belongs to those of its key that it is not further from
 * than the gap; where these are several, it makes them one.
 */
export class ReadableSessions<K, V, Found> implements ReadableWindows<K, V, Found> {
  readonly keyed: KeyedWindows<K, V, Found>;
  readonly #codec: SessionCodec<K, V, Found>;
  readonly #sight: WindowSight;

  constructor(codec: SessionCodec<K, V, Found>, rowsIn: RowsIn, sight: WindowSight) {
    this.#codec = codec;
    this.keyed = new KeyedWindows(codec, rowsIn);
    this.#sight = sight;
  }

  get(time: number, key: K): V | Found {
    const shown = this.#shown(this.keyed.of(key), time);
    return shown.length === 0 ? this.#codec.missing() : this.merged(shown);
  }

  has(time: number, key: K): boolean {
    return this.#shown(this.keyed.of(key), time).length > 0;
  }

  /** What the time's sessions hold, for each key in the order of its bytes. */
  *entries(time: number): IterableIterator<[K, V]> {
    let sessions: KeyedWindow[] = [];
    for (const session of this.keyed.all()) {
      const [first] = sessions;
      if (first !== undefined && !this.keyed.isSameKey(first, session)) {
        yield* this.#entry(sessions, time);
        sessions = [];
      }
      sessions.push(session);
    }
    yield* this.#entry(sessions, time);
  }

  /** Every session that can still be read, the one that began first being the first. */
  *windows(_time: number, key: K): IterableIterator<Final<K, V>> {
    for (const session of this.keyed.of(key)) {
      if (this.#isKept(session)) yield this.keyed.final(session);
    }
  }

  *finals(): IterableIterator<Final<K, V>> {
    for (const session of this.keyed.all()) {
      if (this.#isKept(session)) yield this.keyed.final(session);
    }
  }

  /** The open sessions that an event at this time belongs to. */
  joined(sessions: Iterable<KeyedWindow>, time: number): readonly KeyedWindow[] {
    return this.#near(sessions, time).filter((session) => this.isOpen(session.end));
  }

  isOpen(end: number): boolean {
    return this.keyed.times.isOpen(end, this.#sight.streamTime);
  }

  /** The value of several sessions as one. There is at least one. */
  merged([first, ...others]: readonly KeyedWindow[]): V | Found {
    if (first === undefined) return this.#codec.missing();
    let value = this.keyed.valueOf(first);
    for (const other of others) {
      value = this.#codec.windows.merge(value, this.keyed.valueOf(other));
    }
    return value;
  }

  /** The open sessions of a time; where there is none, the closed one that began last. */
  #shown(sessions: Iterable<KeyedWindow>, time: number): readonly KeyedWindow[] {
    const near = this.#near(sessions, time);
    const open = near.filter((session) => this.isOpen(session.end));
    return open.length > 0 ? open : near.slice(-1);
  }

  #near(sessions: Iterable<KeyedWindow>, time: number): KeyedWindow[] {
    const { gapMs } = this.#codec.windows;
    return [...sessions].filter(
      (session) =>
        session.start <= time + gapMs && session.last >= time - gapMs && this.#isKept(session),
    );
  }

  #isKept({ end }: KeyedWindow): boolean {
    return this.keyed.times.isKept(end, this.#sight.streamTime);
  }

  *#entry(sessions: readonly KeyedWindow[], time: number): IterableIterator<[K, V]> {
    const [first, ...others] = this.#shown(sessions, time);
    if (first === undefined) return;
    let value = this.keyed.valueOf(first);
    for (const other of others) {
      value = this.#codec.windows.merge(value, this.keyed.valueOf(other));
    }
    yield [this.keyed.keyOf(first), value];
  }
}

/** The same, to be written: closed sessions stay as they are, and are not joined by others any more. */
export class SessionRows<K, V, Found>
  extends ReadableSessions<K, V, Found>
  implements WritableWindows<K, V, Found>
{
  readonly #writing: KeyedWriting<K, V, Found>;

  constructor(table: PartitionTable, codec: SessionCodec<K, V, Found>, sight: WindowSight) {
    super(codec, (range) => table.rows(range), sight);
    this.#writing = new KeyedWriting(table, this.keyed);
  }

  /** Makes the sessions that the time belongs to one, with this value. */
  set(time: number, key: K, value: V): void {
    this.update(time, key, () => value);
  }

  /** Deletes the open sessions that the time belongs to. */
  delete(time: number, key: K): void {
    for (const session of this.joined(this.keyed.of(key), time)) this.#writing.remove(session);
  }

  /**
   * Makes the sessions that the time belongs to one, and changes what it holds. Gives the value; where
   * such a session is closed, nothing is written.
   */
  update(time: number, key: K, change: (value: V | Found) => V): V {
    const joined = this.joined(this.keyed.of(key), time);
    const [first, ...others] = joined;
    if (first === undefined && !this.isOpen(time + 1)) return change(this.get(time, key));
    const row = this.keyed.rowOf(key, Math.min(time, first?.start ?? time));
    const last = Math.max(time, ...joined.map((session) => session.last));
    const value = change(this.merged(joined));
    const isMoved = first !== undefined && !first.row.equals(row);
    for (const session of isMoved ? joined : others) this.#writing.remove(session);
    this.#writing.put(row, last, value, isMoved ? undefined : first);
    return value;
  }
}
