import { throughTwice } from "../diagnostics/copies.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Program } from "../model/program.ts";

/** Whether one function alone sends a topic's records through another. */
export function checkThrough({ agents }: Program): readonly Diagnostic[] {
  const first = new Map<string, Program["agents"][number]>();
  return agents.flatMap((agent) => {
    const { trigger } = agent;
    if (!("groupBy" in trigger) || trigger.groupBy?.by.kind !== "topic") return [];
    const topics = { from: trigger.groupBy.source, to: trigger.topic };
    const key = JSON.stringify(topics);
    const other = first.get(key);
    if (other === undefined) first.set(key, agent);
    return other === undefined
      ? []
      : [throughTwice(topics, [other.name, agent.name], agent.span, other.span)];
  });
}
