/** Lets others wait until something may have changed. */
export class Pulse {
  #beats = 0;
  #waiting: (() => void)[] = [];

  /** Give it to `after`: nothing between the two is missed. */
  get beats(): number {
    return this.#beats;
  }

  beat(): void {
    this.#beats += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves as soon as there are more beats than this. */
  after(beats: number): Promise<void> {
    if (this.#beats > beats) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
