/** SG355: who says that a record is done with. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3551: two ways of having several records at once. */
export const ackInLanes = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3551",
    span,
    message: `agent "${agent}" has "concurrency", whose lanes acknowledge a record when its promise resolves, and ack: "manual"`,
    fix: 'leave out one of them: with ack: "manual" a function returns at once, and many events are open all the same',
  });

/** SG3552: events that stay open. */
export const neverAcknowledged = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3552",
    span,
    message: `agent "${agent}" has ack: "manual", but it never calls ack, so that the first event holds its partition up for ever`,
    fix: 'call event.ack() when the event is done with; of a Stream take the events: stream.events(); or leave out ack: "manual"',
  });
