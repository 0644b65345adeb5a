/** SG39: questions and the functions that answer them; live checks. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3901: nobody says how long an answer is waited for. */
export const askTimeoutMissing = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3901",
    span,
    message: `agent "${agent}" answers questions, and the configuration does not say how long an answer is waited for`,
    fix: 'set askTimeoutMs in the configuration, such as askTimeoutMs: 5000; a call may say otherwise by { timeout: "1s" }',
  });

/** SG3902: a client of a function that answers nothing. */
export const clientOfNoAsk = (
  agent: string,
  asked: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3902",
    span,
    message: `agent "${agent}" has a Client of "${asked}", which is no function of this pipeline that answers questions`,
    related: [{ message: `${asked} is declared here`, span: declared }],
    fix: "give it Ask<Question> as its first parameter, in one of the files of `include`, or call it as a plain function",
  });

/** SG3903: questions that go to any task, and rows that are in one. */
export const askWithoutKey = (agent: string, table: string, span: Span): Diagnostic =>
  error({
    code: "SG3903",
    span,
    message: `agent "${agent}" uses the table "${table}", and its questions have no key that says which task has the rows`,
    fix: 'write Ask<Question, { keyBy: "field" }> with the field that the rows are found by',
  });

/** SG3904: an answer without a type. */
export const answerNotWritten = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3904",
    span,
    message: `agent "${agent}" answers questions, and no return type says what its answers are`,
    fix: "write the return type: the answer, a promise of it, or void",
  });

/** SG3905: a task that would wait for itself. */
export const asksItself = (
  agent: string,
  asked: { readonly name: string; readonly path: readonly string[] },
  span: Span,
  declared: Span,
): Diagnostic => {
  const { name, path } = asked;
  const by = path.length > 0 ? ` by way of ${path.map((each) => `"${each}"`).join(" and ")}` : "";
  return error({
    code: "SG3905",
    span,
    message: `agent "${agent}" asks "${name}"${by}, and both run in the same tasks: one would wait for an answer that comes only after it`,
    related: [{ message: `${name} is declared here`, span: declared }],
    fix: "share what the two do in a plain function, use no table in common, or cast, which waits for nothing",
  });
};

/** SG3906: an answer that waits for a commit, which waits for the answer. */
export const committedAsked = (
  agent: string,
  asked: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3906",
    span,
    message: `agent "${agent}" runs in a task and asks "${asked}", whose answers wait for a commit: that would wait for the task in turn`,
    related: [{ message: `${asked} is declared here`, span: declared }],
    fix: 'leave out reply: "committed", ask from a timer without a table, a request or a command, or cast',
  });

/** SG3921: a signal where there is no probe. */
export const signalOutsideCheck = (agent: string, parameter: string, span: Span): Diagnostic =>
  error({
    code: "SG3921",
    span,
    message: `agent "${agent}" takes the signal "${parameter}", but no probe is on its way when it runs`,
    fix: "take a Signal in a function of LiveCheck, which sends a probe; other functions read a topic by Each",
  });
