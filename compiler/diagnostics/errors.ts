/** SG33: what happens to records that fail. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3301: `onError` in a form that means nothing. */
export const badErrorPolicy = (
  policy: { readonly text: string; readonly agent: string; readonly isOfRecords: boolean },
  span: Span,
): Diagnostic => {
  const last = policy.isOfRecords ? '"stop", "skip" or DeadLetter<T>' : '"stop" or "skip"';
  return error({
    code: "SG3301",
    span,
    message: `"onError" of ${policy.agent} is ${policy.text}, which says no order of steps`,
    fix: `write ${last}, or one of these behind a Retry: [Retry<3, "100ms..10s">, "skip"]`,
  });
};

/** SG3302: a number of retries that is none. */
export const badRetryCount = (agent: string, max: number, span: Span): Diagnostic =>
  error({
    code: "SG3302",
    span,
    message: `"onError" of ${agent} does not say how often to try again`,
    fix: `write a whole number from 1 to ${max}: Retry<3>`,
  });

/** SG3303: waits that are none. */
export const badRetryWaits = (agent: string, text: string, span: Span): Diagnostic =>
  error({
    code: "SG3303",
    span,
    message: `"onError" of ${agent} waits ${text} before it tries again, which is no length of time`,
    fix: 'write the shortest and the longest wait: Retry<3, "100ms..10s">, or one for all: Retry<3, "1s">',
  });

/** SG3304: dead letters into the topic that they come from. */
export const deadLetterOfItself = (agent: string, topic: string, span: Span): Diagnostic =>
  error({
    code: "SG3304",
    span,
    message: `${agent} reads "${topic}" and puts what it gives up on there again: it would never end`,
    fix: "declare a topic for its dead letters",
  });

/** SG3305: a topic that cannot say what a dead letter is. */
export const deadLetterDoesNotFit = (
  topics: { readonly to: string; readonly from: string },
  misfit: { readonly problem: string; readonly remedy: string },
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3305",
    span,
    message: `topic "${topics.to}" cannot hold the dead letters of "${topics.from}": ${misfit.problem}`,
    related: [{ message: `"${topics.to}" is declared here`, span: declared }],
    fix: misfit.remedy,
  });

/** SG3306: dead letters that replace each other. */
export const deadLetterCompacted = (topic: string, span: Span, declared: Span): Diagnostic =>
  error({
    code: "SG3306",
    span,
    message: `topic "${topic}" is compacted: of the dead letters with one key it keeps the last`,
    related: [{ message: `"${topic}" is declared here`, span: declared }],
    fix: 'leave out "cleanup", or declare another topic for dead letters',
  });

/** SG3307: a dead letter of what is no record. `what`: "a tick". */
export const deadLetterOfNoRecord = (agent: string, what: string, span: Span): Diagnostic =>
  error({
    code: "SG3307",
    span,
    message: `${agent} has a DeadLetter, but ${what} is no record that a topic could get`,
    fix: 'write "stop" or "skip"; to keep what failed, send it from the function',
  });

/** SG3308: a reader that the first dead letter may stop. */
export const deadLetterUnread = (
  reader: { readonly agent: string; readonly topic: string; readonly writer: string },
  span: Span,
  written: Span,
): Diagnostic =>
  error({
    code: "SG3308",
    span,
    message:
      `${reader.agent} reads "${reader.topic}" without "onError", and it gets the dead letters of ` +
      `${reader.writer}, among them bytes that nobody can decode: the first would stop it`,
    related: [{ message: "they are put there here", span: written }],
    fix: 'say what happens then: { onError: "skip" }, or make the topic { value: Uint8Array; format: "bytes" }',
  });
