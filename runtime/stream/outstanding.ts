/** What was handed out at an offset. */
export interface HandedOut {
  readonly offset: number;
}

/**
 * What was handed out of one partition and is not acknowledged yet, in the order of the partition.
 * Everything before the first of these is done with.
 */
export class Outstanding<T extends HandedOut> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  get items(): readonly T[] {
    return this.#items;
  }

  find(offset: number): T | undefined {
    const item = this.#items[this.#place(offset)];
    return item?.offset === offset ? item : undefined;
  }

  /** Takes one in that is not there; offsets mostly come in order. */
  add(item: T): void {
    const place = this.#place(item.offset);
    if (place === this.#items.length) this.#items.push(item);
    else this.#items.splice(place, 0, item);
  }

  /** Gives whether it was there. */
  remove(item: T): boolean {
    const place = this.#place(item.offset);
    if (this.#items[place] !== item) return false;
    this.#items.splice(place, 1);
    return true;
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Where an offset is, or would be. */
  #place(offset: number): number {
    let from = 0;
    let to = this.#items.length;
    const last = this.#items[to - 1];
    if (last !== undefined && last.offset < offset) return to;
    while (from < to) {
      const middle = (from + to) >> 1;
      const item = this.#items[middle];
      if (item !== undefined && item.offset < offset) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
