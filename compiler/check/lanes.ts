import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { lanesForNothing, lanesWithTable } from "../diagnostics/sources.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel, TableModel } from "../model/topology.ts";

/** Whether a function may handle several records at once, and has anything of it. */
export const checkLanes = (program: Program): readonly Diagnostic[] =>
  program.agents.flatMap((agent) => {
    const { trigger } = agent;
    if (!("topic" in trigger) || (trigger.lanes ?? 1) === 1) return [];
    if (!agent.async) return [lanesForNothing(agent.name, agent.span)];
    return checkTables(program, agent, "also" in trigger && trigger.also !== undefined);
  });

/** Each topic of a union has lanes of its own, so that records of one key may be in two of them. */
function checkTables(program: Program, agent: AgentModel, isUnion: boolean): readonly Diagnostic[] {
  return agent.resources.flatMap((resource) => {
    if (resource.kind !== "table" && resource.kind !== "lookup") return [];
    const table = program.tables.find(({ name }) => name === resource.table);
    const isPlain = table !== undefined && isOfRows(table);
    const accesses = agent.body.accesses.filter((access) => access.table === resource.table);
    const doubtful = accesses.find(({ key }) => key.kind !== "proved");
    if (isPlain && doubtful === undefined && !isUnion) return [];
    return [lanesWithTable(agent.name, resource.table, doubtful?.span ?? resource.span)];
  });
}

/** Sets, indexes and windows keep several rows for what looks like one. */
const isOfRows = ({ kind, indexes, window }: TableModel): boolean =>
  kind === undefined && indexes === undefined && window === undefined;
