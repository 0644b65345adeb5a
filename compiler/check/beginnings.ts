import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { beginningsDiffer } from "../diagnostics/sources.ts";
import { declaredInputsOf } from "../model/inputs.ts";
import type { Program } from "../model/program.ts";
import type { BeginningModel } from "../model/source-options.ts";
import type { AgentModel, GroupModel } from "../model/topology.ts";

/** A topic is read once for all agents of a group, so they begin with the same record. */
export const checkBeginnings = (program: Program): readonly Diagnostic[] =>
  program.groups.flatMap((group) =>
    group.topics.flatMap((topic) => checkTopic(readersOf(program, group, topic), topic)),
  );

/** The agents that a group's tasks read a declared topic for. */
const readersOf = ({ agents }: Program, group: GroupModel, topic: string): readonly AgentModel[] =>
  agents.filter(
    ({ name, trigger }) =>
      [...group.agents, ...group.repartitions].includes(name) &&
      declaredInputsOf(trigger).includes(topic),
  );

function checkTopic(readers: readonly AgentModel[], topic: string): readonly Diagnostic[] {
  const [first, ...others] = readers;
  const odd = others.find((agent) => beginningText(agent) !== beginningText(first));
  if (first === undefined || odd === undefined) return [];
  const [one, other] = [first, odd].map((agent) => ({
    name: agent.name,
    begins: beginningText(agent),
    span: agent.span,
  }));
  return one === undefined || other === undefined ? [] : [beginningsDiffer(topic, one, other)];
}

const beginningText = (agent: AgentModel | undefined): string =>
  agent !== undefined && "from" in agent.trigger && agent.trigger.from !== undefined
    ? writtenBeginning(agent.trigger.from)
    : "earliest";

/** As it stands in the source, but for spans, which are in milliseconds. */
function writtenBeginning(from: BeginningModel): string {
  switch (from.kind) {
    case "latest":
      return "latest";
    case "time":
      return from.time;
    case "ago":
      return `-${from.ms}ms`;
  }
}
