/** SG34: windows, what is late, and what runs when they close. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, warning } from "./report.ts";

/** SG3401: windows that the source forgets before they are closed. */
export const longerThanRetention = (
  table: {
    readonly name: string;
    readonly lasts: string;
    readonly grace: string;
    readonly span: Span;
  },
  topic: { readonly name: string; readonly keeps: string },
  span: Span,
): Diagnostic =>
  warning({
    code: "SG3401",
    span,
    message: `topic "${topic.name}" keeps records for ${topic.keeps}, and a window of table "${table.name}" lasts ${table.lasts} and takes late events for ${table.grace}: it could not be computed again`,
    related: [{ message: `"${table.name}" is declared here`, span: table.span }],
    fix: "give the topic a longer retention, or the table shorter windows",
  });

/** SG3402: windows with gaps between them. */
export const gapsBetweenWindows = (
  window: { readonly size: string; readonly advance: string },
  subject: string,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3402",
    span,
    message: `the windows of ${subject} are ${window.size} long and begin every ${window.advance}, so that what happens between them is in none`,
    fix: "make the step at most as long as the window",
  });

/** SG3403: windows that do not end where others begin. */
export const unevenWindows = (
  window: { readonly size: string; readonly advance: string },
  subject: string,
  span: Span,
): Diagnostic =>
  warning({
    code: "SG3403",
    span,
    message: `the windows of ${subject} are ${window.size} long and begin every ${window.advance}, which does not divide it: some events are in one window more than others`,
    fix: "make the window a multiple of the step; windows begin at multiples of the step since 1970, as in Kafka Streams",
  });

/** SG3404: nobody said how long windows wait. */
export const graceMissing = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3404",
    span,
    message: `${subject} does not say how long its windows take late events`,
    fix: 'add "grace": "0s" closes a window at its end, "30s" half a minute of event time later',
  });

/** SG3405: a window that is none. */
export const badWindow = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3405",
    span,
    message: `${subject} has ${text} for its windows, which says neither how long they are nor where they begin`,
    fix: 'write Tumbling<"5m">, Hopping<"10m", "1m">, Sliding<"10m">, or Session<"30m", typeof merge>',
  });

/** SG3406: a windowed table to be written where there is no event. */
export const noEventToWindow = (
  place: { readonly agent: string; readonly trigger: string; readonly parameter: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3406",
    span,
    message: `agent "${place.agent}" runs for ${place.trigger}, not for a record, so no window of "${place.parameter}" holds its event`,
    fix: "take a Lookup to read it, or send to a topic whose agent writes it",
  });

/** SG3407: windows to close, of a table without any. */
export const notWindowed = (table: string, span: Span, declared: Span): Diagnostic =>
  error({
    code: "SG3407",
    span,
    message: `table "${table}" has no windows that could close`,
    related: [{ message: `"${table}" is declared here`, span: declared }],
    fix: "name a WindowedTable",
  });

/** SG3408: `late` where nothing is. */
export const nothingIsLate = (agent: string, span: Span): Diagnostic =>
  warning({
    code: "SG3408",
    span,
    message: `agent "${agent}" says what happens to late records, but writes no windowed table, so none is late for it`,
    fix: 'leave out "late"',
  });

/** SG3409: more windows than an event can be written to. */
export const tooManyWindows = (
  window: { readonly size: string; readonly advance: string; readonly count: number },
  subject: string,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3409",
    span,
    message: `the windows of ${subject} are ${window.size} long and begin every ${window.advance}: each event would be written ${window.count} times`,
    fix: "make the step longer: at most 1000 windows may hold an event",
  });

/** SG3410: windows that are in no task. */
export const neverCloses = (agent: string, table: string, span: Span): Diagnostic =>
  error({
    code: "SG3410",
    span,
    message: `agent "${agent}" waits for windows of table "${table}" to close, but no agent reads a topic with it`,
    fix: "write the table in an agent that reads a topic",
  });

/** SG3441: windows that stay open for as long as nothing comes. */
export const neverIdle = (agent: string, table: string, span: Span): Diagnostic =>
  warning({
    code: "SG3441",
    span,
    message: `agent "${agent}" gets the last windows of table "${table}" only when another record comes, however long that takes`,
    fix: 'add { idle: "30s" } to close them when nothing has come for so long, or { idle: "never" } if they shall wait',
  });

/** SG3442: what happens several times, because a record has several windows. */
export const updatedOften = (
  place: { readonly agent: string; readonly table: string; readonly cause: string },
  span: Span,
): Diagnostic =>
  warning({
    code: "SG3442",
    span,
    message: `agent "${place.agent}" uses "${place.cause}" while it updates table "${place.table}", once for each window that holds the event`,
    fix: "make the new value of the old one and of the event only, and do the rest beside update",
  });

/** SG3411: sessions that an event may join, and nobody said how. */
export const mergeMissing = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3411",
    span,
    message: `${subject} has sessions, and does not say what becomes of the values of two that an event between them makes one`,
    fix: 'export a function of two values that gives one, and write Session<"30m", typeof merge>',
  });

/** SG3412: values that are there later. */
export const mergeLater = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3412",
    span,
    message: `"${name}" gives a promise, and the sessions of ${subject} are merged at once`,
    fix: "make it a plain function of its two values",
  });
