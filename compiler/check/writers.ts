import { feedsItself } from "../diagnostics/agents.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { neverCloses } from "../diagnostics/windows.ts";
import { neverWritten, tableNeverWritten, tableWithoutTask } from "../diagnostics/wiring.ts";
import { declaredInputsOf } from "../model/inputs.ts";
import type { Program } from "../model/program.ts";
import { isTimer } from "../model/timer.ts";
import { isInternal } from "../model/topic-kinds.ts";
import { topicsSent, topicsWritten } from "../model/topics-written.ts";
import type { AgentModel, TableModel } from "../model/topology.ts";

/** Who writes what is read. */
export const checkWriters = (program: Program): readonly Diagnostic[] => [
  ...checkTopics(program),
  ...program.tables.flatMap((table) => checkTable(program, table)),
  ...program.agents.flatMap((agent) => checkTasks(program, agent)),
  ...program.agents.flatMap(checkLoop),
];

function checkTopics(program: Program): readonly Diagnostic[] {
  const written = new Set(program.agents.flatMap(topicsWritten));
  return program.topics.flatMap((topic) => {
    if (topic.external || isInternal(topic) || written.has(topic.name)) return [];
    const tables = program.tables.filter(({ from }) => from === topic.name);
    const reader = program.agents.find(
      ({ resources, trigger }) =>
        declaredInputsOf(trigger).includes(topic.name) ||
        resources.some(
          (resource) => "table" in resource && tables.some(({ name }) => name === resource.table),
        ),
    );
    return reader === undefined
      ? []
      : [neverWritten(topic.name, reader.name, topic.span, reader.span)];
  });
}

function checkTable(program: Program, table: TableModel): readonly Diagnostic[] {
  if (table.from !== undefined) return [];
  const users = program.agents.flatMap((agent) =>
    agent.resources.flatMap((resource) =>
      "table" in resource && resource.table === table.name
        ? [{ agent, kind: resource.kind, span: resource.span }]
        : [],
    ),
  );
  const [first] = users;
  if (first === undefined || users.some((user) => user.kind === "table")) return [];
  return [tableNeverWritten(table.name, first.agent.name, table.span, first.span)];
}

/** A timer with a table ticks in the table's tasks, and only topics make tasks. */
function checkTasks(program: Program, agent: AgentModel): readonly Diagnostic[] {
  const { trigger } = agent;
  if (!isTimer(trigger) && trigger.kind !== "closed") return [];
  if (program.groups.some((group) => group.agents.includes(agent.name))) return [];
  if (trigger.kind === "closed") return [neverCloses(agent.name, trigger.table, agent.span)];
  return agent.resources.flatMap((resource) =>
    resource.kind === "table" || resource.kind === "lookup"
      ? [tableWithoutTask(agent.name, resource.table, resource.span)]
      : [],
  );
}

function checkLoop(agent: AgentModel): readonly Diagnostic[] {
  const targets = topicsSent(agent);
  const own = declaredInputsOf(agent.trigger).filter((topic) => targets.includes(topic));
  return own.map((topic) => feedsItself(agent.name, topic, agent.span));
}
