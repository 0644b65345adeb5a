import type { TopicSettings } from "../../log/log.ts";
import { PatternNames } from "../../worker/topics/pattern-names.ts";
import { exitCode } from "../exit-code.ts";
import { findTopic } from "../find-topic.ts";
import { Refusal } from "../refusal.ts";
import type { DlqJob } from "./job.ts";
import type { Letter } from "./letters.ts";

/** Where dead letters go. */
export interface Targets {
  /** Whether each goes to the topic that it came from. */
  readonly isSource: boolean;
  /** Throws a `Refusal` where it came from a topic that is not there. */
  of(letter: Letter): TopicSettings;
}

/** The topics of the pipeline that exist, or the one that `to` names. */
export async function findTargets(
  { cluster, settings, spec }: DlqJob,
  to: string,
): Promise<Targets> {
  if (to !== "source") {
    const found = await findTopic(cluster.log, { spec, settings }, to);
    return { isSource: false, of: () => found.settings };
  }
  const names = await new PatternNames(spec, settings).resolve(cluster.log, spec.topics);
  const existing = await cluster.log.describeTopics(names);
  const byName = new Map(existing.map((topic) => [topic.name, topic]));
  return {
    isSource: true,
    of({ topic, at }) {
      const found = byName.get(topic);
      if (found !== undefined) return found;
      // Headers are anybody's text: they must not lead out of the pipeline.
      throw new Refusal(
        "SG8203",
        `the dead letter at ${at.partition}/${at.offset} comes from "${topic}", which is no topic of ` +
          "the pipeline that exists",
        { fix: "choose others by --where, or say --to <topic>", exitCode: exitCode.failed },
      );
    },
  };
}
