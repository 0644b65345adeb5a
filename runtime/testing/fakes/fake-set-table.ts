import type { SetHandle } from "../../state/set-handle.ts";
import { compareKeys, keyText } from "./key-order.ts";

/** A table of sets, by the method that names its types. */
export interface AnySetTable {
  add(key: never, element: never): boolean;
}
type Adding<T> = T extends { add(key: infer K, element: infer E): boolean }
  ? { readonly key: K; readonly element: E }
  : never;

/** A table of sets in memory. `rows` are the elements that its keys have. */
export function setTable<T extends AnySetTable>(
  rows: Iterable<readonly [Adding<T>["key"], Iterable<Adding<T>["element"]>]> = [],
): FakeSetTable<Adding<T>["key"], Adding<T>["element"]> {
  return new FakeSetTable(rows);
}

interface Elements<K, E> {
  readonly key: K;
  readonly byText: Map<string, E>;
}

export class FakeSetTable<K, E> implements SetHandle<K, E> {
  readonly #sets = new Map<string, Elements<K, E>>();

  constructor(rows: Iterable<readonly [K, Iterable<E>]>) {
    for (const [key, elements] of rows) for (const element of elements) this.add(key, element);
  }

  /** The elements of each key that has any, for assertions. */
  get rows(): Map<K, E[]> {
    const sorted = [...this.#sets.values()].sort((one, other) => compareKeys(one.key, other.key));
    return new Map(sorted.map(({ key }) => [key, [...this.elements(key)]]));
  }

  has(key: K, element: E): boolean {
    return this.#sets.get(keyText(key))?.byText.has(keyText(element)) ?? false;
  }

  *elements(key: K): IterableIterator<E> {
    const found = this.#sets.get(keyText(key))?.byText.values() ?? [];
    for (const element of [...found].sort(compareKeys)) yield structuredClone(element);
  }

  size(key: K): number {
    return this.#sets.get(keyText(key))?.byText.size ?? 0;
  }

  add(key: K, element: E): boolean {
    if (this.has(key, element)) return false;
    const set = this.#sets.get(keyText(key)) ?? { key, byText: new Map<string, E>() };
    set.byText.set(keyText(element), structuredClone(element));
    this.#sets.set(keyText(key), set);
    return true;
  }

  delete(key: K, element: E): boolean {
    const set = this.#sets.get(keyText(key));
    const wasThere = set?.byText.delete(keyText(element)) ?? false;
    if (set?.byText.size === 0) this.clear(key);
    return wasThere;
  }

  clear(key: K): void {
    this.#sets.delete(keyText(key));
  }
}
