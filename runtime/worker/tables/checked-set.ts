import type { SetHandle } from "../../state/set-handle.ts";
import type { SetTableSpec } from "../spec.ts";
import { KeyOwner, type RowsPlace } from "./key-owner.ts";

/** A set table that is used by keys which the compiler could not prove to be the stream's. */
export class CheckedSet<K, E> implements SetHandle<K, E> {
  readonly #sets: SetHandle<K, E>;
  readonly #owner: KeyOwner<K>;

  constructor(sets: SetHandle<K, E>, spec: SetTableSpec<K, E>, place: RowsPlace) {
    this.#sets = sets;
    this.#owner = new KeyOwner(spec, place);
  }

  has(key: K, element: E): boolean {
    this.#owner.check(key);
    return this.#sets.has(key, element);
  }

  elements(key: K): IterableIterator<E> {
    this.#owner.check(key);
    return this.#sets.elements(key);
  }

  size(key: K): number {
    this.#owner.check(key);
    return this.#sets.size(key);
  }

  add(key: K, element: E): boolean {
    this.#owner.check(key);
    return this.#sets.add(key, element);
  }

  delete(key: K, element: E): boolean {
    this.#owner.check(key);
    return this.#sets.delete(key, element);
  }

  clear(key: K): void {
    this.#owner.check(key);
    this.#sets.clear(key);
  }
}
