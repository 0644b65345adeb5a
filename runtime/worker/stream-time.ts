/** The highest event time that a task has seen, in milliseconds: as of now and of its commits. */
export class StreamTime {
  #now = 0;
  #sealed = 0;
  #committed = 0;

  /** As of the commit that was begun last. */
  get sealed(): number {
    return this.#sealed;
  }

  /** As of the last commit. */
  get committed(): number {
    return this.#committed;
  }

  begin(timeMs: number): void {
    this.#now = timeMs;
    this.#sealed = timeMs;
    this.#committed = timeMs;
  }

  see(timeMs: number): void {
    if (timeMs > this.#now) this.#now = timeMs;
  }

  seal(): void {
    this.#sealed = this.#now;
  }

  acknowledge(): void {
    this.#committed = this.#sealed;
  }

  rewind(): void {
    this.begin(this.#committed);
  }
}
