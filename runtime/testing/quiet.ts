import type { ManualClock } from "../clock.ts";
import { StreamgenError } from "../errors.ts";

/** One turn of the event loop: every promise that can go on by itself has done so. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** So many turns without a change mean that nothing goes on by itself. */
const stillTurns = 5;
/** Turns of the event loop before real time is waited for. */
const quickTurns = 200;
const pauseMs = 5;

/** Lets everything go on until `mark`, which sums up what has happened, stays the same. */
export async function untilStill(mark: () => string): Promise<void> {
  let last = mark();
  for (let same = 0; same < stillTurns; ) {
    await turn();
    const next = mark();
    same = next === last ? same + 1 : 0;
    last = next;
  }
}

/** What is waited for, and how it may be seen to go on. */
export interface Wait {
  readonly clock: ManualClock;
  /** Sums up what has happened. */
  readonly mark: () => string;
  /** For the error. */
  readonly what: string;
  /** Real time that may pass without anything going on. */
  readonly patienceMs: number;
}

/**
 * Waits for a promise without turning the clock. Agents may be busy outside the process, so that real
 * time may have to pass; nothing depends on how much. Throws SG8701 where nothing goes on any more.
 */
export async function patiently<T>(promise: Promise<T>, wait: Wait): Promise<T> {
  let isDone = false;
  const done = (): void => {
    isDone = true;
  };
  promise.then(done, done);
  for (let turns = 0; !isDone && turns < quickTurns; turns += 1) await turn();
  let last = wait.mark();
  for (let waited = 0; !isDone && waited < wait.patienceMs; waited += pauseMs) {
    await pause();
    const next = wait.mark();
    if (next !== last) waited = 0;
    last = next;
  }
  if (!isDone) throw stuck(wait);
  return promise;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pauseMs);
  });
}

function stuck({ clock, what }: Wait): StreamgenError {
  const { nextDue } = clock;
  const next =
    nextDue === undefined
      ? "a function has not returned"
      : `a function has not returned, or something waits for the clock, whose next task is due in ` +
        `${nextDue - clock.now()} ms: turn it by advance`;
  return new StreamgenError("SG8701", `${what} is not there yet: ${next}`);
}
