import type { Clock } from "../clock.ts";
import type { SchemaRegistry } from "../codec/registry.ts";
import type { StreamgenError } from "../errors.ts";
import type { Log, TopicPartition } from "../log/log.ts";
import type { StoreEngine } from "../state/store.ts";
import type { Logger, WorkerScope } from "./scope.ts";
import type { Environment } from "./settings/settings.ts";
import type { PipelineSpec } from "./spec.ts";
import type { WebAnswer, WebRequest } from "./web/answer.ts";

/** What a person decides about one worker. */
export interface WorkerOptions {
  /** Where the topics are. Without it, the Kafka cluster of the settings. */
  readonly log?: Log;
  /**
   * Where Avro schemas get their numbers. Without it, the registry of the settings, and on an embedded
   * log one in memory.
   */
  readonly registry?: SchemaRegistry;
  /** Without it, the machine's own time and timers. */
  readonly clock?: Clock;
  /** Gives a number from 0 up to 1. Without it, `Math.random`. */
  readonly random?: () => number;
  /** Instead of the configuration's. */
  readonly delivery?: "exactly-once" | "at-least-once";
  /** Instead of the configuration's; at least 10. */
  readonly commitIntervalMs?: number;
  /** Without it, JSON lines on standard error. */
  readonly logger?: Logger;
  /** What settings and secrets are read from. Without it, the process's environment. */
  readonly env?: Environment;
  /** Settings by the names of their flags, such as `bootstrap`; they beat the environment. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Which thread of its process the worker runs in, where there are several. */
  readonly thread?: WorkerThread;
  /**
   * Names this worker among those of its app, the same after a restart: a new worker of the same
   * name takes over from the old one at once, and one that is stopped keeps its partitions until its
   * session ends. 1 to 200 letters, digits, ".", "_" or "-"; a thread has `-1`, `-2` and so on behind
   * it. Instead of the settings'; without any, a random name.
   */
  readonly instance?: string;
  /**
   * A worker that is silent for longer is taken for dead. Instead of the settings'; without any, the
   * log's own default.
   */
  readonly sessionTimeoutMs?: number;
  /** Where tables' rows live; the worker closes it when it stops. Without it, in memory. */
  readonly stores?: StoreEngine;
  /** How long a task with several inputs waits for one of them that is behind. Default 1000. */
  readonly inputWaitMaxMs?: number;
  /**
   * How far ahead of the clock an event may be. One that is further ahead closes no windows, and counts
   * as late. Default: an hour.
   */
  readonly futureSkewMaxMs?: number;
  /**
   * For so long, a partition that has no more records holds back the stream time of functions behind
   * `groupBy`, which is that of the slowest partition. Default 10 000.
   */
  readonly idlePartitionMs?: number;
  /** Bytes of staged work beyond which a commit begins early. Default 64 MiB. */
  readonly stagedMaxBytes?: number;
  /**
   * How long stopping takes at most; half of it is for agents that are busy. Giving partitions away
   * waits for agents as long as this. Default 10 000.
   */
  readonly settleMaxMs?: number;
  /** Called once when the worker starts: the program around it may read its tables, as functions do. */
  readonly opened?: (scope: OpenTables) => void;
}

/** A worker's tables, to be read from outside of its functions. */
export type OpenTables = Pick<WorkerScope, "view" | "setView" | "windowedView">;

