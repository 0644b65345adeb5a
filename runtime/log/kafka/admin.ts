import type { ActiveMember, LogAdmin, TopicAlteration } from "../admin.ts";
import { logCode, logError } from "../codes.ts";
import type { CommittedOffset } from "../log.ts";
import { brokerErrors, Refusal, refuse } from "./broker-errors.ts";
import { byTopic } from "./by-topic.ts";
import { Cluster } from "./cluster.ts";
import { type KafkaLogOptions, resolveOptions } from "./options.ts";
import type { KafkaSettings } from "./settings.ts";

/** A topic among the resources that have settings. */
const topicResource = 2;
/** A setting that the topic has of its own. */
const ownSetting = 1;
const unknownTopic = 3;
const nonEmptyGroup = 68;
const unknownGroup = 69;
const deleteTimeoutMs = 10_000;

/** A Kafka cluster as tools see it. Nothing is sent yet. Throws SG6024 and SG6025 as `kafkaLog` does. */
export function kafkaAdmin(settings: KafkaSettings, options: KafkaLogOptions = {}): LogAdmin {
  return new KafkaAdmin(new Cluster(settings, resolveOptions(options)));
}

class KafkaAdmin implements LogAdmin {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  members(group: string): Promise<readonly ActiveMember[]> {
    return this.#cluster.persist(`describing group "${group}"`, async () => {
      const node = await this.#cluster.coordinator("group", group);
      const { groups } = await this.#cluster.call(node, "DescribeGroups", { groupIds: [group] });
      return groups.flatMap(({ errorCode, members }) => {
        if (errorCode === unknownGroup) return [];
        refuse(errorCode);
        return members.map(({ clientId, clientHost }) => ({
          client: clientId,
          host: clientHost.replace(/^\//, ""),
        }));
      });
    });
  }

  committed(group: string): Promise<readonly CommittedOffset[]> {
    return this.#cluster.persist(`reading the offsets of group "${group}"`, async () => {
      const node = await this.#cluster.coordinator("group", group);
      // No topics: all of them.
      const request = { groupId: group, topics: [] };
      const answer = await this.#cluster.call(node, "OffsetFetch", request);
      refuse(answer.errorCode);
      const offsets = answer.responses.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, errorCode, offset, metadata }) => {
          refuse(errorCode, { topic, partition });
          return { topic, partition, offset: Number(offset), metadata: metadata ?? "" };
        }),
      );
      return offsets.sort(
        (a, b) => (a.topic < b.topic ? -1 : Number(a.topic > b.topic)) || a.partition - b.partition,
      );
    });
  }

  setOffsets(group: string, offsets: readonly CommittedOffset[]): Promise<void> {
    return this.#cluster.persist(`setting the offsets of group "${group}"`, async () => {
      const node = await this.#cluster.coordinator("group", group);
      const { responses } = await this.#cluster.call(node, "OffsetCommit", {
        groupId: group,
        // Nobody's: taken only where the group has no members.
        groupGenerationId: -1,
        memberId: "",
        topics: byTopic(offsets, ({ partition, offset, metadata }) => ({
          ...{ partition, metadata },
          offset: String(offset),
        })),
      });
      for (const { topic, partitions } of responses) {
        for (const { partition, errorCode } of partitions) refuse(errorCode, { topic, partition });
      }
    });
  }

  deleteGroup(group: string): Promise<void> {
    return this.#cluster.persist(`deleting group "${group}"`, async () => {
      const node = await this.#cluster.coordinator("group", group);
      const { results } = await this.#cluster.call(node, "DeleteGroups", [group]);
      for (const { errorCode } of results) {
        if (errorCode === unknownGroup) continue;
        if (errorCode === nonEmptyGroup) {
          throw logError(logCode.refused, `group "${group}" has active members`);
        }
        refuse(errorCode);
      }
    });
  }

  deleteTopics(names: readonly string[]): Promise<void> {
    return this.#cluster.persist("deleting topics", async () => {
      const { topicErrors } = await this.#cluster.call(
        await this.#cluster.controller(),
        "DeleteTopics",
        { topics: names, timeout: deleteTimeoutMs },
      );
      for (const { topic, errorCode } of topicErrors) {
        if (errorCode !== unknownTopic) refuse(errorCode, { topic });
      }
      // Deletion goes on after the answer; whoever makes the topics again must not meet the old ones.
      const left = [...(await this.#cluster.topics(names)).keys()][0];
      if (left !== undefined) throw new Refusal(5, { topic: left });
    });
  }

  async alterTopics(changes: readonly TopicAlteration[]): Promise<void> {
    for (const { topic, config } of changes) {
      await this.#cluster.persist(`changing the settings of ${topic}`, () =>
        this.#alter(topic, config),
      );
      // The broker that is asked hears of it later; what it says until then would undo the change.
      await this.#cluster.persist(`waiting for the settings of ${topic}`, async () => {
        const own = await this.#ownSettings(topic);
        const isBehind = Object.entries(config).some(([name, value]) => own[name] !== value);
        if (isBehind) throw new Refusal(5, { topic });
      });
    }
  }

  close(): Promise<void> {
    this.#cluster.close();
    return Promise.resolve();
  }

  async #alter(topic: string, config: TopicAlteration["config"]): Promise<void> {
    const settings = { ...(await this.#ownSettings(topic)), ...config };
    const { resources } = await this.#cluster.call(
      await this.#cluster.controller(),
      "AlterConfigs",
      {
        resources: [
          {
            type: topicResource,
            name: topic,
            configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
          },
        ],
        validateOnly: false,
      },
    );
    for (const { errorCode, errorMessage } of resources) {
      const known = brokerErrors.get(errorCode);
      if (errorCode !== 0 && known?.again === undefined && errorMessage !== null) {
        const code = known?.code ?? logCode.unexpected;
        throw logError(code, `topic "${topic}" cannot be changed: ${errorMessage}`, { topic });
      }
      refuse(errorCode, { topic });
    }
  }

  /** What an alteration that does not name it would set back to the default. */
  async #ownSettings(topic: string): Promise<Readonly<Record<string, string>>> {
    const { resources } = await this.#cluster.call(
      await this.#cluster.controller(),
      "DescribeConfigs",
      { resources: [{ type: topicResource, name: topic }], includeSynonyms: false },
    );
    const own = resources.flatMap(({ errorCode, configEntries }) => {
      refuse(errorCode, { topic });
      return configEntries.flatMap(({ configName, configValue, configSource }) =>
        configSource === ownSetting && configValue !== null
          ? [[configName, configValue] as const]
          : [],
      );
    });
    return Object.fromEntries(own);
  }
}
