import { internalNameTaken } from "../diagnostics/names.ts";
import type { TopicModel } from "../model/topology.ts";
import type { Reading } from "./reading.ts";

/** Remembers a topic that streamgen makes for itself, once for all functions that need it. */
export function internalTopic(
  reading: Reading,
  topic: Pick<
    TopicModel,
    "name" | "alias" | "value" | "key" | "format" | "internal" | "retentionMs" | "span"
  >,
): TopicModel {
  const known = reading.topics.get(topic.name);
  if (known !== undefined) {
    const isSame = known.internal === topic.internal && known.alias === topic.alias;
    if (!isSame) reading.report(internalNameTaken(topic.name, topic.span, known.span));
    return known;
  }
  const { value } = topic;
  const record = value.kind === "record" ? reading.named.records.get(value.name) : undefined;
  const { internal, retentionMs, span, ...named } = topic;
  const made: TopicModel = {
    ...named,
    valueDeclaration: record?.declaration,
    ...(retentionMs !== undefined && { retentionMs }),
    cleanup: "delete",
    config: {},
    external: false,
    trustKey: false,
    ...(internal !== undefined && { internal }),
    span,
  };
  reading.topics.set(made.name, made);
  return made;
}
