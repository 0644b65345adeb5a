/** SG35: where a function's records come from. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, warning } from "./report.ts";

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

/** SG3503: several records at once, for a function that never waits. */
export const lanesForNothing = (agent: string, span: Span): Diagnostic =>
  warning({
    code: "SG3503",
    span,
    message: `agent "${agent}" has "concurrency", but it never waits, so that it handles one record after the other`,
    fix: "leave out concurrency, or make the function async where it waits for something",
  });

/** SG3504: several records at once, and rows that two of them may use. */
export const lanesWithTable = (agent: string, table: string, span: Span): Diagnostic =>
  error({
    code: "SG3504",
    span,
    message: `agent "${agent}" handles several records at once, and uses "${table}" in a way that is not certainly each record's own row`,
    fix: "use a Table by the record's own key only, leave out concurrency, or send what is to be written to a topic whose agent writes it",
  });

/** SG3511: a place to begin at that is none. */
export const badBeginning = (agent: string, text: string, span: Span): Diagnostic =>
  error({
    code: "SG3511",
    span,
    message: `agent "${agent}" begins at "${text}", which is no place in a topic`,
    fix: 'write "earliest", "latest", a time with its zone such as "2026-01-01T00:00:00Z", or how long ago: "-7d"',
  });

interface Beginner {
  readonly name: string;
  readonly begins: string;
  readonly span: Span;
}

/** SG3512: two places to begin at, and one reading. */
export const beginningsDiffer = (topic: string, first: Beginner, other: Beginner): Diagnostic =>
  error({
    code: "SG3512",
    span: other.span,
    message: `agent "${other.name}" begins topic "${topic}" at "${other.begins}", but "${first.name}" at "${first.begins}", and the topic is read once for both`,
    related: [{ message: `"${first.name}" is declared here`, span: first.span }],
    fix: 'give both the same "from", or one of them a "group" of its own',
  });

/** SG3513: a consumer group with a name that it cannot have. */
export const badConsumerGroup = (agent: string, name: string, span: Span): Diagnostic =>
  error({
    code: "SG3513",
    span,
    message: `the consumer group of agent "${agent}" is called "${name}"`,
    fix: 'use 1 to 60 letters, digits, ".", "_" or "-"; the app\'s name comes before it',
  });

interface TableUser {
  readonly agent: string;
  /** `undefined`: the app's. */
  readonly group: string | undefined;
  readonly span: Span | undefined;
}

/** SG3514: rows in the tasks of one consumer group, wanted in those of another. */
export const tableInTwoGroups = (
  table: string,
  users: readonly TableUser[],
  span: Span,
): Diagnostic => {
  const [first, other] = users;
  const name = (user: TableUser | undefined): string =>
    user?.group === undefined ? "the app's consumer group" : `consumer group "${user.group}"`;
  return error({
    code: "SG3514",
    span: other?.span ?? span,
    message: `agent "${other?.agent}" uses table "${table}" in ${name(other)}, but "${first?.agent}" in ${name(first)}: each has its partitions elsewhere`,
    related:
      first?.span === undefined
        ? []
        : [{ message: `"${first.agent}" uses it here`, span: first.span }],
    fix: "give both the same group, give each a table of its own, or take a View to read it",
  });
};
