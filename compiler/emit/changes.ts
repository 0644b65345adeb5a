import { changedTablesOf } from "../model/inputs.ts";
import type { AgentModel, GroupModel, TableModel } from "../model/topology.ts";
import type { WorkerFile } from "./agent.ts";
import { tableOf, tableText } from "./agent-tables.ts";
import { array, type Code, call, code, object } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { rightReaders } from "./table-join.ts";
import { typeText } from "./type-text.ts";

/** What the runtime's types and functions are called, for each kind of table. */
const words = {
  plain: { change: "TableChange", source: "changes" },
  windowed: { change: "WindowChange", source: "windowChanges" },
  set: { change: "ElementChange", source: "elementChanges" },
};

const wordsOf = ({ kind, window }: TableModel): (typeof words)[keyof typeof words] =>
  words[kind ?? (window === undefined ? "plain" : "windowed")];

/** `ChangeAgentSpec<TableChange<string, number>>` */
export function changeAgentType(file: GeneratedFile, table: string): Code {
  const model = tableOf(file, table);
  const change = file.runtimeType(wordsOf(model).change);
  const types = code`${typeText(file, model.key)}, ${typeText(file, model.value)}`;
  return code`${file.runtimeType("ChangeAgentSpec")}<${change}<${types}>>`;
}

/** `changes({ table: countsTable, agents: [reportAgent] })`, for each table of a group that has readers. */
export function changeSources(worker: WorkerFile, group: GroupModel): readonly Code[] {
  const { file } = worker;
  return group.tables.flatMap((name) => {
    const agents = [
      ...changeReadersOf(file, name).map((agent) => readerText(worker, agent, name)),
      ...rightReaders(worker, group, name),
    ];
    if (agents.length === 0) return [];
    const entries = [code`table: ${tableText(file, name)}`, code`agents: ${array(agents)}`];
    return [call(file.runtime(wordsOf(tableOf(file, name)).source), [object(entries)])];
  });
}

/** `reportAgent`, or one side of a join: `joinLeft(matchJoin)` */
function readerText({ constantOf, file }: WorkerFile, agent: AgentModel, table: string): Code {
  const { trigger } = agent;
  if (trigger.kind === "foreign-join")
    return call(file.runtime("foreignLeft"), [constantOf(agent)]);
  if (trigger.kind !== "table-join") return constantOf(agent);
  const side = trigger.left === table ? "joinLeft" : "joinRight";
  return call(file.runtime(side), [constantOf(agent)]);
}

/** The agents that get a table's changes, in declared order. */
export const changeReadersOf = (file: GeneratedFile, table: string): readonly AgentModel[] =>
  file.program.agents.filter(({ trigger }) => changedTablesOf(trigger).includes(table));
