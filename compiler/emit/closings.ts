import type { AgentModel } from "../model/topology.ts";
import type { WorkerFile } from "./agent.ts";
import { tableText } from "./agent-tables.ts";
import { array, type Code, call, code, object } from "./code.ts";
import { joinClosings } from "./join.ts";

/** `closings: [closing({ table: recentTable, agents: [reportAgent] })]` */
export function closingEntries(worker: WorkerFile, members: readonly AgentModel[]): Code[] {
  const { file } = worker;
  const closings = file.program.tables.flatMap(({ name }) => {
    const agents = members.filter(
      ({ trigger }) => trigger.kind === "closed" && trigger.table === name,
    );
    if (agents.length === 0) return [];
    const entries = [
      code`table: ${tableText(file, name)}`,
      code`agents: ${array(agents.map(worker.constantOf))}`,
    ];
    return [call(file.runtime("closing"), [object(entries)])];
  });
  const all = [...closings, ...joinClosings(worker.constantOf, members)];
  return all.length === 0 ? [] : [code`closings: ${array(all)}`];
}
