import { isLogError, logCode, logError } from "./codes.ts";

/**
 * ```
 *           begin          commit, abort answered
 * idle ─────────────▶ open ──────────────────────▶ idle
 *                      │ │    not answered
 *      a call failed   │ └──────▶ committing, aborting: only the same call again
 *                      ▼
 *                  abort only
 * ```
 */
type State = "idle" | "open" | "abortOnly" | "committing" | "aborting";

/**
 * Which calls of a producer are in order, whatever the log. They take effect one after the other, as
 * over one connection; without transactions, only those of one lane.
 */
export class ProducerCalls {
  readonly #isTransactional: boolean;
  #state: State = "idle";
  /** Whether the log knows of the open transaction. */
  #isTouched = false;
  /** Why the producer cannot be used any more. */
  #end: Error | undefined;
  /** The last call of each lane that is under way. */
  readonly #lasts = new Map<string, Promise<unknown>>();

  constructor(isTransactional: boolean) {
    this.#isTransactional = isTransactional;
  }

  begin(): void {
    if (this.#end !== undefined) throw this.#end;
    if (!this.#isTransactional) {
      throw logError(logCode.misuse, "a producer without a transactional id has no transactions");
    }
    if (this.#state !== "idle") {
      throw logError(logCode.misuse, "the last transaction has not ended yet");
    }
    this.#state = "open";
    this.#isTouched = false;
  }

  /** From now on the log has something to end. */
  touch(): void {
    this.#isTouched = true;
  }

  /** Does what belongs to the open transaction, if there are transactions. */
  inTransaction<T>(work: () => Promise<T>, lane = ""): Promise<T> {
    return this.#inOrder(this.#isTransactional ? "" : lane, async () => {
      if (this.#end !== undefined) throw this.#end;
      if (this.#isTransactional) this.#checkOpen();
      try {
        return await work();
      } catch (error) {
        this.#noteEnd(error);
        if (this.#state === "open") this.#state = "abortOnly";
        throw error;
      }
    });
  }

  /** Ends the transaction by `work`, which is left out where the log knows of none. */
  endTransaction(kind: "commit" | "abort", work: () => Promise<void>): Promise<void> {
    return this.#inOrder("", async () => {
      this.#checkEnding(kind);
      const before = this.#state;
      if (this.#isTouched) {
        this.#state = kind === "commit" ? "committing" : "aborting";
        try {
          await work();
        } catch (error) {
          this.#noteEnd(error);
          if (isLogError(error, logCode.unavailable)) this.#state = before;
          throw error;
        }
      }
      this.#state = "idle";
    });
  }

  /** Aborts what is open; after it no call is in order. */
  async close(abort: () => Promise<void>): Promise<void> {
    if (this.#end !== undefined) return;
    try {
      if (this.#state === "open" || this.#state === "abortOnly") await abort();
    } catch (error) {
      // What a fenced producer had open is aborted already.
      if (!isLogError(error, logCode.fenced, logCode.expired)) throw error;
    }
    this.#end = logError(logCode.misuse, "the producer is closed");
  }

  #checkEnding(kind: "commit" | "abort"): void {
    if (this.#end !== undefined) throw this.#end;
    const state = this.#state;
    if (state === "abortOnly" && kind === "commit") throw abortOnly();
    const isOther = state === (kind === "commit" ? "aborting" : "committing");
    if (isOther) {
      const message = `${kind} is called, but the call before it was not answered: repeat that one`;
      throw logError(logCode.misuse, message);
    }
    if (state === "idle") throw logError(logCode.misuse, "no transaction has been begun");
  }

  #checkOpen(): void {
    if (this.#state === "open") return;
    if (this.#state === "abortOnly") throw abortOnly();
    throw logError(logCode.misuse, "records and offsets are sent between begin and commit only");
  }

  #noteEnd(error: unknown): void {
    if (isLogError(error, logCode.fenced, logCode.expired)) this.#end = error;
  }

  /** Requests go out one after the other, so that a late one never overtakes. */
  #inOrder<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#lasts.get(lane) ?? Promise.resolve()).then(work);
    const last = result
      .catch(() => undefined)
      .then(() => {
        if (this.#lasts.get(lane) === last) this.#lasts.delete(lane);
      });
    this.#lasts.set(lane, last);
    return result;
  }
}

function abortOnly(): Error {
  const message = "a call of this transaction failed: it can only be aborted";
  return logError(logCode.abortOnly, message);
}
