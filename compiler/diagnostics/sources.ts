/** SG35: where a function's records come from. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3501: several topics, and one key to group them by. */
export const unionGrouped = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3501",
    span,
    message: `agent "${agent}" reads several topics, and groups them by another key`,
    fix: "send the records of each on to a topic that has this key, and read those",
  });

/** SG3502: values that do not say which topic they are of. */
export const topicsAlike = (agent: string, topics: readonly string[], span: Span): Diagnostic =>
  error({
    code: "SG3502",
    span,
    message: `agent "${agent}" gets the values of ${topics.join(" and ")}, and nothing in them says which is which`,
    fix: "take Event, whose `topic` tells them apart, or give each record a field that the others lack",
  });
