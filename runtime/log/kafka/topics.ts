import { logCode, logError } from "../codes.ts";
import type { TopicSettings } from "../log.ts";
import { checkConflicts, checkTopics, isTopicName } from "../topic-rules.ts";
import type { Apis } from "./apis.ts";
import { brokerErrors, Refusal, refuse } from "./broker-errors.ts";
import type { Cluster } from "./cluster.ts";

/** A topic among the resources that have settings. */
const topicResource = 2;
const leaderNotAvailable = 5;
const alreadyExists = 36;
/** Brokers that have to know of new topics before their creation counts as done. */
const nodesAsked = 10;
const createTimeoutMs = 10_000;

type TopicError = Apis["CreateTopics"]["answer"]["topicErrors"][number];

/** `Log.createTopics`. Two workers that create the same topics at once both succeed. */
export async function createTopics(
  cluster: Cluster,
  wanted: readonly TopicSettings[],
): Promise<void> {
  checkTopics(wanted);
  const existing = await describeTopics(
    cluster,
    wanted.map(({ name }) => name),
  );
  checkConflicts(wanted, existing);
  const found = new Set(existing.map(({ name }) => name));
  const missing = wanted.filter(({ name }) => !found.has(name));
  if (missing.length === 0) return;
  // Kafka creates the topics of a request one by one, so what is wrong with any is asked first.
  await request(cluster, missing, true);
  await request(cluster, missing, false);
  const names = missing.map(({ name }) => name);
  await cluster.persist("waiting for new topics", () => untilKnown(cluster, names));
  checkConflicts(missing, await describeTopics(cluster, names));
}

/** Brokers hear of a topic one after the other, and whoever uses it may ask any of them. */
async function untilKnown(cluster: Cluster, topics: readonly string[]): Promise<void> {
  for (const node of cluster.nodes.slice(0, nodesAsked)) {
    const { topicMetadata } = await cluster.call(node, "Metadata", {
      topics,
      allowAutoTopicCreation: false,
    });
    for (const { topic, topicErrorCode, partitionMetadata } of topicMetadata) {
      const isLed = partitionMetadata.every(({ leader }) => leader >= 0);
      if (topicErrorCode !== 0 || !isLed) throw new Refusal(leaderNotAvailable, { topic });
    }
  }
}

async function request(
  cluster: Cluster,
  topics: readonly TopicSettings[],
  validateOnly: boolean,
): Promise<void> {
  await cluster.persist("creating topics", async () => {
    const { topicErrors } = await cluster.call(await cluster.controller(), "CreateTopics", {
      topics: topics.map((settings) => ({
        topic: settings.name,
        numPartitions: settings.partitions,
        replicationFactor: settings.replicas,
        configEntries: configOf(settings),
      })),
      validateOnly,
      timeout: createTimeoutMs,
    });
    // One that has come into being meanwhile is looked at afterwards.
    const failed = topicErrors.filter(
      ({ errorCode }) => errorCode !== 0 && errorCode !== alreadyExists,
    );
    const transient = failed.find(({ errorCode }) => new Refusal(errorCode).again !== undefined);
    if (transient !== undefined) refuse(transient.errorCode, { topic: transient.topic });
    if (failed.length > 0) throw failure(failed);
  });
}

function configOf(settings: TopicSettings): { readonly name: string; readonly value: string }[] {
  const entries = {
    "cleanup.policy": settings.cleanup,
    "retention.ms": String(settings.retentionMs),
    ...settings.config,
  };
  return Object.entries(entries).map(([name, value]) => ({ name, value }));
}

function failure(errors: readonly TopicError[]): Error {
  const problems = errors.map(({ topic, errorCode, errorMessage }) => {
    const known = brokerErrors.get(errorCode);
    return `"${topic}": ${errorMessage ?? known?.says ?? `error ${errorCode}`}`;
  });
  const code = brokerErrors.get(errors[0]?.errorCode ?? 0)?.code ?? logCode.unexpected;
  return logError(code, `topics cannot be created: ${problems.join("; ")}`);
}

/** `Log.describeTopics`: every setting that is not a secret, by its value in force. */
export async function describeTopics(
  cluster: Cluster,
  names: readonly string[],
): Promise<readonly TopicSettings[]> {
  const possible = [...new Set(names)].filter(isTopicName);
  if (possible.length === 0) return [];
  return cluster.persist("describing topics", async () => {
    const topics = await cluster.topics(possible);
    const existing = possible.filter((name) => topics.has(name));
    if (existing.length === 0) return [];
    const { resources } = await cluster.callAny("DescribeConfigs", {
      resources: existing.map((name) => ({ type: topicResource, name })),
      includeSynonyms: false,
    });
    const configs = new Map(resources.map((resource) => [resource.resourceName, resource]));
    return existing.flatMap((name) => {
      const resource = configs.get(name);
      // Deleted between the two questions.
      if (resource === undefined || resource.errorCode === 3) return [];
      refuse(resource.errorCode, { topic: name });
      const { leaders, replicas } = topics.get(name) ?? { leaders: [], replicas: 0 };
      return [settingsOf(name, leaders.length, replicas, resource.configEntries)];
    });
  });
}

type ConfigEntry = Apis["DescribeConfigs"]["answer"]["resources"][number]["configEntries"][number];

function settingsOf(
  name: string,
  partitions: number,
  replicas: number,
  entries: readonly ConfigEntry[],
): TopicSettings {
  const known = entries.flatMap(({ configName, configValue, isSensitive }) =>
    configValue === null || isSensitive ? [] : [[configName, configValue] as const],
  );
  const {
    "cleanup.policy": cleanup = "delete",
    "retention.ms": retentionMs = "-1",
    ...config
  } = Object.fromEntries(known);
  return {
    name,
    partitions,
    replicas,
    cleanup: policyOf(cleanup),
    retentionMs: Number(retentionMs),
    config,
  };
}

function policyOf(text: string): TopicSettings["cleanup"] {
  const isCompacted = /\bcompact\b/.test(text);
  const isDeleted = /\bdelete\b/.test(text);
  if (isCompacted) return isDeleted ? "compact,delete" : "compact";
  return "delete";
}
