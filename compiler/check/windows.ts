import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { longerThanRetention } from "../diagnostics/windows.ts";
import { declaredInputsOf } from "../model/inputs.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel, TopicModel } from "../model/topology.ts";

/** Whether windows could be computed again from what their sources keep. */
export const checkWindows = (program: Program): readonly Diagnostic[] =>
  program.agents.flatMap((agent) => {
    const source = sourceOf(program, agent);
    const keptMs = source?.retentionMs;
    if (source === undefined || keptMs === undefined || keptMs < 0) return [];
    return agent.resources.flatMap((resource) => {
      if (resource.kind !== "table") return [];
      const table = program.tables.find(({ name }) => name === resource.table);
      if (table?.window === undefined) return [];
      const { graceMs } = table.window;
      const lastsMs = table.window.kind === "session" ? table.window.gapMs : table.window.sizeMs;
      if (lastsMs + graceMs <= keptMs) return [];
      const { name, span } = table;
      const topic = { name: source.name, keeps: spanText(keptMs) };
      const windows = { name, span, lasts: spanText(lastsMs), grace: spanText(graceMs) };
      return [longerThanRetention(windows, topic, resource.span)];
    });
  });

/** The declared topic whose records an agent reads. */
function sourceOf(program: Program, { trigger }: AgentModel): TopicModel | undefined {
  const [name] = declaredInputsOf(trigger);
  return program.topics.find((topic) => topic.name === name);
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** As a user would write it: in the largest unit that leaves no rest. */
export function spanText(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ["ms", 1];
  return `${ms / size}${unit}`;
}
