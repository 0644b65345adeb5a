/** SG385: functions that get what has changed in tables. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3851: changes of a table that nobody makes. */
export const nothingChanges = (agent: string, table: string, span: Span): Diagnostic =>
  error({
    code: "SG3851",
    span,
    message: `agent "${agent}" gets the changes of table "${table}", but no agent that reads a topic writes it`,
    fix: "write the table in an agent that reads a topic",
  });

/** SG3852: a function that makes the changes that it gets. */
export const changesItself = (
  agent: string,
  table: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3852",
    span,
    message: `agent "${agent}" gets the changes of table "${table}" and may write it: each write would be another change, without end`,
    related: [{ message: `"${agent}" is here`, span: declared }],
    fix: "take a Lookup to read it, and write another table",
  });

/** SG3853: a dead letter of a change. */
export const deadLetterOfChange = (agent: string, table: string, span: Span): Diagnostic =>
  error({
    code: "SG3853",
    span,
    message: `agent "${agent}" has a DeadLetter, but what it gets are rows of table "${table}", which are still there`,
    fix: 'write "stop" or "skip"; to keep what failed, send it from the function',
  });
