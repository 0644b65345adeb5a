/** SG32: how agents, topics and tables belong together. */
import type { Span } from "../model/span.ts";
import type { Diagnostic, RelatedPlace } from "./diagnostic.ts";
import { error, warning } from "./report.ts";

/** SG3201: a topic that stays empty. */
export const neverWritten = (topic: string, agent: string, span: Span, read: Span): Diagnostic =>
  warning({
    code: "SG3201",
    span,
    message: `topic "${topic}" is read, but nothing here writes it`,
    related: [{ message: `agent "${agent}" reads it here`, span: read }],
    fix: 'add "external: true" if others write it',
  });

/** SG3202: a row that may live on another worker. */
export const keyIsAnotherField = (
  access: {
    readonly agent: string;
    readonly table: string;
    readonly field: string;
    readonly topic: string;
    readonly keyedBy: string;
  },
  span: Span,
  trigger: Span,
): Diagnostic =>
  error({
    code: "SG3202",
    span,
    message: `agent "${access.agent}" uses table "${access.table}" by "${access.field}", but "${access.topic}" is ${access.keyedBy}, so the row may live on another worker`,
    related: [{ message: `"${access.agent}" reads "${access.topic}"`, span: trigger }],
    fix: access.field.includes(".")
      ? "repartition by a function that gives the key: groupBy: typeof fn"
      : `repartition: { groupBy: "${access.field}" }`,
  });

/** SG3203: one row for everything. */
export const keyIsConstant = (agent: string, table: string, span: Span): Diagnostic =>
  warning({
    code: "SG3203",
    span,
    message: `agent "${agent}" uses table "${table}" by a constant, so each partition has a row of its own`,
    fix: "that is a result for each partition; to bring them together, send them to a topic with one key",
  });

/** SG3204: inputs of one task with different numbers of partitions. */
export const partitionsDiffer = (
  group: string,
  topics: readonly { readonly name: string; readonly partitions: number; readonly span: Span }[],
): Diagnostic => {
  const [first, ...rest] = topics;
  const odd = rest.find((topic) => topic.partitions !== first?.partitions);
  const places: readonly RelatedPlace[] = topics
    .filter((topic) => topic !== odd)
    .map(({ name, partitions, span }) => ({
      message: `"${name}" has partitions: ${partitions}`,
      span,
    }));
  return error({
    code: "SG3204",
    span: odd?.span,
    message: `topic "${odd?.name}" has ${odd?.partitions} partitions, but it is read together with "${first?.name}", which has ${first?.partitions}`,
    related: places,
    fix: `set partitions: ${first?.partitions} on all topics of agent group "${group}"`,
  });
};

/** SG3209: inputs of one task, of which only some say how many partitions they have. */
export const partitionsUnsaid = (
  topic: string,
  other: { readonly name: string; readonly partitions: number; readonly span: Span },
  span: Span,
): Diagnostic =>
  warning({
    code: "SG3209",
    span,
    message: `topic "${topic}" does not say its partitions, but it is read together with "${other.name}", which has ${other.partitions}`,
    related: [{ message: `"${other.name}" has partitions: ${other.partitions}`, span: other.span }],
    fix: `add partitions: ${other.partitions}`,
  });

/** SG3205: a table that stays empty. */
export const tableNeverWritten = (
  table: string,
  agent: string,
  span: Span,
  read: Span,
): Diagnostic =>
  warning({
    code: "SG3205",
    span,
    message: `table "${table}" is read, but no agent takes it to write it`,
    related: [{ message: `agent "${agent}" reads it here`, span: read }],
    fix: "write it in an agent that takes the Table itself",
  });

/** SG3206: a timer with a table that belongs to no task. */
export const tableWithoutTask = (agent: string, table: string, span: Span): Diagnostic =>
  error({
    code: "SG3206",
    span,
    message: `timer "${agent}" ticks in the tasks of table "${table}", but it has none: no agent reads a topic with it`,
    fix: "use the table in an agent that reads a topic, or leave it out here",
  });

/** SG3207: tables keyed by another type than the stream. */
export const keyTypesDiffer = (
  table: { readonly name: string; readonly key: string },
  topic: { readonly name: string; readonly key: string },
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3207",
    span,
    message: `table "${table.name}" has keys of type ${table.key}, but the stream's key of "${topic.name}" is ${topic.key}, which has other bytes`,
    related: [{ message: `table "${table.name}" is declared here`, span: declared }],
    fix: `give both the same type: key: ${topic.key}`,
  });

/** SG3208: rows by a key that the topic does not have. */
export const tableWithoutKey = (
  agent: string,
  table: string,
  topic: string,
  span: Span,
): Diagnostic =>
  error({
    code: "SG3208",
    span,
    message: `agent "${agent}" takes table "${table}", but records of "${topic}" have no key, so rows of one key would be spread over all workers`,
    fix: 'add "keyBy" to the topic, or read it with { groupBy: … }',
  });
