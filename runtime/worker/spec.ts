import type { Codec } from "../codec/codec.ts";
import type { Format } from "../codec/format.ts";
import type { KeyCodec } from "../codec/key.ts";
import type { Reader } from "../codec/reader.ts";
import type { PartitionTable } from "../state/partition-table.ts";
import type { RestorableRows } from "../state/restorable-rows.ts";
import type { RowIndexes } from "../state/tended/index-of.ts";
import type { TableWindows } from "../state/windows/keyed-spec.ts";
import type { AgentSpec } from "./agents/agent-spec.ts";
import type { Channel } from "./channels/channel-spec.ts";
import type { CronSpec } from "./cron/spec.ts";
import type { TickPolicy } from "./failures/error-policy.ts";
import type { OutsideSpec } from "./outside/outside-spec.ts";
import type { ContextHandle, TaskScope, Tick, WorkerScope } from "./scope.ts";
import type { WorkerConfig } from "./settings/config.ts";
import type { Beginning } from "./sources/beginning.ts";
import type { SourceDriver } from "./sources/source-driver.ts";
import type { SourcedTable } from "./tables/sourced-table.ts";
import type { TaskCore } from "./tasks/task-core.ts";
import type { Origin } from "./topics/own-topics.ts";
import type { Closing } from "./windows/closing-spec.ts";

export type {
  KafkaConfig,
  RegistryConfig,
  SaslConfig,
  Secret,
  Setting,
  StateConfig,
  TlsConfig,
  TopicOverride,
  WorkerConfig,
} from "./settings/config.ts";

/**
 * What generated code hands the runtime: plain data, and functions that call the user's own. Nothing
 * here is looked up or reflected on, and what a pipeline does not use is not in its spec.
 */
export interface PipelineSpec extends OutsideSpec {
  readonly config: WorkerConfig;
  /** Every topic, the internal ones among them. */
  readonly topics: readonly TopicSpec<unknown, unknown>[];
  readonly groups: readonly GroupSpec[];
  /** Tables that are whole on every worker. */
  readonly globals?: readonly SourcedTable[];
  /** Timers without a table: once per worker. */
  readonly timers: readonly TimerSpec<WorkerScope>[];
  readonly starts: readonly StartSpec[];
  /** What `scope.resource` may be asked for: opened in this order before anything else runs. */
  readonly resources?: readonly ResourceSpec[];
}

/** The part of a topic that does not depend on its types. */
export interface TopicDeclaration extends Origin {
  readonly name: string;
  readonly partitions?: number;
  readonly replicas?: number;
  /** Milliseconds; -1 is for ever. */
  readonly retentionMs?: number;
  readonly cleanup?: "delete" | "compact" | "compact,delete";
  readonly config?: Readonly<Record<string, string>>;
  /** Made by others: never created. */
  readonly external?: boolean;
  /** It stands for all topics whose whole names match, made by others: a regular expression. */
  readonly pattern?: string;
  /** The pipeline writes it and reads it again: when the app begins anew, what it holds is old. */
  readonly intermediate?: boolean;
}

export interface TopicSpec<K, V> extends TopicDeclaration {
  readonly key: KeyCodec<K>;
  readonly value: Format<V>;
  /** The key that a value carries; absent where senders give the key, or where there is none. */
  keyOf?(value: V): K;
  /** Milliseconds since the epoch; absent where the record's timestamp is the event time. */
  timeOf?(value: V): number;
  /** Compare each record's key with `keyOf`; for external topics. */
  readonly checkKey?: boolean;
}

/** The part of a table that does not depend on its types. */
export interface TableDeclaration {
  readonly name: string;
  /**
   * The changelog topic, or the one whose records are the rows; it has one partition for each task of
   * the table's group.
   */
  readonly changelog: string;
  /** How its windows lie, where it has any. */
  readonly windows?: TableWindows<unknown>;
  /** Where its store has more than its rows. */
  readonly tended?: TendedTable;
}

/** A table whose store holds what finds its rows beside them. The changelog has the rows only. */
export interface TendedTable {
  /** What the store is called: it is another one where something else is beside the rows. */
  readonly store: string;
  /** The rows as the changelog has them. */
  open(rows: PartitionTable): RestorableRows;
}

