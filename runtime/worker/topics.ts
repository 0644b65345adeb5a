import { StreamgenError } from "../errors.ts";
import type { Log, TopicSettings } from "../log/log.ts";
import { type Settings, topicOverride } from "./settings.ts";
import type { GroupSpec, PipelineSpec, TopicDeclaration } from "./spec.ts";

/** Where declared topics are in the log. */
export interface Topics {
  /** The name in the log. */
  nameOf(declared: string): string;
  /** By declared name; changelogs are among them. */
  partitionsOf(declared: string): number;
  /** The largest record batch that the topic takes, by declared name. */
  recordMaxBytesOf(declared: string): number;
}

/** A week, as Kafka keeps records unless told otherwise. */
const retentionDefaultMs = 604_800_000;
/** What Kafka takes at most, unless told otherwise. */
const recordMaxBytes = 1_048_588;
/** Keeps what a restore needs to tell a committed value from one behind it. */
const compactionLagMs = 600_000;

/**
 * Makes the pipeline's topics and its changelogs, where they are missing. Throws SG8003 that lists
 * every topic which is missing and not to be made, and every group whose inputs differ in partitions.
 */
export async function prepareTopics(
  log: Log,
  spec: PipelineSpec,
  settings: Settings,
): Promise<Topics> {
  const nameOf = (declared: string) => settings.topicNames.get(declared) ?? declared;
  const existing = await log.describeTopics(spec.topics.map((topic) => nameOf(topic.name)));
  const found = new Map(existing.map((topic) => [topic.name, topic]));
  const problems = spec.topics
    .filter((topic) => topic.external === true && !found.has(nameOf(topic.name)))
    .map((topic) => missing(nameOf(topic.name)));

  const partitions = new Map<string, number>();
  for (const topic of spec.topics) {
    partitions.set(topic.name, partitionCount(spec, settings, topic, found));
  }
  for (const group of spec.groups) {
    const count = groupPartitions(group, partitions, problems);
    for (const table of group.tables) partitions.set(table.changelog, count);
  }
  if (problems.length > 0) throw new StreamgenError("SG8003", problems.join("; "));

  const partitionsOf = (declared: string): number => {
    const count = partitions.get(declared);
    if (count === undefined) {
      throw new StreamgenError("SG8004", `topic "${declared}" is not in the pipeline's spec`);
    }
    return count;
  };
  const own = spec.topics.filter((topic) => topic.external !== true);
  await log.createTopics([
    ...own.map((topic) => ({
      ...topicSettings(spec, settings, topic, found.get(nameOf(topic.name))),
      partitions: partitionsOf(topic.name),
    })),
    ...spec.groups.flatMap((group) =>
      group.tables.map((table) =>
        changelogSettings(table.changelog, partitionsOf(table.changelog), settings),
      ),
    ),
  ]);
  const limits = new Map(
    spec.topics.map((topic) => [topic.name, recordLimit(spec, settings, topic, found)]),
  );
  return {
    nameOf,
    partitionsOf,
    recordMaxBytesOf: (declared) => limits.get(declared) ?? recordMaxBytes,
  };
}

/**
 * What is declared comes first, so that a topic which exists with other partitions is refused. Where
 * nothing is declared, what exists counts, then the source of a repartition, then the default.
 */
function partitionCount(
  spec: PipelineSpec,
  settings: Settings,
  topic: TopicDeclaration,
  found: ReadonlyMap<string, TopicSettings>,
): number {
  const exists = found.get(settings.topicNames.get(topic.name) ?? topic.name)?.partitions;
  if (topic.external === true && exists !== undefined) return exists;
  const declared = topicOverride(spec.config, topic.name).partitions ?? topic.partitions;
  const known = declared ?? exists;
  if (known !== undefined) return known;
  const source = spec.topics.find(({ name }) => name === topic.repartitionOf);
  return source === undefined || source === topic
    ? settings.partitions
    : partitionCount(spec, settings, source, found);
}

function recordLimit(
  spec: PipelineSpec,
  settings: Settings,
  topic: TopicDeclaration,
  found: ReadonlyMap<string, TopicSettings>,
): number {
  const override = topicOverride(spec.config, topic.name);
  const exists = found.get(settings.topicNames.get(topic.name) ?? topic.name)?.config;
  const setting = { ...topic.config, ...override.config, ...exists }["max.message.bytes"];
  return setting === undefined ? recordMaxBytes : Number(setting);
}

function missing(name: string): string {
  return `topic "${name}" is external and does not exist: create it, or leave out "external"`;
}

/** The number of tasks of a group: its inputs must agree. */
function groupPartitions(
  group: GroupSpec,
  partitions: ReadonlyMap<string, number>,
  problems: string[],
): number {
  const counts = group.sources.flatMap((source) => {
    const count = partitions.get(source.topic.name);
    return count === undefined ? [] : [{ name: source.topic.name, count }];
  });
  if (new Set(counts.map(({ count }) => count)).size > 1) {
    const list = counts.map(({ name, count }) => `"${name}" has ${count}`).join(", ");
    problems.push(`inputs of group "${group.name}" must have equally many partitions: ${list}`);
  }
  return counts[0]?.count ?? 1;
}

function topicSettings(
  spec: PipelineSpec,
  settings: Settings,
  topic: TopicDeclaration,
  existing: TopicSettings | undefined,
): Omit<TopicSettings, "partitions"> {
  const override = topicOverride(spec.config, topic.name);
  return {
    name: settings.topicNames.get(topic.name) ?? topic.name,
    replicas: override.replicas ?? topic.replicas ?? settings.replicas,
    cleanup: topic.cleanup ?? existing?.cleanup ?? "delete",
    retentionMs: topic.retentionMs ?? (topic.repartitionOf === undefined ? retentionDefaultMs : -1),
    config: { ...topic.config, ...override.config },
  };
}

function changelogSettings(name: string, partitions: number, settings: Settings): TopicSettings {
  return {
    name,
    partitions,
    replicas: settings.replicas,
    cleanup: "compact",
    retentionMs: -1,
    config: { "min.compaction.lag.ms": String(compactionLagMs) },
  };
}
