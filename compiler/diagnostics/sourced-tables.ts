/** SG371: tables whose rows are a topic's records. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3711: two truths about keys or values. */
export const besideFrom = (option: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3711",
    span,
    message: `${subject} has "${option}" beside "from", whose topic says what it is already`,
    fix: `leave out "${option}"`,
  });

/** SG3712: rows without keys. */
export const fromWithoutKey = (
  topic: string,
  subject: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3712",
    span,
    message: `${subject} is a table of topic "${topic}", whose records have no key that a row could be found by`,
    related: [{ message: `topic "${topic}" is declared here`, span: declared }],
    fix: 'add "keyBy" or "key" to the topic',
  });

/** SG3713: rows that go away with old records. */
export const fromOfDeleted = (
  topic: string,
  subject: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3713",
    span,
    message: `${subject} is a table of topic "${topic}", which deletes records by their age: a table that is restored from it would lack the rows that nobody has written lately`,
    related: [{ message: `topic "${topic}" is declared here`, span: declared }],
    fix: 'add cleanup: "compact" to the topic, or "external: true" where others make it so',
  });

/** SG3714: a table that is its topic's, taken to be written. */
export const sourcedTableTaken = (
  agent: string,
  table: { readonly name: string; readonly alias: string },
  topic: { readonly name: string; readonly alias: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3714",
    span,
    message: `agent "${agent}" takes table "${table.name}" to write it, but its rows are the records of topic "${topic.name}"`,
    fix: `read it with Lookup<${table.alias}>, and write it with Sink<${topic.alias}>`,
  });

/** SG3715: the changes of a topic's table, which are its records. */
export const changesOfSourced = (
  agent: string,
  table: string,
  topic: { readonly name: string; readonly alias: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3715",
    span,
    message: `agent "${agent}" runs for the changes of table "${table}", whose rows are the records of topic "${topic.name}"`,
    fix: `read the topic, with Event<${topic.alias}>: a tombstone's value is null`,
  });
