import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import {
  keyIsAnotherField,
  keyIsConstant,
  keyTypesDiffer,
  tableWithoutKey,
} from "../diagnostics/wiring.ts";
import { changedTablesOf, inputsOf } from "../model/inputs.ts";
import { bytesOf } from "../model/key-bytes.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel, TableAccessModel, TableModel, TopicModel } from "../model/topology.ts";

/** Whether rows live where the records that use them are handled. */
export const checkKeys = (program: Program): readonly Diagnostic[] =>
  program.agents.flatMap((agent) => {
    const inputs = inputsOf(agent.trigger);
    const topics = program.topics.filter(({ name }) => inputs.includes(name));
    const changed = changedTablesOf(agent.trigger);
    const tables = program.tables.filter(({ name }) => changed.includes(name));
    return [
      ...topics.flatMap((topic) => checkAgent(program, agent, topic)),
      ...tables.flatMap((table) => checkChanges(program, agent, table)),
    ];
  });

/** Rows that are in one partition only: a global table has all of them everywhere. */
const keyedAccesses = ({ tables }: Program, { body }: AgentModel): readonly TableAccessModel[] =>
  body.accesses.filter(
    (access) => !tables.some(({ global: isGlobal, name }) => isGlobal && name === access.table),
  );

/** What a table's changes are keyed by is the table's own key. */
function checkChanges(
  program: Program,
  agent: AgentModel,
  { changelog: name, key: type }: TableModel,
): readonly Diagnostic[] {
  const input = { name, key: { kind: "given", type } } as const;
  return keyedAccesses(program, agent).flatMap((access) => [
    ...checkAccess(agent, input, access),
    ...checkKeyType(program, input, access),
  ]);
}

/** What is read: a topic, or a table's changes. */
type KeyedInput = Pick<TopicModel, "name" | "key" | "repartitionOf">;

function checkAgent(program: Program, agent: AgentModel, topic: TopicModel): readonly Diagnostic[] {
  if (topic.key.kind === "none") {
    return topic.internal === "questions" ? [] : agentsTables(program, agent, topic);
  }
  return keyedAccesses(program, agent).flatMap((access) => [
    ...checkAccess(agent, topic, access),
    ...checkKeyType(program, topic, access),
  ]);
}

const agentsTables = (
  { tables }: Program,
  agent: AgentModel,
  topic: TopicModel,
): readonly Diagnostic[] =>
  agent.resources.flatMap((resource) =>
    resource.kind === "table" ||
    (resource.kind === "lookup" &&
      tables.some(({ from, name }) => from !== undefined && name === resource.table))
      ? [tableWithoutKey(agent.name, resource.table, topic.name, resource.span)]
      : [],
  );

function checkAccess(
  agent: AgentModel,
  topic: KeyedInput,
  { table, key, span }: TableAccessModel,
): readonly Diagnostic[] {
  if (key.kind === "constant") return [keyIsConstant(agent.name, table, span)];
  // Senders who give the key may well take it from a field.
  if (key.kind !== "field" || topic.key.kind === "given") return [];
  const source = topic.repartitionOf ?? topic.name;
  const access = {
    agent: agent.name,
    table,
    field: key.field,
    topic: source,
    keyedBy: keyedBy(topic),
  };
  return [keyIsAnotherField(access, span, agent.span)];
}

function keyedBy({ key, repartitionOf }: KeyedInput): string {
  const how = repartitionOf === undefined ? "keyed" : "grouped";
  if (key.kind === "field") return `${how} by "${key.field}"`;
  return key.kind === "function" ? `${how} by ${key.function.name}` : "keyed by its senders";
}

function checkKeyType(
  program: Program,
  { name, key }: KeyedInput,
  access: TableAccessModel,
): readonly Diagnostic[] {
  const table = program.tables.find((one) => one.name === access.table);
  if (table === undefined || access.key.kind !== "proved" || key.kind === "none") return [];
  const own = bytesOf(table.key);
  const streams = bytesOf(key.type);
  if (own === streams) return [];
  return [
    keyTypesDiffer({ name: table.name, key: own }, { name, key: streams }, access.span, table.span),
  ];
}
