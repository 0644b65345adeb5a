import type { TopicModel } from "../model/topology.ts";
import type { Code } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { topicName } from "./names.ts";

/** The model's topic of that name. */
export function topicOf(file: GeneratedFile, name: string): TopicModel {
  const topic = file.program.topics.find((each) => each.name === name);
  if (topic === undefined) throw new Error(`SG9007: the model has no topic "${name}"`);
  return topic;
}

/** The constant of a topic, imported. */
export const topicText = (file: GeneratedFile, name: string): Code =>
  file.generated("topics.ts", topicName(topicOf(file, name).alias));
