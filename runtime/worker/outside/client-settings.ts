import type { SchemaRegistry } from "../../codec/registry.ts";
import { StreamgenError } from "../../errors.ts";
import type { Log, TopicSettings } from "../../log/log.ts";
import { defaultName, type Environment, resolveSetting } from "../settings/settings.ts";
import type { TopicDeclaration, WorkerConfig } from "../spec.ts";

/** What a program that is no worker has to say before it sends or reads. */
export interface ClientSettings {
  readonly log: Log;
  /** Milliseconds since 1970, for records that carry no time. */
  readonly now: () => number;
  /** The one that the workers use. Without it, on an embedded log, a registry in memory. */
  readonly registry?: SchemaRegistry;
  /** The pipeline's configuration, which may map the topic's name; generated code gives it. */
  readonly config?: WorkerConfig;
  /** What `env()` settings are read from. */
  readonly env?: Environment;
}

/** The topic as it is in the log. Throws SG8040 where it does not exist, SG8002 without its name. */
export async function findTopic(
  topic: TopicDeclaration,
  { log, config, env = {} }: ClientSettings,
): Promise<TopicSettings> {
  const named = config === undefined ? topic.name : defaultName(topic, config, env);
  const setting = config?.topics[topic.name]?.name ?? named;
  const name = resolveSetting(setting, env);
  if (name === undefined) {
    throw new StreamgenError("SG8002", `the name of topic "${topic.name}" is not set in env`);
  }
  const [description] = await log.describeTopics([name]);
  if (description === undefined) {
    throw new StreamgenError("SG8040", `topic "${name}" does not exist`, { topic: name });
  }
  return description;
}
