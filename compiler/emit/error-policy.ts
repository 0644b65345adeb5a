import type { ErrorPolicyModel, LastStepModel } from "../model/error-policy.ts";
import { type Code, code, literal, numberLiteral, object } from "./code.ts";

/** The value of `onError`: `"skip"`, or what it takes of an object. `topicText` names a topic's constant. */
export function policyText(policy: ErrorPolicyModel, topicText: (name: string) => Code): Code {
  if (typeof policy === "string" || "deadLetter" in policy) return lastText(policy, topicText);
  return object([
    code`retries: ${numberLiteral(policy.retries)}`,
    code`firstWaitMs: ${numberLiteral(policy.firstWaitMs)}`,
    code`waitMaxMs: ${numberLiteral(policy.waitMaxMs)}`,
    code`last: ${lastText(policy.last, topicText)}`,
  ]);
}

const lastText = (last: LastStepModel, topicText: (name: string) => Code): Code =>
  typeof last === "string"
    ? literal(last)
    : object([code`deadLetter: ${topicText(last.deadLetter)}`]);
