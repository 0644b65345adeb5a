import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Program } from "../model/program.ts";
import { checkAsks } from "./asks.ts";
import { checkBeginnings } from "./beginnings.ts";
import { checkChanges } from "./changes.ts";
import { checkChannels } from "./channels.ts";
import { checkConsumerGroups } from "./consumer-groups.ts";
import { checkJoins } from "./joins.ts";
import { checkKeys } from "./keys.ts";
import { checkLanes } from "./lanes.ts";
import { checkLeaders } from "./leader.ts";
import { checkNames } from "./names.ts";
import { checkPartitions } from "./partitions.ts";
import { checkPatterns } from "./patterns.ts";
import { checkRoutes } from "./routes.ts";
import { checkScans } from "./scans.ts";
import { checkTableJoins } from "./table-joins.ts";
import { checkThrough } from "./through.ts";
import { checkWindows } from "./windows.ts";
import { checkWriters } from "./writers.ts";

/**
 * What is wrong with a pipeline as a whole. Each rule sees the whole program, and none stops another.
 * Where a part of the program could not be read, nothing is said to be missing: it may be in that part.
 */
export const check = (program: Program, isWhole = true): readonly Diagnostic[] => [
  ...checkNames(program),
  ...checkChannels(program, isWhole),
  ...(isWhole ? checkWriters(program) : []),
  ...checkChanges(program, isWhole),
  ...checkKeys(program),
  ...checkScans(program),
  ...checkPartitions(program),
  ...checkLanes(program),
  ...checkJoins(program),
  ...checkTableJoins(program),
  ...checkBeginnings(program),
  ...checkConsumerGroups(program),
  ...checkThrough(program),
  ...checkPatterns(program),
  ...checkLeaders(program, isWhole),
  ...checkAsks(program, isWhole),
  ...checkRoutes(program),
  ...checkWindows(program),
];
