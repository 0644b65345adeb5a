import type { TopicSettings } from "../../log/log.ts";
import { compactionLagMs } from "../../state/stale-rows.ts";
import { longestMs, type TableWindows } from "../../state/windows/keyed-spec.ts";
import type { RecordTimes } from "../outputs/time-limits.ts";
import { type Settings, topicOverride } from "../settings/settings.ts";
import type { PipelineSpec, TableDeclaration, TopicDeclaration } from "../spec.ts";

/** Who a topic is for: others write an external one; repartitions and changelogs are internal. */
export type TopicRole = "external" | "own" | "repartition" | "changelog";

/** What a pipeline needs of one topic. */
export interface TopicNeed {
  /** Its name in the pipeline. */
  readonly declared: string;
  readonly role: TopicRole;
  /** What it is made with, under its name in the log, where it does not exist. */
  readonly made: TopicSettings;
  /** Whether event times are the records' timestamps, which the broker must then leave alone. */
  readonly ownsTime: boolean;
  /** The clean-up and the retention that were declared, or that an internal topic must have. */
  readonly cleanup?: TopicSettings["cleanup"];
  readonly retentionMs?: number;
}

/** What exists, by name in the log. */
export type FoundTopics = ReadonlyMap<string, TopicSettings>;

export const timestampType = "message.timestamp.type";
export const recordMaxBytes = "max.message.bytes";
export const compactionLag = "min.compaction.lag.ms";

/** What Kafka takes at most, unless told otherwise. */
export const recordMaxBytesDefault = 1_048_588;
/** More than the headers of a dead letter take. */
const reasonMaxBytes = 16_384;
/** A week, as Kafka keeps records unless told otherwise. */
const retentionDefaultMs = 604_800_000;

/** The name in the log of a topic that the pipeline declares. */
export function nameInLog(settings: Settings, declared: string): string {
  return settings.topicNames.get(declared) ?? declared;
}

/** Every topic that the pipeline has in the log: those declared, then the changelogs. */
export function namesInLog(spec: PipelineSpec, settings: Settings): readonly string[] {
  return [
    ...spec.topics
      .filter(({ pattern }) => pattern === undefined)
      .map(({ name }) => nameInLog(settings, name)),
    ...spec.groups.flatMap(({ tables }) =>
      tables.map(({ changelog }) => nameInLog(settings, changelog)),
    ),
  ];
}

/** What is needed of a declared topic that is to have so many partitions. */
export function declaredNeed(
  { spec, settings, found }: NeedContext,
  topic: PipelineSpec["topics"][number],
  partitions: number,
): TopicNeed {
  const { config, replicas } = topicOverride(spec.config, topic.name);
  const name = nameInLog(settings, topic.name);
  const role = roleOf(topic);
  const isInternal = role === "repartition";
  const isRead = spec.groups.some(({ sources }) =>
    sources.some((source) => source.topic.name === topic.name),
  );
  const ownsTime = isRead && topic.timeOf === undefined;
  const cleanup = topic.cleanup ?? (isInternal ? "delete" : undefined);
  const retentionMs = topic.retentionMs ?? (isInternal ? -1 : undefined);
  return {
    declared: topic.name,
    role,
    made: {
      name,
      partitions,
      replicas: replicas ?? topic.replicas ?? settings.replicas,
      cleanup: cleanup ?? found.get(name)?.cleanup ?? "delete",
      retentionMs: retentionMs ?? retentionDefaultMs,
      config: {
        ...(ownsTime && { [timestampType]: "CreateTime" }),
        ...sizeOfSources({ spec, settings, found }, topic),
        ...topic.config,
        ...config,
      },
    },
    ownsTime,
    ...(cleanup !== undefined && { cleanup }),
    ...(retentionMs !== undefined && { retentionMs }),
  };
}

/** What is needed of the changelog of a table with so many partitions. */
export function changelogNeed(
  settings: Settings,
  { changelog, windows }: TableDeclaration,
  partitions: number,
): TopicNeed {
  const cleanup = windows === undefined ? "compact" : "compact,delete";
  const retentionMs = windows === undefined ? -1 : windowRetentionMs(windows);
  return {
    declared: changelog,
    role: "changelog",
    made: {
      name: nameInLog(settings, changelog),
      partitions,
      replicas: settings.replicas,
      cleanup,
      retentionMs,
      config: { [compactionLag]: String(compactionLagMs) },
    },
    ownsTime: false,
    cleanup,
    ...(windows !== undefined && { retentionMs }),
  };
}

/** As long as a row can be of use, and a day for clocks and for workers that are away. */
const windowRetentionMs = (windows: TableWindows<unknown>): number =>
  longestMs(windows) + 86_400_000;

export interface NeedContext {
  readonly spec: PipelineSpec;
  readonly settings: Settings;
  readonly found: FoundTopics;
}

/** The largest record batch that a topic takes. */
export function recordLimit({ made }: TopicNeed, found: FoundTopics): number {
  const setting = { ...made.config, ...found.get(made.name)?.config }[recordMaxBytes];
  return setting === undefined ? recordMaxBytesDefault : Number(setting);
}

/** How far from now a topic takes timestamps; by the settings in force, where it exists. */
export function recordTimes({ made }: TopicNeed, found: FoundTopics): RecordTimes {
  const config = { ...made.config, ...found.get(made.name)?.config };
  const never = { beforeMs: Number.POSITIVE_INFINITY, afterMs: Number.POSITIVE_INFINITY };
  if (config[timestampType] === "LogAppendTime") return never;
  return {
    beforeMs: boundOf(config["message.timestamp.before.max.ms"]),
    afterMs: boundOf(config["message.timestamp.after.max.ms"]),
  };
}

/** Kafka writes "no bound" as the largest number it has. */
function boundOf(setting: string | undefined): number {
  const bound = Number(setting ?? Number.NaN);
  return Number.isSafeInteger(bound) ? bound : Number.POSITIVE_INFINITY;
}

/**
 * Whatever a topic takes must fit into the topics that its records are sent on to: repartition topics,
 * copies, and those of its dead letters, whose headers need room beside it.
 */
function sizeOfSources(
  context: NeedContext,
  { name, repartitionOf }: TopicDeclaration,
): Readonly<Record<string, string>> {
  const { topics, groups } = context.spec;
  const sources = groups.flatMap((group) => group.sources);
  const copied = sources.filter(({ copies }) => copies.includes(name));
  const failing = sources.filter(({ deadLetters }) => deadLetters.includes(name));
  const sizes = [
    ...topics.filter((topic) => topic.name === repartitionOf).map((from) => sizeOf(context, from)),
    ...copied.map(({ topic }) => sizeOf(context, topic)),
    ...failing.map(({ topic }) => sizeOf(context, topic) + reasonMaxBytes),
  ];
  const size = Math.max(0, ...sizes);
  return size > recordMaxBytesDefault ? { [recordMaxBytes]: String(size) } : {};
}

/** The largest record batch that a topic takes, or is to take. */
function sizeOf({ spec, settings, found }: NeedContext, topic: TopicDeclaration): number {
  const size = {
    ...topic.config,
    ...topicOverride(spec.config, topic.name).config,
    ...found.get(nameInLog(settings, topic.name))?.config,
  }[recordMaxBytes];
  return size === undefined ? recordMaxBytesDefault : Number(size);
}

function roleOf({ external, repartitionOf }: TopicDeclaration): TopicRole {
  if (external === true) return "external";
  return repartitionOf === undefined ? "own" : "repartition";
}
