import type { Hook } from "../hooks/spec.ts";
import type { WorkerScope } from "../scope.ts";
import type { TimerSpec } from "../spec.ts";
import type { Route } from "../web/spec.ts";
import type { Command } from "./command-spec.ts";

/** The functions of a pipeline that run outside of tasks, beside timers and starts; each list may be missing. */
export interface OutsideSpec {
  /** Timers that tick once in the app, in the worker with partition 0 of its first topic. */
  readonly leaderTimers?: readonly TimerSpec<WorkerScope>[];
  /** Each made by `hook`. */
  readonly hooks?: readonly Hook[];
  /** Functions that the command line calls, each made by `command`. */
  readonly commands?: readonly Command[];
  /** Functions that answer requests, each made by `route`. */
  readonly routes?: readonly Route[];
}
