import type { TopicModel } from "../model/topology.ts";
import type { GeneratedFile } from "./file.ts";

/** The model's topic of that name. */
export function topicOf(file: GeneratedFile, name: string): TopicModel {
  const topic = file.program.topics.find((each) => each.name === name);
  if (topic === undefined) throw new Error(`SG9007: the model has no topic "${name}"`);
  return topic;
}
