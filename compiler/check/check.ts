import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Program } from "../model/program.ts";
import { checkKeys } from "./keys.ts";
import { checkNames } from "./names.ts";
import { checkPartitions } from "./partitions.ts";
import { checkWriters } from "./writers.ts";

/** What is wrong with a pipeline as a whole. Each rule sees the whole program, and none stops another. */
export const check = (program: Program): readonly Diagnostic[] => [
  ...checkNames(program),
  ...checkWriters(program),
  ...checkKeys(program),
  ...checkPartitions(program),
];
