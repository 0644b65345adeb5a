/** What happens to a record that cannot be read, or whose function throws. */
export type ErrorPolicyModel = LastStepModel | RetryModel;

export type LastStepModel = "stop" | "skip" | DeadLetterModel;

/** The name of the topic that gets the record. */
export interface DeadLetterModel {
  readonly deadLetter: string;
}

export interface RetryModel {
  /** Calls beside the first one. */
  readonly retries: number;
  /** The waits before them. */
  readonly firstWaitMs: number;
  readonly waitMaxMs: number;
  readonly last: LastStepModel;
}

/** What happens when nothing is tried again. */
export const lastStepOf = (policy: ErrorPolicyModel): LastStepModel =>
  typeof policy === "object" && "last" in policy ? policy.last : policy;

/** The name of the topic that gets the records which are given up; `undefined` where none does. */
export function deadLetterOf(policy: ErrorPolicyModel): string | undefined {
  const last = lastStepOf(policy);
  return typeof last === "object" ? last.deadLetter : undefined;
}
