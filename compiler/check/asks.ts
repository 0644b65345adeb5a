import { asksItself, askWithoutKey, clientOfNoAsk, committedAsked } from "../diagnostics/asks.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ClientModel } from "../model/ask-trigger.ts";
import { type AskModel, answersAtOnce, isAsk } from "../model/asks.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel } from "../model/topology.ts";

/** Whether questions reach the rows they are about, and nothing waits for itself. */
export const checkAsks = (program: Program, isWhole: boolean): readonly Diagnostic[] => [
  ...program.agents.filter(isAsk).flatMap((agent) => checkKey(program, agent)),
  ...program.agents.flatMap((agent) =>
    clientsOf(agent).flatMap((client) => checkClient(program, agent, client, isWhole)),
  ),
];

const clientsOf = ({ resources }: AgentModel): readonly ClientModel[] =>
  resources.flatMap((resource) => (resource.kind === "client" ? [resource] : []));

function checkKey({ topics }: Program, agent: AskModel): readonly Diagnostic[] {
  const questions = topics.find(({ name }) => name === agent.trigger.topic);
  if (questions?.key.kind !== "none") return [];
  return agent.resources.flatMap((resource) =>
    resource.kind === "table" || resource.kind === "lookup"
      ? [askWithoutKey(agent.name, resource.table, resource.span)]
      : [],
  );
}

function checkClient(
  program: Program,
  agent: AgentModel,
  client: ClientModel,
  isWhole: boolean,
): readonly Diagnostic[] {
  const asked = askedBy(program, client);
  if (asked === undefined) {
    return isWhole ? [clientOfNoAsk(agent.name, client.asks, client.span, agent.span)] : [];
  }
  const group = groupOf(program, agent);
  if (client.castsOnly === true || group === undefined) return [];
  if (asked.trigger.committed === true) {
    return [committedAsked(agent.name, asked.name, client.span, asked.span)];
  }
  if (isAsk(agent) && isSideBySide(agent)) return [];
  const way = wayInto(program, asked, group);
  if (way === undefined) return [];
  const last = way.at(-1) ?? asked;
  const path = way.slice(0, -1).map(({ name }) => name);
  return [asksItself(agent.name, { name: last.name, path }, client.span, last.span)];
}

/** Whether the function's task goes on while it waits, with whatever comes next. */
const isSideBySide = (agent: AskModel): boolean =>
  answersAtOnce(agent) !== undefined && agent.resources.every(({ kind }) => kind !== "table");

const askedBy = ({ agents }: Program, { asks }: ClientModel): AskModel | undefined =>
  agents.filter(isAsk).find(({ name }) => name === asks);

const groupOf = ({ groups }: Program, { name }: AgentModel): string | undefined =>
  groups.find(({ agents }) => agents.includes(name))?.name;

/** The shortest way, from question to question, to a function in the tasks of a group. */
function wayInto(
  program: Program,
  first: AskModel,
  group: string,
): readonly AskModel[] | undefined {
  const met = new Set([first]);
  const ways: (readonly AskModel[])[] = [[first]];
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const here = way.at(-1) ?? first;
    if (groupOf(program, here) === group) return way;
    for (const client of clientsOf(here)) {
      const next = client.castsOnly === true ? undefined : askedBy(program, client);
      if (next === undefined || met.has(next)) continue;
      met.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
