import { StreamgenError } from "../../errors.ts";
import type { TopicSettings } from "../../log/log.ts";
import type { RecordTimes } from "../outputs/time-limits.ts";
import { type Settings, topicOverride } from "../settings/settings.ts";
import type { GroupSpec, PipelineSpec, TopicDeclaration } from "../spec.ts";
import { checkTopic } from "./topic-check.ts";
import {
  changelogNeed,
  declaredNeed,
  type NeedContext,
  nameInLog,
  recordLimit,
  recordTimes,
  type TopicNeed,
  type TopicRole,
} from "./topic-needs.ts";

/** Where declared topics are in the log. */
export interface Topics {
  /** The name in the log. */
  nameOf(declared: string): string;
  /** By declared name; changelogs are among them. Throws SG8004 for what is not in the spec. */
  partitionsOf(declared: string): number;
  /** The largest record batch that the topic takes, by declared name. */
  recordMaxBytesOf(declared: string): number;
  /** How far from now the topic takes records' timestamps, by declared name. */
  recordTimesOf(declared: string): RecordTimes;
  /** Topics that were found by a pattern, by their names in the log, which are those they have here. */
  readonly found: Map<string, TopicSettings>;
}

/** Something to do before the topics are as the pipeline needs them. */
export type TopicStep =
  /** The topic is missing. */
  | { readonly kind: "create"; readonly role: TopicRole; readonly settings: TopicSettings }
  /** A setting of the topic is another, and can be changed without touching a record. */
  | (TopicFlaw & {
      readonly kind: "alter";
      /** Kafka's name of it. */
      readonly setting: string;
      readonly from: string;
      readonly to: string;
      readonly why: string;
    })
  /** Only a person can solve it: a topic is never deleted, nor its partitions changed. */
  | (TopicFlaw & { readonly kind: "conflict"; readonly problem: string; readonly fix: string });

interface TopicFlaw {
  /** The name in the log. */
  readonly topic: string;
  /** Whether a worker must not start before it is gone: results would be wrong, or records lost. */
  readonly blocks: boolean;
}

export interface TopicPlan {
  /** What there is to do, in the order of the spec, changelogs last. */
  readonly steps: readonly TopicStep[];
  /** Where the topics are once it is done. */
  readonly topics: Topics;
}

export interface PlanOptions {
  /** Make external topics, too, where they are missing: nobody else does in a test. */
  readonly makesExternal?: boolean;
}

/** Compares what a pipeline needs with the topics that exist. Does nothing. */
export function planTopics(
  spec: PipelineSpec,
  settings: Settings,
  existing: readonly TopicSettings[],
  { makesExternal = false }: PlanOptions = {},
): TopicPlan {
  const found = new Map(existing.map((topic) => [topic.name, topic]));
  const context: NeedContext = { spec, settings, found };
  const needs = new Map<string, TopicNeed>();
  for (const topic of spec.topics) {
    // Others make what a pattern finds.
    if (topic.pattern !== undefined) continue;
    needs.set(topic.name, declaredNeed(context, topic, partitionCount(context, topic)));
  }
  const uneven: TopicStep[] = [];
  for (const group of spec.groups) {
    const counts = groupPartitions(group, needs);
    uneven.push(...unevenInputs(group, counts));
    for (const table of group.tables) {
      needs.set(table.changelog, changelogNeed(settings, table, counts[0]?.count ?? 1));
    }
  }
  const steps = [...needs.values()].flatMap((need) => {
    const topic = found.get(need.made.name);
    return topic === undefined ? [absent(need, makesExternal)] : checkTopic(need, topic);
  });
  return { steps: [...steps, ...uneven], topics: topicsOf(needs, context) };
}

function topicsOf(needs: ReadonlyMap<string, TopicNeed>, { settings, found }: NeedContext): Topics {
  const needOf = (declared: string): TopicNeed => {
    const need = needs.get(declared);
    if (need !== undefined) return need;
    throw new StreamgenError("SG8004", `topic "${declared}" is not in the pipeline's spec`);
  };
  const byPattern = new Map<string, TopicSettings>();
  return {
    found: byPattern,
    nameOf: (declared) => (byPattern.has(declared) ? declared : nameInLog(settings, declared)),
    partitionsOf: (declared) =>
      byPattern.get(declared)?.partitions ?? needOf(declared).made.partitions,
    recordMaxBytesOf: (declared) => recordLimit(needOf(declared), found),
    recordTimesOf: (declared) => recordTimes(needOf(declared), found),
  };
}

/**
 * What is declared comes first, so that a topic which exists with other partitions is found. Where
 * nothing is declared, what exists counts, then what a repartition topic is like, then the default.
 */
function partitionCount(context: NeedContext, topic: TopicDeclaration): number {
  const { spec, settings, found } = context;
  const exists = found.get(nameInLog(settings, topic.name))?.partitions;
  if (topic.external === true && exists !== undefined) return exists;
  const declared = topicOverride(spec.config, topic.name).partitions ?? topic.partitions;
  const known = declared ?? exists;
  if (known !== undefined) return known;
  const like = topic.repartitionOf === undefined ? topic.partitionsOf : likeness(spec, topic);
  const other = spec.topics.find(({ name }) => name === like);
  return other === undefined || other === topic
    ? settings.partitions
    : partitionCount(context, other);
}

/** The topic whose number a repartition topic takes: one that it is read together with, or its source. */
function likeness({ groups, topics }: PipelineSpec, topic: TopicDeclaration): string | undefined {
  const mates = groups
    .map(({ sources }) => sources.map((source) => source.topic))
    .find((read) => read.some(({ name }) => name === topic.name))
    // Changelogs may be read, too: these follow the others.
    ?.filter(({ name }) => topics.some((declared) => declared.name === name));
  const leader =
    mates?.find((mate) => !isLike(mate)) ?? mates?.find((mate) => mate.repartitionOf !== undefined);
  return leader === undefined || leader.name === topic.name ? topic.repartitionOf : leader.name;
}

const isLike = ({ partitionsOf, repartitionOf }: TopicDeclaration): boolean =>
  partitionsOf !== undefined || repartitionOf !== undefined;

interface InputCount {
  readonly name: string;
  readonly count: number;
}

function groupPartitions(
  { sources }: GroupSpec,
  needs: ReadonlyMap<string, TopicNeed>,
): readonly InputCount[] {
  return sources.flatMap(({ topic }) => {
    const need = needs.get(topic.name);
    return need === undefined ? [] : [{ name: topic.name, count: need.made.partitions }];
  });
}

/** A group has one task per partition of its inputs, so these must agree. */
function unevenInputs({ name }: GroupSpec, counts: readonly InputCount[]): readonly TopicStep[] {
  if (new Set(counts.map(({ count }) => count)).size < 2) return [];
  const list = counts.map((input) => `"${input.name}" has ${input.count}`).join(", ");
  return [
    {
      kind: "conflict",
      topic: counts[0]?.name ?? name,
      problem: `inputs of group "${name}" must have equally many partitions: ${list}`,
      fix:
        'declare the same "partitions", make one of the topics again, or send its records on to a ' +
        "topic with as many (groupBy and joins do so where they read by another key)",
      blocks: true,
    },
  ];
}

function absent({ role, made }: TopicNeed, makesExternal: boolean): TopicStep {
  if (role !== "external" || makesExternal) return { kind: "create", role, settings: made };
  return {
    kind: "conflict",
    topic: made.name,
    problem: `topic "${made.name}" is external and does not exist`,
    fix: 'create it (topics apply --external does), or leave out "external"',
    blocks: true,
  };
}
