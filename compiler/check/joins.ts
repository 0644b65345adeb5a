import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import {
  joinKeysDiffer,
  joinLongerThanRetention,
  joinPartitionsDiffer,
} from "../diagnostics/joins.ts";
import type { JoinModel, JoinSideModel } from "../model/join.ts";
import { bytesOf } from "../model/key-bytes.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel, TopicModel } from "../model/topology.ts";
import { spanText } from "./windows.ts";

/** Whether the sides of joins can meet: by their keys, in their partitions, and before they are gone. */
export const checkJoins = (program: Program): readonly Diagnostic[] =>
  program.agents.flatMap((agent) => {
    const { trigger } = agent;
    if (trigger.kind !== "join") return [];
    const topicOf = (name: string) => program.topics.find((topic) => topic.name === name);
    const [left, right] = [topicOf(trigger.left.topic), topicOf(trigger.right.topic)];
    if (left === undefined || right === undefined) return [];
    const sources = [trigger.left, trigger.right].flatMap(({ groupBy, topic }) => {
      return topicOf(groupBy?.source ?? topic) ?? [];
    });
    return [
      ...checkKeys(
        agent,
        { model: trigger.left, topic: left },
        { model: trigger.right, topic: right },
      ),
      ...checkPartitions(agent, left, right),
      ...checkRetention(agent, trigger, [...new Set(sources)]),
    ];
  });

interface Side {
  readonly model: JoinSideModel;
  readonly topic: TopicModel;
}

function checkKeys({ name, span }: AgentModel, left: Side, right: Side): readonly Diagnostic[] {
  const [one, other] = [left, right].map(({ model, topic }) => ({
    field: model.field,
    topic: model.groupBy?.source ?? topic.name,
    type: topic.key.kind === "none" ? "nothing" : bytesOf(topic.key.type),
  }));
  if (one === undefined || other === undefined || one.type === other.type) return [];
  return [joinKeysDiffer(name, one, other, span)];
}

function checkPartitions(
  { name, span }: AgentModel,
  left: TopicModel,
  right: TopicModel,
): readonly Diagnostic[] {
  const [first, second] = [left, right].map((topic) => topic.partitions);
  if (first === undefined || second === undefined || first === second) return [];
  return [
    joinPartitionsDiffer(
      name,
      { ...left, partitions: first },
      { ...right, partitions: second },
      span,
    ),
  ];
}

/** A record and its partner are both there as long as one may wait for the other. */
function checkRetention(
  { name, span }: AgentModel,
  { afterMs, beforeMs, graceMs }: JoinModel,
  sources: readonly TopicModel[],
): readonly Diagnostic[] {
  const waitsMs = Math.max(afterMs, beforeMs) + graceMs;
  return sources.flatMap((topic) => {
    const keptMs = topic.retentionMs;
    if (keptMs === undefined || keptMs < 0 || waitsMs <= keptMs) return [];
    const keeps = { name: topic.name, keeps: spanText(keptMs), span: topic.span };
    return [joinLongerThanRetention(name, keeps, spanText(waitsMs), span)];
  });
}
