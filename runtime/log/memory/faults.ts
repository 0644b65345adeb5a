/** The calls of a log that can fail. */
export type CallKind =
  | "createTopics"
  | "describeTopics"
  | "offsets"
  | "deleteRecords"
  | "join"
  | "producer"
  | "poll"
  | "committed"
  | "commitOffsets"
  | "holds"
  | "leave"
  | "send"
  | "sendOffsets"
  | "commit"
  | "abort";

/** One call of one client. */
export interface LogCall {
  readonly kind: CallKind;
  readonly client: string;
  /** Counts all calls of the log from 0, so that a test can go through them one by one. */
  readonly number: number;
}

/**
 * What happens to a call.
 *
 * - `refuse`: it takes no effect, and throws SG6012.
 * - `lose`: it takes effect, but its answer is lost: it throws SG6011. A `poll` is refused instead.
 * - `repeat`: the request of a producer arrives twice, as after a retry by the client.
 * - `crash`: the client is gone before the call takes effect; no call of it ever ends.
 * - `crashAfter`: the same, once it has taken effect.
 * - `hold`: it waits for `until` before it takes effect; `holdAnswer`: after it.
 */
export type Fault =
  | "refuse"
  | "lose"
  | "repeat"
  | "crash"
  | "crashAfter"
  | { readonly kind: "hold" | "holdAnswer"; readonly until: Promise<void> };

/** A call that waits. */
export interface HeldCall {
  /** Resolves when the call has come. */
  readonly reached: Promise<void>;
  release(): void;
}

/** The seam through which tests make calls go wrong. */
export class Faults {
  /** Asked for every call; `undefined` lets it pass. Calls that `next` or `hold` took are not asked. */
  decide: ((call: LogCall) => Fault | undefined) | undefined;
  readonly #nextByKind = new Map<CallKind, (() => Fault)[]>();
  #calls = 0;

  /** The number that the next call will have. */
  get calls(): number {
    return this.#calls;
  }

  /** Makes the next call of a kind go wrong; said twice, the next two. */
  next(kind: CallKind, fault: Fault): void {
    this.#queue(kind, () => fault);
  }

  /** Makes the next call of a kind wait, before it takes effect or with its answer. */
  hold(kind: CallKind, what: "call" | "answer" = "call"): HeldCall {
    let release = (): void => undefined;
    let arrive = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    this.#queue(kind, () => {
      arrive();
      return { kind: what === "call" ? "hold" : "holdAnswer", until };
    });
    return { reached, release };
  }

  /** What happens to a call that a client makes now. */
  take(kind: CallKind, client: string): Fault | undefined {
    const call = { kind, client, number: this.#calls++ };
    const next = this.#nextByKind.get(kind)?.shift();
    return next === undefined ? this.decide?.(call) : next();
  }

  #queue(kind: CallKind, fault: () => Fault): void {
    const queue = this.#nextByKind.get(kind) ?? [];
    queue.push(fault);
    this.#nextByKind.set(kind, queue);
  }
}
