/** SG38: joins of topics. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, warning } from "./report.ts";

/** SG3801: nobody said how long a join waits for late records. */
export const joinGraceMissing = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3801",
    span,
    message: `the join of agent "${agent}" does not say how long it waits for late records`,
    fix: 'add "grace": "0s" gives a record up at the end of its time, "30s" half a minute of event time later',
  });

/** SG3802: a join by something else than a field, or one of each side. */
export const badJoinField = (agent: string, text: string, span: Span): Diagnostic =>
  error({
    code: "SG3802",
    span,
    message: `the join of agent "${agent}" is on ${text}, which names neither a field of both sides nor one of each`,
    fix: 'write on: "id", or on: { left: "id"; right: "orderId" }',
  });

/** SG3803: a distance in time that is none. */
export const badWithin = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3803",
    span,
    message: `${subject} has ${text} as its within, which does not say how far apart a pair may be`,
    fix: 'write within: "15m", or within: { before: "0s"; after: "15m" }',
  });

/** SG3804: fields whose values are never the same bytes. */
export const joinKeysDiffer = (
  agent: string,
  left: { readonly field: string; readonly topic: string; readonly type: string },
  right: { readonly field: string; readonly topic: string; readonly type: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3804",
    span,
    message: `agent "${agent}" joins "${left.field}" of "${left.topic}", of type ${left.type}, with "${right.field}" of "${right.topic}", which is ${right.type} and has other bytes`,
    fix: `give both fields the same type`,
  });

/** SG3805: sides of a join with different numbers of partitions. */
export const joinPartitionsDiffer = (
  agent: string,
  left: { readonly name: string; readonly partitions: number; readonly span: Span },
  right: { readonly name: string; readonly partitions: number; readonly span: Span },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3805",
    span,
    message: `agent "${agent}" joins "${left.name}", which has ${left.partitions} partitions, with "${right.name}", which has ${right.partitions}: records with one key would be in different tasks`,
    related: [
      { message: `"${left.name}" has partitions: ${left.partitions}`, span: left.span },
      { message: `"${right.name}" has partitions: ${right.partitions}`, span: right.span },
    ],
    fix: "give both the same number, or send the records of one on to a topic with as many as the other",
  });

/** SG3806: records that their topic forgets while they are waited for. */
export const joinLongerThanRetention = (
  agent: string,
  topic: { readonly name: string; readonly keeps: string; readonly span: Span },
  waits: string,
  span: Span,
): Diagnostic =>
  warning({
    code: "SG3806",
    span,
    message: `topic "${topic.name}" keeps records for ${topic.keeps}, and agent "${agent}" may wait for ${waits} until it has a pair: it could not be computed again`,
    related: [{ message: `"${topic.name}" is declared here`, span: topic.span }],
    fix: "give the topic a longer retention, or the join less time",
  });

/** SG3807: a time to wait for records that nobody waits for. */
export const idleForNothing = (agent: string, span: Span): Diagnostic =>
  warning({
    code: "SG3807",
    span,
    message: `agent "${agent}" has "idle", but gives no records without a partner, so nothing waits for the end of its time`,
    fix: 'leave out "idle", or add kind: "left" or "outer"',
  });
