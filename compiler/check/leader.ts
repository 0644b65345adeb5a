import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { leaderWithTable, nothingToLead } from "../diagnostics/timers.ts";
import type { Program } from "../model/program.ts";
import { isLeader } from "../model/timer.ts";
import type { AgentModel } from "../model/topology.ts";

/** Whether timers of the whole app have a leader, and nothing that is only a task's. */
export const checkLeaders = (program: Program, isWhole: boolean): readonly Diagnostic[] =>
  program.agents
    .filter(({ trigger }) => isLeader(trigger))
    .flatMap((agent) => [
      ...tablesOf(agent),
      ...(isWhole && program.groups.length === 0 ? [nothingToLead(agent.name, agent.span)] : []),
    ]);

const tablesOf = ({ name, resources, span }: AgentModel): readonly Diagnostic[] =>
  resources.flatMap((resource) =>
    resource.kind === "table" || resource.kind === "lookup"
      ? [leaderWithTable(name, resource.table, resource.span, span)]
      : [],
  );
