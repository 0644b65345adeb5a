import type { Program } from "./model/program.ts";
import type { Span } from "./model/span.ts";
import type { AgentModel, ReasonModel, TableAccessModel } from "./model/topology.ts";

/** For `build --explain`: what was proved about each function, and what kept the rest from it. */
export function explain({ agents }: Program): string {
  return agents.map(explainAgent).join("\n");
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
  return [`${name}  ${placeText(span)}`, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

function readsLine({ trigger, body: { reads, readsBecause } }: AgentModel): string {
  if (trigger.kind === "every" || trigger.kind === "start") return "reads no records";
  if (reads !== "all") {
    return reads.length === 0 ? "decodes nothing" : `decodes ${reads.join(", ")} only`;
  }
  return `decodes everything${because(readsBecause)}`;
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
      return "by a key that is compared when it runs";
  }
}

function because(reason: ReasonModel | undefined): string {
  return reason === undefined ? "" : ` because ${reason.text}, ${placeText(reason.span)}`;
}

function placeText({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}
