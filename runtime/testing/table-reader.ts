import type { ViewHandle } from "../worker/scope.ts";
import { askAny, type ViewsOf } from "./ask-any.ts";

/** Reads a table's rows as they are committed, wherever they are. */
export class TableReader<K, V, Found> implements ViewHandle<K, V, Found> {
  readonly #views: ViewsOf<ViewHandle<K, V, Found>>;

  constructor(views: ViewsOf<ViewHandle<K, V, Found>>) {
    this.#views = views;
  }

  get(key: K): Promise<V | Found> {
    return askAny(this.#views, (view) => view.get(key));
  }

  has(key: K): Promise<boolean> {
    return askAny(this.#views, (view) => view.has(key));
  }

  /** In no order between partitions. */
  async *entries(): AsyncGenerator<readonly [K, V], void, undefined> {
    for (const view of await this.#views()) yield* view.entries();
  }

  /** All rows, to be compared in one go. */
  async rows(): Promise<Map<K, V>> {
    const rows = new Map<K, V>();
    for await (const [key, value] of this.entries()) rows.set(key, value);
    return rows;
  }
}