/** One of the threads of a worker's process. Only the first runs what runs once per worker. */
export interface WorkerThread {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** A running pipeline. `createWorker` in generated code makes one. */
export interface Worker {
  /** What it runs; the command line reads topics' names and codecs from it. */
  readonly spec: PipelineSpec;
  /**
   * Makes missing topics, opens resources, runs `OnStart` functions, joins the group; from then on
   * records are processed in the background. Rejects where one of these fails; the worker is then
   * stopped.
   */
  start(): Promise<void>;
  /** Commits what is settled and stops: agents' `finally` has run and resources are disposed of. */
  stop(): Promise<void>;
  /** Resolves when the first assignment's tables are restored. Rejects if the worker stops before. */
  ready(): Promise<void>;
  /**
   * Resolves when every input is read to its end, every agent is done and everything is committed.
   * Rejects with the error of a task that has stopped. Timers do not count.
   */
  idle(): Promise<void>;
  /** Commits what is settled now, without waiting for the interval. */
  commit(): Promise<void>;
  health(): WorkerHealth;
  /** Answers a request by the pipeline's routes. Never rejects; a worker that does not run answers 503. */
  handle(request: WebRequest): Promise<WebAnswer>;
  /** Calls `listener` at each event, in order; gives the function that stops it. */
  on<Name extends keyof WorkerEvents>(
    name: Name,
    listener: (event: WorkerEvents[Name]) => void,
  ): () => void;
}

/** A task by its group and partition. */
export interface TaskName {
  readonly group: string;
  readonly partition: number;
}

export interface WorkerEvents {
  /** The group is joined. */
  readonly started: { readonly app: string; readonly instance: string };
  /** Tasks are opened; their tables are not restored yet. */
  readonly assigned: TasksMoved;
  /** Tasks are committed and closed. */
  readonly revoked: TasksMoved;
  /** Tasks went to another worker before this one could commit them. */
  readonly lost: TasksMoved;
  /** A table is being restored: changelog records read, of those there are. */
  readonly restoring: TaskName & {
    readonly table: string;
    readonly records: number;
    readonly of: number;
  };
  /** A task's tables are restored; its first record comes next. */
  readonly restored: TaskName & { readonly records: number };
  /** A commit is acknowledged. */
  readonly committed: { readonly tasks: readonly TaskName[]; readonly records: number };
  /** A commit failed; its tasks go back to their last one. */
  readonly aborted: { readonly tasks: readonly TaskName[]; readonly error: StreamgenError };
  /** A record was left out, by `onError: "skip"`. `error.place` says which. */
  readonly skipped: { readonly error: StreamgenError };
  /** A record went to a dead-letter topic. `error.place` says which; `topic` is the declared name. */
  readonly deadLettered: { readonly error: StreamgenError; readonly topic: string };
  /** An agent, or a timer, is called again after `waitMs`; `retry` counts from 1. */
  readonly retrying: {
    readonly error: StreamgenError;
    readonly retry: number;
    readonly waitMs: number;
  };
  /** An agent's stream run has returned: its partition is paused until the next assignment. */
  readonly paused: TaskName & { readonly agent: string };
  /** A task or the worker has stopped. `task` is absent where it is the worker. */
  readonly error: { readonly error: StreamgenError; readonly task?: TaskName };
  /** The worker has stopped. */
  readonly stopped: Readonly<Record<string, never>>;
}

/** Tasks that come or go. */
export interface TasksMoved {
  readonly tasks: readonly TaskName[];
  /** From 1, which one of the worker's threads; absent where it has one only. */
  readonly thread?: number;
}

export type WorkerState = "new" | "starting" | "running" | "stopping" | "stopped" | "failed";

export type TaskState = "restoring" | "running" | "rewinding" | "failed" | "closed";

/** What a worker is at, as plain data. */
export interface WorkerHealth {
  readonly state: WorkerState;
  /** Whether every assigned task is restored. */
  readonly isReady: boolean;
  readonly tasks: readonly TaskHealth[];
  /** Commits acknowledged, and commits that failed, since the start. */
  readonly commits: number;
  readonly aborts: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Why the worker has stopped. */
  readonly error?: string;
}

export interface TaskHealth extends TaskName {
  readonly state: TaskState;
  readonly inputs: readonly InputHealth[];
  /** Agents whose stream run has returned. */
  readonly paused: readonly string[];
  readonly error?: string;
}

export interface InputHealth extends TopicPartition {
  /** The next offset to process. */
  readonly position: number;
  /** The next offset as of the last commit. */
  readonly committed: number;
  /** Records known to be behind `position`; markers count. */
  readonly lag: number;
}
