import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import {
  patternFromLatest,
  patternInUnion,
  patternWithTable,
  patternWritten,
  tableOfPattern,
} from "../diagnostics/patterns.ts";
import { declaredInputsOf, inputsOf } from "../model/inputs.ts";
import type { Program } from "../model/program.ts";
import { topicsWritten } from "../model/topics-written.ts";
import type { AgentModel, TopicModel } from "../model/topology.ts";

/** Where one topic is needed, and a pattern stands for many. */
export function checkPatterns({ agents, tables, topics }: Program): readonly Diagnostic[] {
  const patterns = topics.filter(({ pattern }) => pattern !== undefined);
  return patterns.flatMap((topic) => [
    ...agents.flatMap((agent) => checkAgent(agent, topic)),
    ...tables
      .filter(({ from }) => from === topic.name)
      .map((table) => tableOfPattern(table.name, topic.name, table.span, topic.span)),
  ]);
}

function checkAgent(agent: AgentModel, { name, span }: TopicModel): readonly Diagnostic[] {
  const { trigger } = agent;
  const inputs = inputsOf(trigger);
  const isRead = inputs.includes(name);
  const isLatest = "from" in trigger && trigger.from?.kind === "latest";
  return [
    ...(topicsWritten(agent).includes(name)
      ? [patternWritten(agent.name, name, agent.span, span)]
      : []),
    ...(isRead ? tablesOf(agent, name) : []),
    ...(isRead && inputs.length > 1 ? [patternInUnion(agent.name, name, agent.span)] : []),
    ...(isLatest && declaredInputsOf(trigger).includes(name)
      ? [patternFromLatest(agent.name, name, agent.span)]
      : []),
  ];
}

const tablesOf = ({ name, resources }: AgentModel, topic: string): readonly Diagnostic[] =>
  resources.flatMap((resource) =>
    resource.kind === "table" || resource.kind === "lookup"
      ? [patternWithTable(name, resource.table, topic, resource.span)]
      : [],
  );
