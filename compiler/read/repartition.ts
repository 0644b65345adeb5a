import { internalNameTaken } from "../diagnostics/names.ts";
import type { GroupByModel } from "../model/source-options.ts";
import type { Span } from "../model/span.ts";
import type { KeyModel, TopicModel } from "../model/topology.ts";
import type { KeyByModel } from "./key.ts";
import { pascal } from "./named.ts";
import type { Reading } from "./reading.ts";

/** A function that reads a topic by another key than the topic's. */
export interface Regrouped {
  /** What the topic in between is named after: the function, and which side of it. */
  readonly names: readonly string[];
  readonly source: TopicModel;
  readonly key: KeyByModel;
  /** What it has as many partitions as, where that is not its source. */
  readonly partitionsOf?: TopicModel;
  readonly span: Span;
}

export const isSameKey = (a: KeyModel, b: KeyModel): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** The topic in between, which several sides may share. */
export function readRepartition(reading: Reading, regrouped: Regrouped): TopicModel {
  const topic = repartitionTopic(reading.options.app, regrouped);
  const known = reading.topics.get(topic.name);
  if (known === undefined) reading.topics.set(topic.name, topic);
  else if (known.repartitionOf !== topic.repartitionOf) {
    reading.report(internalNameTaken(topic.name, topic.span, known.span));
  }
  return topic;
}

export function groupByOf({ key, source }: Regrouped): GroupByModel {
  const by =
    key.kind === "function"
      ? ({ kind: "function", function: key.function } as const)
      : ({ kind: "field", field: key.field } as const);
  return { source: source.name, by };
}

function repartitionTopic(
  app: string,
  { key, names, partitionsOf, source, span }: Regrouped,
): TopicModel {
  const by = key.kind === "field" ? key.field : key.function.name;
  const { partitions } = partitionsOf ?? source;
  return {
    name: [app, ...names, by, "repartition"].join("-"),
    alias: `${names.map(pascal).join("")}By${pascal(by)}`,
    value: source.value,
    valueDeclaration: source.valueDeclaration,
    key,
    format: source.format,
    ...(source.time !== undefined && { time: source.time }),
    ...(partitions !== undefined && { partitions }),
    retentionMs: -1,
    cleanup: "delete",
    config: {},
    external: false,
    trustKey: false,
    repartitionOf: source.name,
    ...(partitionsOf !== undefined && { partitionsOf: partitionsOf.name }),
    span,
  };
}
