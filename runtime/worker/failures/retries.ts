import type { StreamgenError } from "../../errors.ts";
import type { WorkerCore } from "../worker-core.ts";
import { type Retrying, retriesAfter, waitBefore } from "./error-policy.ts";
import { isGivenUp } from "./retry-wait.ts";

/** What is tried again. */
export interface Attempt {
  /** Calls the user's function once more; throws, or rejects, as it does. */
  again(): unknown;
  /** Is told of each error before the next call, and gives it with its place. */
  failed(error: unknown): StreamgenError;
}

/** What is left after the last call. */
export interface GivenUp<Failure = unknown> {
  readonly error: Failure;
  /** How often the function was called. */
  readonly attempts: number;
}

/** Whether the function is called again after its first error. */
export const isWorthRetrying = (policy: unknown, error: unknown): boolean =>
  retriesAfter(policy, error) > 0;

/**
 * Calls what has failed again, until it succeeds, or no call is left. Its work is undone already; what
 * others have done for the same record is set aside while it waits. Rejects where nobody waits any more.
 */
export async function retry<Last>(
  core: WorkerCore,
  policy: Last | Retrying<Last>,
  attempt: Attempt,
  first: unknown,
): Promise<GivenUp | undefined> {
  const { services, undo } = core;
  let error = first;
  let attempts = 1;
  for (; attempts <= retriesAfter(policy, error); attempts += 1) {
    const waitMs = waitBefore(policy, attempts, services.random);
    tellRetry(core, attempt.failed(error), { retry: attempts, waitMs });
    await core.pause(waitMs);
    const mark = undo.mark();
    try {
      await attempt.again();
      return undefined;
    } catch (cause) {
      if (isGivenUp(cause)) throw cause;
      error = cause;
      undo.rollback(mark);
    }
  }
  return { error, attempts };
}

function tellRetry(
  { services: { logger, signals } }: WorkerCore,
  error: StreamgenError,
  more: { readonly retry: number; readonly waitMs: number },
): void {
  signals.count("retries");
  signals.emit("retrying", { error, ...more });
  const { code, message: reason, place } = error;
  logger.warn("a call has failed and is made again", { code, reason, ...place, ...more });
}
