import type { Program } from "./model/program.ts";
import type { Span } from "./model/span.ts";
import type { AgentModel, GroupModel, ReasonModel, TableAccessModel } from "./model/topology.ts";

/**
 * For `build --explain`: what was proved about each function, what kept the rest from it, and what
 * is decoded for the functions that share a topic.
 */
export function explain({ agents, groups }: Program): string {
  return [...agents.map(explainAgent), ...groups.map(explainGroup)].join("\n");
}

function explainAgent(agent: AgentModel): string {
  const { name, span, body } = agent;
  const lines = [
    readsLine(agent),
    ...(body.returnsInput === true ? ["emits its input unchanged"] : []),
    ...changesLines(body.changesBecause),
    ...body.accesses.map(accessLine),
    agent.async ? "may wait: what it returns is awaited" : "never waits: runs in a straight loop",
  ];
  return section(`${name}  ${placeText(span)}`, lines);
}

function readsLine({ trigger, body: { reads, readsBecause } }: AgentModel): string {
  if (!("topic" in trigger) && trigger.kind !== "join") return "reads no records";
  if (reads === "all") return `may read everything${because(readsBecause)}`;
  return reads.length === 0 ? "reads no field" : `reads ${reads.join(", ")} and nothing else`;
}

function changesLines(reason: ReasonModel | undefined): readonly string[] {
  return reason === undefined ? [] : [`may change its input${because(reason)}`];
}

function accessLine({ table, method, key, span }: TableAccessModel): string {
  const call = method === "?" ? `uses ${table}` : `${table}.${method}`;
  return `${call}: ${keyText(key)}, ${placeText(span)}`;
}

function keyText(key: TableAccessModel["key"]): string {
  switch (key.kind) {
    case "proved":
      return "certainly by the record's own key";
    case "field":
      return `by the field ${key.field}, which is not the record's key`;
    case "constant":
      return "by a constant";
    case "scan":
      return "every row of the partition";
    case "unknown":
      return "by a key that is not certain to be the record's own";
  }
}

/** A group decodes each record once, for all of its functions. */
function explainGroup({ name, topics, projections }: GroupModel): string {
  const lines = topics.map((topic) => {
    const fields = projections[topic];
    if (fields === undefined) return `decodes each record of ${topic} whole`;
    return fields.length === 0
      ? `decodes nothing of ${topic}`
      : `decodes ${fields.join(", ")} of each record of ${topic}`;
  });
  return section(`group ${name}`, lines);
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

function because(reason: ReasonModel | undefined): string {
  return reason === undefined ? "" : ` because ${reason.text}, ${placeText(reason.span)}`;
}

function placeText({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}
