/** Editors write in several steps; a build begins when nothing has changed for this long. */
const quietMs = 100;

/** One build at a time: after the last of several changes, and again for changes meanwhile. */
export class BuildQueue {
  readonly #build: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Rejects when a build does: that is a bug, and ends the watch. */
  readonly failure: Promise<never>;
  #fail: (cause: unknown) => void = () => undefined;

  constructor(build: () => Promise<void>) {
    this.#build = build;
    this.failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failure.catch(() => undefined);
  }

  request(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.now().catch(this.#fail);
    }, quietMs);
  }

  now(): Promise<void> {
    this.#running = this.#running.then(this.#build);
    return this.#running;
  }

  /** Waits for a build that has begun, whatever comes of it. */
  settled(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#running.catch(() => undefined);
  }
}
