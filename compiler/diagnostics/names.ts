/** SG4: names that clash, or that Avro, Kafka or generated code cannot have. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, warning } from "./report.ts";

const other = (span: Span) => [{ message: "the other one", span }];

/** SG4001: one topic, two descriptions. */
export const topicTwice = (name: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG4001",
    span,
    message: `topic "${name}" is declared twice, with different options`,
    related: other(first),
    fix: "declare it once and import it, or give one of them another name",
  });

/** SG4002: one table, two descriptions. */
export const tableTwice = (name: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG4002",
    span,
    message: `table "${name}" is declared twice, with different options`,
    related: other(first),
    fix: "declare it once and import it, or give one of them another name",
  });

/** SG4003: two agents with one name. */
export const agentTwice = (name: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG4003",
    span,
    message: `there are two agents "${name}", and their metrics and internal topics go by the name`,
    related: other(first),
    fix: "rename one of them",
  });

/** SG4004: two things would get one name in generated code. */
export const generatedNameTwice = (name: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG4004",
    span,
    message: `two declarations would both be "${name}" in generated code`,
    related: other(first),
    fix: "rename one of the type aliases",
  });

/** SG4005: two types with one full Avro name. */
export const fullNameTaken = (name: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG4005",
    span,
    message: `two types have the full name "${name}"`,
    related: other(first),
    fix: 'rename one, or give it a namespace: extends Schema<{ namespace: "…" }>',
  });

/** SG4006: `Schema<{ name }>` or `{ namespace }` that Avro does not allow. */
export const badAvroName = (text: string, span: Span): Diagnostic =>
  error({
    code: "SG4006",
    span,
    message: `${JSON.stringify(text)} is no Avro name`,
    fix: 'use letters, digits and _, not a digit first; the Avro name is set by Schema<{ name: "…" }>',
  });

/** SG4007: an internal topic would have the name of another topic. */
export const internalNameTaken = (name: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG4007",
    span,
    message: `the internal topic "${name}" has the name of another topic`,
    related: other(first),
    fix: "rename the declared topic, or the table or agent that the internal one is named after",
  });

/** SG4008: an internal topic with a name that Kafka refuses. */
export const internalNameTooLong = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG4008",
    span,
    message: `the internal topic "${name.slice(0, 40)}…" would have a name of ${name.length} characters, and Kafka takes 249`,
    fix: "shorten the name of the table, agent or app",
  });

/** SG4009: topics whose names differ in what Kafka's metrics cannot keep apart. */
export const namesCollide = (name: string, twin: string, span: Span, first: Span): Diagnostic =>
  warning({
    code: "SG4009",
    span,
    message: `topics "${name}" and "${twin}" collide in Kafka's metrics, where "." and "_" are the same`,
    related: other(first),
    fix: 'use "-" in topic names',
  });
