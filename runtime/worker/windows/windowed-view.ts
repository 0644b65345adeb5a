import type { Clock } from "../../clock.ts";
import type { PartitionTable } from "../../state/partition-table.ts";
import { wholeOf } from "../../state/row-bytes.ts";
import { SeenWindows } from "../../state/windows/seen-windows.ts";
import { spanMs } from "../../state/windows/span.ts";
import { wholeTime } from "../../state/windows/window-handle.ts";
import { allRows, firstStart, windowRange } from "../../state/windows/window-key.ts";
import { type Final, WindowBytes, type WindowCodec } from "../../state/windows/window-rows.ts";
import { WindowShape } from "../../state/windows/window-shape.ts";
import type { ViewHandle, WindowedViewHandle } from "../scope.ts";
import type { StreamTime } from "./stream-time.ts";

/** The rows of one task's table, and how far its time is. */
export interface ViewedRows {
  readonly rows: PartitionTable;
  readonly time: StreamTime;
}

/** Where a view finds its rows. */
export interface ViewPort<K> {
  /** Those of the key's partition. Throws SG8014 where another worker has it. */
  holder(key: K): ViewedRows;
  /** Those of every partition that is here. */
  all(): readonly ViewedRows[];
  readonly clock: Clock;
}

/** By which time windows are chosen, in a partition with this committed stream time. */
type TimeOf = (streamTime: number) => number;

const atStreamTime: TimeOf = (streamTime) => streamTime;

/** What is committed of a windowed table. */
export class WindowedView<K, V, Found> implements WindowedViewHandle<K, V, Found> {
  readonly #shape: WindowShape;
  readonly #bytes: WindowBytes<K, V, Found>;
  readonly #port: ViewPort<K>;

  constructor(table: WindowCodec<K, V, Found>, port: ViewPort<K>) {
    this.#shape = new WindowShape(table.windows);
    this.#bytes = new WindowBytes(table);
    this.#port = port;
  }

  async get(key: K): Promise<V | Found> {
    return this.#value(await this.#find(key, atStreamTime));
  }

  async has(key: K): Promise<boolean> {
    return (await this.#find(key, atStreamTime)) !== undefined;
  }

  entries(): AsyncIterable<readonly [K, V]> {
    return this.#entries(atStreamTime);
  }

  at(time: Date | number): ViewHandle<K, V, Found> {
    const ms = wholeTime(time);
    return this.#by(() => ms);
  }

  ago(span: Parameters<WindowedViewHandle<K, V, Found>["ago"]>[0]): ViewHandle<K, V, Found> {
    const ms = spanMs(span);
    return this.#by((streamTime) => streamTime - ms);
  }

  now(): ViewHandle<K, V, Found> {
    const { clock } = this.#port;
    return this.#by(() => clock.now());
  }

  current(): ViewHandle<K, V, Found> {
    return this.#by(atStreamTime);
  }

  async *windows(key: K): AsyncIterable<Final<K, V>> {
    const { rows, time } = this.#port.holder(key);
    const oldest = () => firstStart(rows.committedRows(allRows));
    for (const start of this.#seen(time).kept(time.committed, oldest)) {
      const found = await rows.fetchCommitted(this.#bytes.key(start, key));
      if (found === undefined) continue;
      yield this.#bytes.finalOf(start, key, this.#bytes.rows.readValue(wholeOf(found)));
    }
  }

  #by(timeOf: TimeOf): ViewHandle<K, V, Found> {
    return {
      get: async (key) => this.#value(await this.#find(key, timeOf)),
      has: async (key) => (await this.#find(key, timeOf)) !== undefined,
      entries: () => this.#entries(timeOf),
    };
  }

  async #find(key: K, timeOf: TimeOf): Promise<Buffer | undefined> {
    const { rows, time } = this.#port.holder(key);
    const start = this.#seen(time).shown(timeOf(time.committed));
    return start === undefined ? undefined : rows.fetchCommitted(this.#bytes.key(start, key));
  }

  async *#entries(timeOf: TimeOf): AsyncIterable<readonly [K, V]> {
    const bytes = this.#bytes.rows;
    for (const { rows, time } of this.#port.all()) {
      const start = this.#seen(time).shown(timeOf(time.committed));
      if (start === undefined) continue;
      const found = rows.committedRows(windowRange(start));
      for (const [key, value] of found) yield [bytes.readKey(key), bytes.readValue(wholeOf(value))];
    }
  }

  #value(found: Buffer | undefined): V | Found {
    return this.#bytes.rows.found(found === undefined ? undefined : wholeOf(found));
  }

  #seen(time: StreamTime): SeenWindows {
    return new SeenWindows(this.#shape, {
      ...{ streamTime: time.committed, newest: time.newest },
    });
  }
}
