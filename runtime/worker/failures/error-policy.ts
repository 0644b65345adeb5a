import { StreamgenError } from "../../errors.ts";
import type { TopicDeclaration } from "../spec.ts";

/** What happens to a record that cannot be decoded, or whose function throws. */
export type ErrorPolicy = LastStep | Retrying<LastStep>;

/** The same of a timer: its ticks are no records that a topic could get. */
export type TickPolicy = "stop" | "skip" | Retrying<"stop" | "skip">;

/** What happens where nothing is tried again. */
export type LastStep =
  | "stop"
  | "skip"
  /** The record goes to this topic as bytes, with the reason in its headers. */
  | { readonly deadLetter: TopicDeclaration };

/** The function is called again, with its work undone. */
export interface Retrying<Last> {
  /** How often, beside the first call. */
  readonly retries: number;
  /** The waits before: they double, from about the first to the longest. */
  readonly firstWaitMs: number;
  readonly waitMaxMs: number;
  /** What happens when no call has helped. */
  readonly last: Last;
}

/** The function has said that it is of no use to call it again, by `reject`, or by `nack` for too long. */
const finalCodes: ReadonlySet<string> = new Set(["SG8023", "SG8405"]);

/** What happens in the end. */
export function lastStep<Last>(policy: Last | Retrying<Last>): Last {
  return isRetrying(policy) ? policy.last : policy;
}

/** The declared name of the topic that gets the record in the end; `undefined` where none does. */
export function deadLetterTopic(policy: ErrorPolicy): string | undefined {
  const last = lastStep<LastStep>(policy);
  return typeof last === "string" ? undefined : last.deadLetter.name;
}

/** How often the function is called again after this error. */
export function retriesAfter<Last>(policy: Last | Retrying<Last>, error: unknown): number {
  if (!isRetrying(policy)) return 0;
  return error instanceof StreamgenError && finalCodes.has(error.code) ? 0 : policy.retries;
}

/**
 * How long to wait before a call, the first one being 1: anywhere between one doubling and the next, so
 * that tasks which failed together do not try together. `random` gives 0 up to 1.
 */
export function waitBefore<Last>(
  policy: Last | Retrying<Last>,
  retry: number,
  random: () => number,
): number {
  if (!isRetrying(policy)) return 0;
  const { firstWaitMs, waitMaxMs } = policy;
  const most = Math.min(waitMaxMs, firstWaitMs * 2 ** retry);
  const least = Math.max(firstWaitMs, most / 2);
  return Math.round(least + random() * (most - least));
}

function isRetrying<Last>(policy: Last | Retrying<Last>): policy is Retrying<Last> {
  return typeof policy === "object" && policy !== null && "retries" in policy;
}
