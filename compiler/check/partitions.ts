import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { partitionsDiffer } from "../diagnostics/wiring.ts";
import type { Program } from "../model/program.ts";

/** The inputs of one task are read together, so their numbers of partitions agree. */
export const checkPartitions = (program: Program): readonly Diagnostic[] =>
  program.groups.flatMap((group) => {
    const counted = program.topics.flatMap(({ name, partitions, span }) =>
      partitions !== undefined && group.topics.includes(name) ? [{ name, partitions, span }] : [],
    );
    const counts = new Set(counted.map((topic) => topic.partitions));
    return counts.size > 1 ? [partitionsDiffer(group.name, counted)] : [];
  });
