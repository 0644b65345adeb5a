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
      ...(isWhole && isLeaderless(program) ? [nothingToLead(agent.name, agent.span)] : []),
    ]);

/** Topics that are found by a pattern come and go: no partition of theirs makes a leader. */
const isLeaderless = ({ groups, topics }: Program): boolean =>
  groups.every((group) =>
    topics.some(({ name, pattern }) => group.topics.includes(name) && pattern !== undefined),
  );

const tablesOf = ({ name, resources, span }: AgentModel): readonly Diagnostic[] =>
  resources.flatMap((resource) =>
    resource.kind === "table" || resource.kind === "lookup"
      ? [leaderWithTable(name, resource.table, resource.span, span)]
      : [],
  );