/** `Found` is what `get` gives: the value, or the value or `undefined`. */
export interface TableSpec<K, V, Found> extends TableDeclaration {
  readonly key: KeyCodec<K>;
  readonly value: Codec<V>;
  /** What is found where there is no row. Called each time, so that nobody shares what it gives. */
  readonly missing: () => Found;
  /** By the name of the field. */
  readonly indexes?: RowIndexes<V>;
}

/** A table of sets: each key has elements, and an element is a row of its own. */
export interface SetTableSpec<K, E> extends TableDeclaration {
  readonly key: KeyCodec<K>;
  readonly element: KeyCodec<E>;
}

export interface WindowedTableDeclaration extends TableDeclaration {
  readonly windows: TableWindows<unknown>;
}

/** A table with a row for each key and window. */
export interface WindowedTableSpec<K, V, Found> extends TableSpec<K, V, Found> {
  readonly windows: TableWindows<V>;
}

/**
 * Agents that share topics or tables. There is one task for each partition of its sources, which all
 * have the same number of partitions.
 */
export interface GroupSpec {
  readonly name: string;
  /** The consumer group of its own, without the app's name before it; otherwise the app's. */
  readonly consumerGroup?: string;
  /** Made by `source`. */
  readonly sources: readonly Source[];
  /** Those with changelogs of their own. */
  readonly tables: readonly TableDeclaration[];
  /** Timers with a table: once per task. */
  readonly timers: readonly TimerSpec<TaskScope>[];
  /** Made by `closing`: functions that get the windows of a table when they close. */
  readonly closings?: readonly Closing[];
  /** Made by `channel`: functions that get what others of the group send to them. */
  readonly channels?: readonly Channel[];
}

/** One input of a group and the agents that read it, in the order they run for each record. */
export interface SourceSpec<K, V, Topic extends string = string, Gone = never> {
  readonly topic: TopicSpec<K, V>;
  /** Decodes what the agents read, where that is less than everything. */
  readonly read?: (reader: Reader) => V;
  /** Where a group without offsets begins; with the first record without it. */
  readonly from?: Beginning;
  /** Its records have no event time: a changelog of the group's own, or what a join tells itself. */
  readonly isTimeless?: true;
  readonly agents: readonly AgentSpec<K, V, Topic, Gone>[];
}

/** A source whose key and value types are closed over: `source(spec)` makes it. */
export interface Source {
  readonly topic: TopicDeclaration;
  readonly from?: Beginning | undefined;
  /** Its records have no event time: a changelog of the group's own, or what a join tells itself. */
  readonly isTimeless?: boolean;
  /** Agents' names in the order they run. */
  readonly agents: readonly string[];
  /** The declared names of the topics that get records which agents give up on. */
  readonly deadLetters: readonly string[];
  /** The declared names of the topics that get its records as bytes: by `through` and `echo`. */
  readonly copies: readonly string[];
  /** The repartition topics that its records are sent on to. */
  readonly repartitions: readonly TopicDeclaration[];
  /** The tables whose rows are the topic's records. */
  readonly tables: readonly SourcedTable[];
  /** Where the topic is a pattern: the same source of one topic that was found by it. */
  named?(topic: string): Source;
  /** Opens the agents for one task. The runtime calls it. */
  open(task: TaskCore): SourceDriver;
}

/** A timer, with its interval or its times. */
export type TimerSpec<Scope> = TimerBase<Scope> &
  ({ readonly everyMs: number } | { readonly cron: CronSpec });

interface TimerBase<Scope> {
  readonly name: string;
  readonly onError: TickPolicy;
  open(scope: Scope): (tick: Tick) => unknown;
}

export interface StartSpec {
  readonly name: string;
  open(scope: WorkerScope): (start: { readonly app: string }) => unknown;
}

/** A resource: `open` is called once per worker, and what it gives is disposed of when that stops. */
export interface ResourceSpec {
  readonly name: string;
  readonly open: (context: ContextHandle) => unknown;
}
