import type { RecordTriggerKind, TopicModel, TriggerModel } from "../model/topology.ts";
import { type Code, code, literal } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { joinType } from "./join.ts";
import { topicOf } from "./topic-of.ts";
import { keyType } from "./topics.ts";
import { typeText } from "./type-text.ts";

/** `AgentSpec<string, Order, "orders">`, or what a join of topics is. */
export function recordAgentType(
  file: GeneratedFile,
  trigger: Extract<TriggerModel, { kind: RecordTriggerKind | "join" }>,
): Code {
  if (trigger.kind === "join") return joinType(file, trigger);
  const topic = topicOf(file, trigger.topic);
  const types = code`${keyType(file, topic.key)}, ${typeText(file, topic.value)}`;
  const spec = file.runtimeType("AgentSpec");
  const isOfValues = trigger.kind === "batch" && trigger.batch?.events !== true;
  if (trigger.kind === "each" || isOfValues) return code`${spec}<${types}>`;
  const gone = topic.cleanup.startsWith("compact") ? code`, null` : code``;
  return code`${spec}<${types}, ${shownName(file, topic)}${gone}>`;
}

/** What events show as their topic; of topics found by a pattern that is not known before. */
function shownName(file: GeneratedFile, topic: TopicModel): Code {
  const { repartitionOf } = topic;
  const source = repartitionOf === undefined ? topic : topicOf(file, repartitionOf);
  return source.pattern === undefined ? literal(source.name) : code`string`;
}
