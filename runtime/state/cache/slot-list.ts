const smallest = 64;

/** A list of slots that costs nothing to fill again. */
export class SlotList {
  #slots: Int32Array = new Int32Array(smallest);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(slot: number): void {
    if (this.#length === this.#slots.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#slots);
      this.#slots = larger;
    }
    this.#slots[this.#length] = slot;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#slots[index] ?? 0;
  }

  /** What it holds, which is the caller's until the list is filled again. */
  view(): Int32Array {
    return this.#slots.subarray(0, this.#length);
  }

  /** What it holds, which is the caller's from then on; the list is empty. */
  take(): Int32Array {
    const taken = this.view();
    this.#slots = new Int32Array(smallest);
    this.#length = 0;
    return taken;
  }

  /** Keeps the slots that `keeps` gives true for. */
  filter(keeps: (slot: number) => boolean): void {
    let kept = 0;
    for (const slot of this.view()) {
      if (!keeps(slot)) continue;
      this.#slots[kept] = slot;
      kept += 1;
    }
    this.#length = kept;
  }

  clear(): void {
    this.#length = 0;
  }
}
