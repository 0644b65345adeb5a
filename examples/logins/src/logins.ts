import type { Each, Hopping, Int, To, Topic, WindowedTable } from "streamgen";

/** Somebody tried to log in. */
export interface Attempt {
  address: string;
  user: string;
  succeeded: boolean;
  at: Date;
}

export interface Alert {
  address: string;
  failures: Int;
}

export type Attempts = Topic<
  "attempts",
  { value: Attempt; keyBy: "address"; time: "at"; partitions: 4; external: true }
>;
export type Alerts = Topic<"login-alerts", { value: Alert; keyBy: "address" }>;

/** Failed attempts of an address in the last five minutes. */
export type Failures = WindowedTable<
  "failures",
  { key: string; value: Int; default: 0; window: Hopping<"5m", "1m">; grace: "30s" }
>;

/** Raises an alert at the fifth failure within five minutes. */
export function guard(attempt: Each<Attempts>, failures: Failures): To<Alerts> | undefined {
  if (attempt.succeeded) return undefined;
  const count = failures.update(attempt.address, (n) => n + 1);
  return count === 5 ? { address: attempt.address, failures: count } : undefined;
}
