import type { Log } from "../log/log.ts";
import { type Settings, topicOverride } from "../worker/settings.ts";
import type { PipelineSpec } from "../worker/spec.ts";

/** Makes the topics that others make elsewhere: nobody else is there in an embedded log. */
export async function prepareExternalTopics(
  log: Log,
  { topics, config }: PipelineSpec,
  settings: Settings,
): Promise<void> {
  const external = topics.filter((topic) => topic.external === true);
  await log.createTopics(
    external.map((topic) => {
      const override = topicOverride(config, topic.name);
      return {
        name: settings.topicNames.get(topic.name) ?? topic.name,
        partitions: override.partitions ?? topic.partitions ?? settings.partitions,
        replicas: 1,
        cleanup: topic.cleanup ?? "delete",
        retentionMs: topic.retentionMs ?? -1,
        config: { ...topic.config, ...override.config },
      };
    }),
  );
}
