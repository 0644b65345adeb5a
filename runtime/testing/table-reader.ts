import { StreamgenError } from "../errors.ts";
import type { ViewHandle } from "../worker/scope.ts";

/** Reads a table's rows as they are committed, wherever they are. */
export class TableReader<K, V, Found> implements ViewHandle<K, V, Found> {
  readonly #views: () => Promise<readonly ViewHandle<K, V, Found>[]>;

  /** `views` are those of the workers, each for the partitions that it has. */
  constructor(views: () => Promise<readonly ViewHandle<K, V, Found>[]>) {
    this.#views = views;
  }

  get(key: K): Promise<V | Found> {
    return this.#ask((view) => view.get(key));
  }

  has(key: K): Promise<boolean> {
    return this.#ask((view) => view.has(key));
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

  async #ask<T>(question: (view: ViewHandle<K, V, Found>) => Promise<T>): Promise<T> {
    let problem: unknown = new StreamgenError("SG8703", "no worker runs: start one by startWorker");
    for (const view of await this.#views()) {
      try {
        return await question(view);
      } catch (error) {
        if (!(error instanceof StreamgenError && error.code === "SG8014")) throw error;
        problem = error;
      }
    }
    throw problem;
  }
}
