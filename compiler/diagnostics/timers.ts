/** SG36: timers, hooks, commands and web triggers. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { nearest } from "./nearest.ts";
import { error } from "./report.ts";

/** SG3601: a part of a crontab line that means nothing. */
export const cronFieldWrong = (
  { problem, fix }: { readonly problem: string; readonly fix: string },
  span: Span,
): Diagnostic => error({ code: "SG3601", span, message: problem, fix });

/** SG3602: a crontab line with too few or too many fields. */
export const cronFieldsMissing = (text: string, count: number, span: Span): Diagnostic =>
  error({
    code: "SG3602",
    span,
    message: `"${text}" has ${count} ${count === 1 ? "field" : "fields"}, and a crontab line has five, or six with seconds in front`,
    fix: 'write minutes, hours, days, months and weekdays: "0 3 * * MON-FRI"',
  });

/** SG3603: a date that no year has. */
export const cronNever = (text: string, span: Span): Diagnostic =>
  error({
    code: "SG3603",
    span,
    message: `"${text}" never comes: none of its months has one of its days`,
    fix: "correct the day of the month, the third of five fields, or the month behind it",
  });

/** SG3604: a time zone that does not exist. */
export const unknownZone = (name: string, zones: readonly string[], span: Span): Diagnostic => {
  const guess = nearest(name, zones, 4);
  return error({
    code: "SG3604",
    span,
    message: `there is no time zone "${name}"`,
    fix:
      guess === undefined
        ? 'write a name of the IANA\'s, such as "Europe/Berlin"'
        : `write "${guess}"`,
  });
};

/** SG3605: one timer for the app, and the tables of its tasks. */
export const leaderWithTable = (
  agent: string,
  table: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3605",
    span,
    message: `timer "${agent}" ticks once in the app, but table "${table}" has rows in every task`,
    related: [{ message: `"${agent}" is declared here`, span: declared }],
    fix: "leave out leader, or take a View to read and a Sink to a topic whose agent writes the table",
  });

/** SG3606: an app without a group that could choose. */
export const nothingToLead = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3606",
    span,
    message: `timer "${agent}" ticks in the app's leader, but no agent reads a topic, so there is no group that could choose one`,
    fix: "leave out leader, or add an agent that reads a topic",
  });

interface OutsideTasks {
  readonly agent: string;
  /** When the function runs, in words. */
  readonly where: string;
  readonly parameter: string;
}

/** SG3607: a table where none may be written. */
export const tableOutsideTasks = (
  { agent, where, parameter }: OutsideTasks,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3607",
    span,
    message: `agent "${agent}" runs ${where}, outside of any task, so it cannot write the table "${parameter}"`,
    fix: "take a View to read it, and a Sink to a topic whose agent writes it",
  });

/** SG3608: a lookup where no task is. */
export const lookupOutsideTasks = (
  { agent, where, parameter }: OutsideTasks,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3608",
    span,
    message: `agent "${agent}" runs ${where}, outside of any task, so no rows of "${parameter}" are at hand`,
    fix: "take a View, which reads from anywhere",
  });

/** SG3609: arguments that are no record. */
export const argumentsNotRecord = (command: string, span: Span): Diagnostic =>
  error({
    code: "SG3609",
    span,
    message: `the arguments of command "${command}" are no record`,
    fix: "write an interface, or { name: type; … }, with a field for each flag",
  });

/** SG3610: an argument that cannot be typed on a command line. */
export const argumentNotFlag = (
  {
    command,
    argument,
    problem,
  }: { readonly command: string; readonly argument: string; readonly problem: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3610",
    span,
    message: `argument "${argument}" of command "${command}" ${problem}`,
    fix: "use text, numbers, booleans, enums, dates, or lists of these but booleans, under names of their own; --help is taken",
  });

/** SG3611: a command reads a table, of which it has no rows. */
export const viewInCommand = (command: string, parameter: string, span: Span): Diagnostic =>
  error({
    code: "SG3611",
    span,
    message: `command "${command}" runs in a process of its own, which has no rows of "${parameter}"`,
    fix: "leave the View out: a command sends to topics, and takes Sink, Context and Resource",
  });

/** SG3612: a path that no request can have, or whose parts have no names. */
export const badPath = (path: string, problem: string, span: Span): Diagnostic =>
  error({
    code: "SG3612",
    span,
    message: `the path "${path}" ${problem}`,
    fix: "write letters, digits and . _ ~ - between slashes, and :name for a part that the request gives: /orders/:id",
  });

/** SG3613: two functions for one request. */
export const routeTwice = (route: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG3613",
    span,
    message: `two functions answer ${route}`,
    related: [{ message: "the first one is here", span: first }],
    fix: "give one of them another path or method",
  });
