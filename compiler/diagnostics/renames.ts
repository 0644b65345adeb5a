/** SG401: what would lose its past by a new name. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, warning } from "./report.ts";

/** SG4010: a table that is new, and another one that is gone. */
export const tableRenamed = (
  table: { readonly name: string },
  old: { readonly name: string; readonly changelog: string },
  span: Span,
): Diagnostic =>
  warning({
    code: "SG4010",
    span,
    message: `table "${table.name}" is new, and table "${old.name}" of the last build is gone: its rows stay behind in "${old.changelog}"`,
    fix: `if it is the same table, add was: "${old.name}"`,
  });

/** SG4011: a topic that is new, and another one that is gone. */
export const topicRenamed = (
  topic: { readonly name: string; readonly repartitionOf?: string },
  old: { readonly name: string },
  span: Span,
): Diagnostic =>
  warning({
    code: "SG4011",
    span,
    message: `topic "${topic.name}" is new, and topic "${old.name}" of the last build is gone: what it holds is not read`,
    fix:
      topic.repartitionOf === undefined
        ? `if it is the same topic, add was: "${old.name}"`
        : "let the last build's workers read it to its end before this one is deployed",
  });

/** SG4012: a former name that something else has. */
export const formerNameTaken = (name: string, was: string, span: Span, other: Span): Diagnostic =>
  error({
    code: "SG4012",
    span,
    message: `topic "${name}" was "${was}", and there is another topic of that name`,
    related: [{ message: "the other one", span: other }],
    fix: "give one of them another name",
  });

/** SG4013: an app with another name. */
export const appRenamed = (old: string, app: string, span: Span): Diagnostic =>
  warning({
    code: "SG4013",
    span,
    message: `the app is "${app}" now and was "${old}" in the last build: its tables begin empty, and every topic is read from its start`,
    fix: `keep app: "${old}", unless it shall begin anew`,
  });
