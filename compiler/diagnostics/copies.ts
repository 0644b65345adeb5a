/** SG3515 to SG3519: topics that get a source's records as they are. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

interface Topics {
  readonly to: string;
  readonly from: string;
}

interface Misfit {
  readonly problem: string;
  readonly remedy: string;
}

/** SG3515: a topic that cannot hold what is to go through it. */
export const throughDoesNotFit = (
  topics: Topics,
  misfit: Misfit,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3515",
    span,
    message: `the records of "${topics.from}" cannot go through topic "${topics.to}": ${misfit.problem}`,
    related: [{ message: `"${topics.to}" is declared here`, span: declared }],
    fix: misfit.remedy,
  });

/** SG3516: two keys to read a topic by. */
export const throughBesideGroupBy = (agent: string, span: Span, through: Span): Diagnostic =>
  error({
    code: "SG3516",
    span,
    message: `agent "${agent}" has "groupBy" beside "through", and each gives the records a key`,
    related: [{ message: '"through" is here', span: through }],
    fix: 'leave out "groupBy": the key is the "keyBy" of the topic that they go through',
  });

/** SG3517: records of several topics that are to go through one. */
export const unionThrough = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3517",
    span,
    message: `agent "${agent}" reads several topics, and sends them through one`,
    fix: "send the records of each on by a function of its own, and read that topic here",
  });

/** SG3518: a topic that would get each record twice. */
export const throughTwice = (
  topics: Topics,
  agents: readonly [string, string],
  span: Span,
  first: Span,
): Diagnostic =>
  error({
    code: "SG3518",
    span,
    message: `agents "${agents[0]}" and "${agents[1]}" both send "${topics.from}" through "${topics.to}": each record would be there twice`,
    related: [{ message: `"${agents[0]}" is declared here`, span: first }],
    fix: `read "${topics.to}" itself in one of them, without "through"`,
  });

/** SG3519: a topic that cannot hold the copies of another. */
export const echoDoesNotFit = (
  topics: Topics,
  misfit: Misfit,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3519",
    span,
    message: `topic "${topics.to}" cannot hold copies of "${topics.from}": ${misfit.problem}`,
    related: [{ message: `"${topics.to}" is declared here`, span: declared }],
    fix: misfit.remedy,
  });
