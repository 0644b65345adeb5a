import type { Final } from "../state/windows/window-rows.ts";
import type { WindowedViewHandle } from "../worker/scope.ts";
import { askAny, type ViewsOf } from "./ask-any.ts";
import { TableReader } from "./table-reader.ts";

/**
 * Reads a windowed table as it is committed, wherever its rows are: the window at the stream time of
 * each partition, and others.
 */
export class WindowReader<K, V, Found> extends TableReader<K, V, Found> {
  readonly #windowed: ViewsOf<WindowedViewHandle<K, V, Found>>;

  constructor(views: ViewsOf<WindowedViewHandle<K, V, Found>>) {
    super(views);
    this.#windowed = views;
  }

  /** The window that holds a time: of several, the open one that ends first. */
  at(time: Date | number): TableReader<K, V, Found> {
    return new TableReader(async () => (await this.#windowed()).map((view) => view.at(time)));
  }

  /** The key's value in each window that can still be read, the oldest first. */
  windows(key: K): Promise<Final<K, V>[]> {
    return askAny(this.#windowed, async (view) => {
      const found: Final<K, V>[] = [];
      for await (const one of view.windows(key)) found.push(one);
      return found;
    });
  }
}
