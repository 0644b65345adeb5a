import { readKeyedWindows } from "../../state/windows/open-windows.ts";
import { spanMs } from "../../state/windows/span.ts";
import { wholeTime } from "../../state/windows/window-handle.ts";
import type { Final, ReadableWindows } from "../../state/windows/window-rows.ts";
import type { ViewHandle, WindowedViewHandle } from "../scope.ts";
import type { WindowedTableSpec } from "../spec.ts";
import type { ViewedRows, ViewPort } from "./windowed-view.ts";

/** By which time windows are chosen, in a partition with this committed stream time. */
type TimeOf = (streamTime: number) => number;

const atStreamTime: TimeOf = (streamTime) => streamTime;

/** What is committed of a table of sessions or sliding windows. */
export class KeyedView<K, V, Found> implements WindowedViewHandle<K, V, Found> {
  readonly #table: WindowedTableSpec<K, V, Found>;
  readonly #port: ViewPort<K>;

  constructor(table: WindowedTableSpec<K, V, Found>, port: ViewPort<K>) {
    this.#table = table;
    this.#port = port;
  }

  get(key: K): Promise<V | Found> {
    return this.current().get(key);
  }

  has(key: K): Promise<boolean> {
    return this.current().has(key);
  }

  entries(): AsyncIterable<readonly [K, V]> {
    return this.current().entries();
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
    const viewed = this.#port.holder(key);
    yield* this.#read(viewed)?.windows(viewed.time.committed, key) ?? [];
  }

  #by(timeOf: TimeOf): ViewHandle<K, V, Found> {
    const read = (viewed: ViewedRows) => this.#read(viewed);
    const { all, holder } = this.#port;
    const { missing } = this.#table;
    return {
      async get(key) {
        const viewed = holder(key);
        return read(viewed)?.get(timeOf(viewed.time.committed), key) ?? missing();
      },
      async has(key) {
        const viewed = holder(key);
        return read(viewed)?.has(timeOf(viewed.time.committed), key) === true;
      },
      async *entries() {
        for (const viewed of all()) {
          yield* read(viewed)?.entries(timeOf(viewed.time.committed)) ?? [];
        }
      },
    };
  }

  #read({ rows, time }: ViewedRows): ReadableWindows<K, V, Found> | undefined {
    const sight = { streamTime: time.committed, newest: time.newest };
    return readKeyedWindows(this.#table, (range) => rows.committedRows(range), sight);
  }
}
