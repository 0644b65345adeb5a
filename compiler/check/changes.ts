import { changesItself, nothingChanges } from "../diagnostics/changes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { changedTablesOf } from "../model/inputs.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel } from "../model/topology.ts";

/** Whether changes come to an end, and from somewhere. */
export const checkChanges = (program: Program, isWhole: boolean): readonly Diagnostic[] =>
  program.agents.flatMap((agent) => [
    ...checkLoop(agent),
    ...(isWhole ? checkWritten(program, agent) : []),
  ]);

function checkLoop({ name, resources, span, trigger }: AgentModel): readonly Diagnostic[] {
  const changed = changedTablesOf(trigger);
  return resources.flatMap((resource) =>
    resource.kind === "table" && changed.includes(resource.table)
      ? [changesItself(name, resource.table, resource.span, span)]
      : [],
  );
}

/** A table's changes are handled in the tasks that write it, and only topics make tasks. */
function checkWritten(
  { agents, groups }: Program,
  { name, span, trigger }: AgentModel,
): readonly Diagnostic[] {
  const isWritten = (table: string): boolean =>
    agents.some(
      (agent) =>
        agent.resources.some((each) => each.kind === "table" && each.table === table) &&
        groups.some((group) => group.agents.includes(agent.name)),
    );
  return changedTablesOf(trigger)
    .filter((table) => !isWritten(table))
    .map((table) => nothingChanges(name, table, span));
}
