import type { Event, Stream } from "./event.ts";
import { type Flow, flow } from "./flow.ts";
import { Holds } from "./holds.ts";
import type { Pace } from "./pace.ts";

interface Handshake {
  resolve(): void;
  reject(error: unknown): void;
}

/** What a run needs of the task that it runs in. */
export interface RunTiming extends Pick<Pace, "now" | "rest"> {
  /** Calls `turn` in `ms`, when the task is free for it. */
  later(ms: number, turn: () => Promise<void>): ReturnType<Pace["alarm"]>;
}

/**
 * One run of a stream agent: the place where the driver, which has records, meets the body, which
 * asks for them.
 *
 *     idle ──deliver──▶ busy ──body asks for the next one──▶ waiting ──deliver──▶ busy …
 *                        │ └── body throws: `deliver` rejects; the run is over
 *                        └──── body returns: `deliver` resolves; the run is over
 *
 * The body starts with the first record, so that what it does before its loop belongs to a record.
 * While an operator holds records, asking for the next one acknowledges nothing: `isHolding`.
 */
export class StreamRun<
  K,
  V,
  Topic extends string,
  E extends Event<K, V, Topic> = Event<K, V, Topic>,
> {
  readonly #body: (stream: Stream<K, V, Topic, E>) => Promise<void>;
  /** What a value is taken out of its event with. */
  readonly #valueOf: (event: E) => V;
  readonly #pace: Pace;
  readonly #holds = new Holds();
  #done: Promise<void> | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  /** Delivered and not yet asked for. */
  #next: E | undefined;
  #waiting: ((result: IteratorResult<E, undefined>) => void)[] = [];
  /** The record that the body is at, or the records whose time was up. */
  #busy: Handshake | undefined;

  constructor(
    body: (stream: Stream<K, V, Topic, E>) => Promise<void>,
    timing: RunTiming,
    partOf: (event: E) => V = (event) => event.value,
  ) {
    this.#body = body;
    this.#valueOf = partOf;
    this.#pace = {
      now: timing.now,
      rest: async (ms) => (await timing.rest(ms)) && !this.#isOver,
      alarm: (ms, ring) => timing.later(ms, () => this.#goOn(ring)),
      hold: () => this.#holds.take(),
      askedAgain: () => this.#acknowledge(),
      abandon: () => this.#giveNothing(),
    };
  }

  /** Whether the body has returned or thrown, or has been told that there is no more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the body has thrown. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Whether records that were delivered are not acknowledged yet, because more are to join them. */
  get isHolding(): boolean {
    return this.#holds.isTaken;
  }

  /** The same, and the body has not been given them yet. */
  get isGathering(): boolean {
    return this.#holds.isGathering;
  }

  /**
   * Hands the body a record. Resolves when the body asks for the one after it, or returns; rejects
   * with what it throws. One at a time.
   */
  deliver(event: E): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => {
      this.#busy = { resolve, reject };
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#next = event;
      else waiting({ done: false, value: event });
      // The body has asked for the one after it already.
      if (this.#waiting.length > 0) this.#acknowledge();
      this.#done ??= this.#start();
    });
  }

  /**
   * Tells the body that there is no more, and waits until it has returned, `finally` included. Gives
   * what it threw then, as a message.
   */
  async end(): Promise<string | undefined> {
    this.#isOver = true;
    this.#giveNothing();
    await this.#done;
    return this.#failure === undefined ? undefined : String(this.#failure.error);
  }

  async #start(): Promise<void> {
    try {
      await this.#body(this.#stream());
      this.#isOver = true;
      this.#holds.drop();
      this.#acknowledge();
    } catch (error) {
      this.#isOver = true;
      this.#failure = { error };
      this.#busy?.reject(error);
      this.#busy = undefined;
    }
  }

  /** Lets the body go on with what it has, and resolves as `deliver` does. */
  #goOn(ring: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#busy = { resolve, reject };
      ring();
    });
  }

  #acknowledge(): void {
    const busy = this.#busy;
    this.#busy = undefined;
    this.#next = undefined;
    busy?.resolve();
  }

  #giveNothing(): void {
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined });
  }

  #take(): Promise<IteratorResult<E, undefined>> {
    const next = this.#next;
    if (next !== undefined) {
      this.#next = undefined;
      return Promise.resolve({ done: false, value: next });
    }
    this.#acknowledge();
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #flow<W>(part: (event: E) => W): Flow<W> {
    return flow(
      (): AsyncIterator<W, undefined> => ({
        next: async () => {
          const result = await this.#take();
          return result.done ? result : { done: false, value: part(result.value) };
        },
        return: async () => ({ done: true, value: undefined }),
      }),
      this.#pace,
    );
  }

  #stream(): Stream<K, V, Topic, E> {
    // A value that tombstones leave out is never `null` here: value triggers skip them.
    const values = this.#flow(this.#valueOf);
    return {
      [Symbol.asyncIterator]: () => values[Symbol.asyncIterator](),
      filter: values.filter.bind(values),
      map: values.map.bind(values),
      flatMap: values.flatMap.bind(values),
      take: values.take.bind(values),
      enumerate: values.enumerate.bind(values),
      rateLimit: values.rateLimit.bind(values),
      peek: values.peek.bind(values),
      events: () => this.#flow((event) => event),
      items: () => this.#flow((event) => [event.key, this.#valueOf(event)] as const),
    };
  }
}
