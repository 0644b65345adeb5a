import type { Log, TopicSettings } from "../log/log.ts";
import type { Settings } from "../worker/settings/settings.ts";
import type { PipelineSpec, TopicSpec } from "../worker/spec.ts";
import { nameInLog } from "../worker/topics/topic-needs.ts";
import { exitCode } from "./exit-code.ts";
import { nearest } from "./nearest.ts";
import { Refusal } from "./refusal.ts";

/** A topic of the pipeline, by its declared name. Throws a `Refusal` with the nearest one. */
export function topicNamed(
  topics: readonly TopicSpec<unknown, unknown>[],
  name: string,
): TopicSpec<unknown, unknown> {
  const found = topics.find((topic) => topic.name === name);
  if (found !== undefined) return found;
  const names = topics.map((topic) => topic.name);
  const guess = nearest(name, names);
  const fix = guess === undefined ? `use one of: ${names.join(", ")}` : `write "${guess}"`;
  const message = `there is no topic "${name}"`;
  throw new Refusal("SG8502", message, { fix, exitCode: exitCode.usage });
}

/** A topic of the pipeline that exists in the log. */
export interface FoundTopic {
  readonly spec: TopicSpec<unknown, unknown>;
  /** The name in the log. */
  readonly name: string;
  readonly partitions: number;
  readonly settings: TopicSettings;
}

/** Finds a declared topic in the log. Throws a `Refusal` where there is none. */
export async function findTopic(
  log: Log,
  { spec, settings }: { readonly spec: PipelineSpec; readonly settings: Settings },
  declared: string,
): Promise<FoundTopic> {
  const topic = topicNamed(spec.topics, declared);
  const name = nameInLog(settings, declared);
  const [found] = await log.describeTopics([name]);
  if (found === undefined) {
    const command = `topics apply${topic.external === true ? " --external" : ""}`;
    const fix = `make it: streamgen ${command}, or ${command} of the worker's own program`;
    throw new Refusal("SG8510", `topic "${name}" does not exist`, {
      fix,
      exitCode: exitCode.failed,
    });
  }
  return { spec: topic, name, partitions: found.partitions, settings: found };
}
