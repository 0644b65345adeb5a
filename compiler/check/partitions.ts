import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { partitionsDiffer, partitionsUnsaid } from "../diagnostics/wiring.ts";
import type { JoinModel } from "../model/join.ts";
import type { Program } from "../model/program.ts";
import { isInternal } from "../model/topic-kinds.ts";
import type { GroupModel } from "../model/topology.ts";

/** The inputs of one task are read together, so their numbers of partitions agree. */
export const checkPartitions = (program: Program): readonly Diagnostic[] =>
  program.groups.flatMap((group) => checkGroup(program, group));

function checkGroup(program: Program, group: GroupModel): readonly Diagnostic[] {
  const topics = program.topics.filter((topic) => group.topics.includes(topic.name));
  const counted = topics.flatMap(({ name, partitions, span }) =>
    partitions === undefined ? [] : [{ name, partitions, span }],
  );
  if (new Set(counted.map((topic) => topic.partitions)).size > 1) {
    // The sides of a join have an error of their own.
    const joined = program.agents.some(
      ({ name, trigger }) =>
        trigger.kind === "join" && group.agents.includes(name) && isUneven(trigger, counted),
    );
    if (joined) return [];
    return [partitionsDiffer(group.name, counted)];
  }
  const [first] = counted;
  if (first === undefined) return [];
  return topics
    .filter((topic) => topic.partitions === undefined && !isInternal(topic))
    .map((topic) => partitionsUnsaid(topic.name, first, topic.span));
}

function isUneven(
  { left, right }: JoinModel,
  counted: readonly { readonly name: string; readonly partitions: number }[],
): boolean {
  const [first, second] = [left, right].map(
    ({ topic }) => counted.find(({ name }) => name === topic)?.partitions,
  );
  return first !== undefined && second !== undefined && first !== second;
}
