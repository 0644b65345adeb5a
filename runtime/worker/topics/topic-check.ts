import type { TopicSettings } from "../../log/log.ts";
import {
  compactionLag,
  recordMaxBytes,
  recordMaxBytesDefault,
  type TopicNeed,
  timestampType,
} from "./topic-needs.ts";
import type { TopicStep } from "./topic-plan.ts";

type Alteration = Extract<TopicStep, { readonly kind: "alter" }>;

/** Everything in which a topic that exists is not as it is needed. */
export function checkTopic(need: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  if (need.role === "external") return brokerTime(need, topic);
  return [
    ...partitions(need, topic),
    ...replicas(need, topic),
    ...cleanup(need, topic),
    ...brokerTime(need, topic),
    ...retention(need, topic),
    ...sizes(need, topic),
    ...declaredConfig(need, topic),
  ];
}

function partitions({ role, made }: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  if (topic.partitions === made.partitions) return [];
  const { name } = topic;
  const fixes = {
    own: `declare "partitions": ${topic.partitions}, or make the topic again`,
    repartition: "reset makes it again, and its functions begin anew",
    changelog: "reset makes it again, and the table is computed anew",
    external: "ask who makes it",
  };
  return [
    {
      kind: "conflict",
      topic: name,
      problem: `topic "${name}" has ${topic.partitions} partitions, not ${made.partitions}`,
      fix: fixes[role],
      blocks: true,
    },
  ];
}

function replicas({ made }: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  if (topic.replicas >= made.replicas) return [];
  const { name } = topic;
  return [
    {
      kind: "conflict",
      topic: name,
      problem: `topic "${name}" has ${topic.replicas} replicas, not ${made.replicas}`,
      fix: `add replicas with kafka-reassign-partitions, or set "replicas": ${topic.replicas}`,
      blocks: false,
    },
  ];
}

/**
 * What a person has chosen for a topic of the pipeline's own is not overridden: the other policy
 * would delete records.
 */
function cleanup(need: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  if (need.cleanup === undefined || need.cleanup === topic.cleanup) return [];
  const { name } = topic;
  if (need.role !== "own") {
    const why =
      need.role === "changelog"
        ? "otherwise rows of the table are lost"
        : "otherwise records are lost before they are processed";
    return [alter(topic, ["cleanup.policy", need.cleanup], { why, blocks: true })];
  }
  return [
    {
      kind: "conflict",
      topic: name,
      problem: `topic "${name}" has cleanup.policy ${topic.cleanup}, not ${need.cleanup}`,
      fix: `declare "cleanup": "${topic.cleanup}", or change the topic's cleanup.policy`,
      blocks: true,
    },
  ];
}

function brokerTime(need: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  const isAccepted = need.made.config[timestampType] === "LogAppendTime";
  if (!need.ownsTime || isAccepted || topic.config[timestampType] !== "LogAppendTime") return [];
  const { name } = topic;
  if (need.role !== "external") {
    const why = "otherwise event times are those of the broker's clock";
    return [alter(topic, [timestampType, "CreateTime"], { why, blocks: true })];
  }
  return [
    {
      kind: "conflict",
      topic: name,
      problem:
        `topic "${name}" has ${timestampType} LogAppendTime, ` +
        "so that event times are those of the broker's clock",
      fix:
        'declare the field with the time as "time", or accept it with ' +
        `config: { "${timestampType}": "LogAppendTime" } in the topic's settings`,
      blocks: true,
    },
  ];
}

/** Retention is raised only: to lower it deletes records. */
function retention(need: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  const needed = Number(need.made.config["retention.ms"] ?? need.retentionMs ?? Number.NaN);
  if (Number.isNaN(needed) || !topic.cleanup.includes("delete")) return [];
  if (lasting(topic.retentionMs) >= lasting(needed)) return [];
  const isInternal = need.role !== "own";
  const why = isInternal
    ? "otherwise records are lost before they are processed"
    : "it keeps records for less long than declared";
  return [alter(topic, ["retention.ms", String(needed)], { why, blocks: isInternal })];
}

/** Settings that count as a least value. */
function sizes({ made }: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  const steps: TopicStep[] = [];
  const size = made.config[recordMaxBytes];
  const sizeFound = Number(topic.config[recordMaxBytes] ?? recordMaxBytesDefault);
  if (size !== undefined && sizeFound < Number(size)) {
    const why = "larger records are refused";
    steps.push(alter(topic, [recordMaxBytes, size], { why, blocks: false }));
  }
  const lag = made.config[compactionLag];
  if (lag !== undefined && Number(topic.config[compactionLag] ?? 0) < Number(lag)) {
    const why = "otherwise a restore may count what an interval did twice";
    steps.push(alter(topic, [compactionLag, lag], { why, blocks: false }));
  }
  return steps;
}

const checkedBefore: ReadonlySet<string> = new Set([
  "retention.ms",
  recordMaxBytes,
  compactionLag,
  timestampType,
]);

function declaredConfig({ made }: TopicNeed, topic: TopicSettings): readonly TopicStep[] {
  const why = "it is declared so";
  return Object.entries(made.config)
    .filter(
      ([setting, value]) => !checkedBefore.has(setting) && settingOf(topic, setting) !== value,
    )
    .map(([setting, value]) => alter(topic, [setting, value], { why, blocks: false }));
}

function settingOf(topic: TopicSettings, setting: string): string | undefined {
  if (setting === "cleanup.policy") return topic.cleanup;
  return setting === "retention.ms" ? String(topic.retentionMs) : topic.config[setting];
}

function alter(
  topic: TopicSettings,
  [setting, to]: readonly [string, string],
  { why, blocks }: Pick<Alteration, "why" | "blocks">,
): Alteration {
  const from = settingOf(topic, setting) ?? "the default";
  return { kind: "alter", topic: topic.name, setting, from, to, why, blocks };
}

function lasting(retentionMs: number): number {
  return retentionMs < 0 ? Number.POSITIVE_INFINITY : retentionMs;
}
