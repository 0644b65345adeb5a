import type { SetViewHandle } from "../worker/scope.ts";
import { askAny, type ViewsOf } from "./ask-any.ts";

/** Reads a table of sets as it is committed, wherever its elements are. */
export class SetReader<K, E> {
  readonly #views: ViewsOf<SetViewHandle<K, E>>;

  constructor(views: ViewsOf<SetViewHandle<K, E>>) {
    this.#views = views;
  }

  has(key: K, element: E): Promise<boolean> {
    return askAny(this.#views, (view) => view.has(key, element));
  }

  /** In the order of the elements' bytes. */
  elements(key: K): Promise<E[]> {
    return askAny(this.#views, async (view) => {
      const found: E[] = [];
      for await (const element of view.elements(key)) found.push(element);
      return found;
    });
  }
}
