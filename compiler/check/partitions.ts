import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { partitionsDiffer, partitionsUnsaid } from "../diagnostics/wiring.ts";
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
    return [partitionsDiffer(group.name, counted)];
  }
  const [first] = counted;
  if (first === undefined) return [];
  return topics
    .filter((topic) => topic.partitions === undefined && !isInternal(topic))
    .map((topic) => partitionsUnsaid(topic.name, first, topic.span));
}
