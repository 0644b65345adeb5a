/** SG3521 to SG3526: topics that are found by a pattern of their names. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3521: a pattern that names cannot be compared with in bounded time. */
export const badPattern = (
  topic: string,
  pattern: string,
  problem: string,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3521",
    span,
    message: `the pattern "${pattern}" of topic "${topic}" cannot be used: ${problem}`,
    fix: 'write a regular expression of letters, ".", classes, groups, "|" and a few repeats, for whole names: "orders-.*"',
  });

/** SG3522: something said of topics that others make. */
export const besidePattern = (topic: string, option: string, span: Span): Diagnostic =>
  error({
    code: "SG3522",
    span,
    message: `topic "${topic}" has "${option}" beside "pattern", but others make the topics that are found`,
    fix: `leave out "${option}"`,
  });

/** SG3523: a record for a topic that is not one. */
export const patternWritten = (
  agent: string,
  topic: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3523",
    span,
    message: `agent "${agent}" sends to "${topic}", which stands for all topics of a pattern`,
    related: [{ message: `"${topic}" is declared here`, span: declared }],
    fix: "declare the one topic that is meant, without a pattern",
  });

/** SG3524: rows beside partitions of many topics. */
export const patternWithTable = (
  agent: string,
  table: string,
  topic: string,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3524",
    span,
    message: `agent "${agent}" takes table "${table}", but "${topic}" is many topics: records of one key are in a partition of each of them`,
    fix: 'bring them together first: { groupBy: "…" }, or { through: … }',
  });

/** SG3525: a pattern in a union. */
export const patternInUnion = (agent: string, topic: string, span: Span): Diagnostic =>
  error({
    code: "SG3525",
    span,
    message: `agent "${agent}" reads "${topic}", which is many topics, together with others`,
    fix: "give the pattern a function of its own, or a pattern that all of them match",
  });

/** SG3526: topics whose first records would be left out. */
export const patternFromLatest = (agent: string, topic: string, span: Span): Diagnostic =>
  error({
    code: "SG3526",
    span,
    message: `agent "${agent}" begins "${topic}" at "latest", and a topic that is made later would be read from where it is found`,
    fix: 'write a time, such as "-1h": what is newer is read of every topic, whenever it is made',
  });

/** SG3527: rows out of many topics. */
export const tableOfPattern = (
  table: string,
  topic: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3527",
    span,
    message: `table "${table}" is of "${topic}", which stands for all topics of a pattern: one key may be in several of them`,
    related: [{ message: `"${topic}" is declared here`, span: declared }],
    fix: "send the records on to one topic, and make the table of that",
  });
