import { changesItself, nothingChanges } from "../diagnostics/changes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { changedTablesOf } from "../model/inputs.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel, TriggerModel } from "../model/topology.ts";

/** Whether changes come to an end, and from somewhere. */
export const checkChanges = (program: Program, isWhole: boolean): readonly Diagnostic[] =>
  program.agents.flatMap((agent) => [
    ...checkLoop(agent),
    ...(isWhole ? checkWritten(program, agent) : []),
  ]);

/** The tables that a function gets the changes of, wherever these are handled. */
const tablesOf = (trigger: TriggerModel): readonly string[] =>
  trigger.kind === "foreign-join" ? [trigger.left, trigger.right] : changedTablesOf(trigger);

function checkLoop({ name, resources, span, trigger }: AgentModel): readonly Diagnostic[] {
  const changed = tablesOf(trigger);
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
  return tablesOf(trigger)
    .filter((table) => !isWritten(table))
    .map((table) => nothingChanges(name, table, span));
}
