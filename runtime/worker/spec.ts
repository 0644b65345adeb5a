import type { Codec } from "../codec/codec.ts";
import type { Format } from "../codec/format.ts";
import type { KeyCodec } from "../codec/key.ts";
import type { Reader } from "../codec/reader.ts";
import type { PartitionTable } from "../state/partition-table.ts";
import type { RestorableRows } from "../state/restorable-rows.ts";
import type { RowIndexes } from "../state/tended/index-of.ts";
import type { WindowSpec } from "../state/windows/window-shape.ts";
import type { Event, Stream } from "../stream/event.ts";
import type { BatchBounds, Laned } from "./agents/agent-bounds.ts";
import type { CronSpec } from "./cron/spec.ts";
import type { ErrorPolicy, TickPolicy } from "./failures/error-policy.ts";
import type { OutsideSpec } from "./outside/outside-spec.ts";
import type { AnsweringAgent } from "./rpc/spec.ts";
import type { ContextHandle, TaskScope, Tick, WorkerScope } from "./scope.ts";
import type { WorkerConfig } from "./settings/config.ts";
import type { Beginning } from "./sources/beginning.ts";
import type { LoadedRecord } from "./sources/loaded-record.ts";
import type { SourceDriver } from "./sources/source-driver.ts";
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
  /** The changelog topic; it has one partition for each task of the table's group. */
  readonly changelog: string;
  /** How its windows lie, where it has any. */
  readonly windows?: WindowSpec;
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
  readonly windows: WindowSpec;
}

/** A table with a row for each key and window. */
export interface WindowedTableSpec<K, V, Found> extends TableSpec<K, V, Found> {
  readonly windows: WindowSpec;
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
  readonly tables: readonly TableDeclaration[];
  /** Timers with a table: once per task. */
  readonly timers: readonly TimerSpec<TaskScope>[];
  /** Made by `closing`: functions that get the windows of a table when they close. */
  readonly closings?: readonly Closing[];
}

/** One input of a group and the agents that read it, in the order they run for each record. */
export interface SourceSpec<K, V, Topic extends string = string, Gone = never> {
  readonly topic: TopicSpec<K, V>;
  /** Decodes what the agents read, where that is less than everything. */
  readonly read?: (reader: Reader) => V;
  /** Where a group without offsets begins; with the first record without it. */
  readonly from?: Beginning;
  /** The topic is the changelog of one of the group's tables. */
  readonly isChangelog?: true;
  readonly agents: readonly AgentSpec<K, V, Topic, Gone>[];
}

/** A source whose key and value types are closed over: `source(spec)` makes it. */
export interface Source {
  readonly topic: TopicDeclaration;
  readonly from?: Beginning | undefined;
  /** The topic is the changelog of one of the group's tables. */
  readonly isChangelog?: boolean;
  /** Agents' names in the order they run. */
  readonly agents: readonly string[];
  /** The declared names of the topics that get records which agents give up on. */
  readonly deadLetters: readonly string[];
  /** The repartition topics that its records are sent on to. */
  readonly repartitions: readonly TopicDeclaration[];
  /** Opens the agents for one task. The runtime calls it. */
  open(task: TaskCore): SourceDriver;
}

/**
 * An agent. `open` is called once per task and gives the function that handles a record (or, for a
 * stream, a run). What the handler returns is awaited if it is a promise; a handler that returns
 * nothing costs none.
 *
 * `Topic` is the topic's declared name, which events and streams show. `Gone` is `null` where the
 * topic has tombstones: only events see them.
 */
export type AgentSpec<K, V, Topic extends string = string, Gone = never> =
  | (AgentBase<K> & Laned & { readonly kind: "each"; open(task: TaskScope): (value: V) => unknown })
  | (AgentBase<K> &
      Laned & {
        readonly kind: "event";
        open(task: TaskScope): (event: Event<K, V, Topic, Gone>) => unknown;
      })
  | (AgentBase<K> & {
      readonly kind: "stream";
      open(task: TaskScope): (stream: Stream<K, V, Topic>) => Promise<void>;
    })
  /** Gets values of one partition together: `max` of them, or those that came in time. */
  | (AgentBase<K> &
      BatchBounds & {
        readonly kind: "batch";
        open(task: TaskScope): (values: readonly V[]) => unknown;
      })
  /** The same with the values' keys and places. */
  | (AgentBase<K> &
      BatchBounds & {
        readonly kind: "events";
        open(task: TaskScope): (events: readonly Event<K, V, Topic>[]) => unknown;
      })
  /** Gets rows of a changelog as they are there, and the event time of what is made of them. */
  | (AgentBase<K> & {
      readonly kind: "row";
      open(task: TaskScope): (row: LoadedRecord<V>, timestamp: number) => unknown;
    })
  | AnsweringAgent<K, V>
  /** Sends each record's bytes on under the key that `to` gives its value. */
  | (AgentBase<K> & { readonly kind: "repartition"; readonly to: TopicSpec<unknown, V> });

export interface AgentBase<K> {
  readonly name: string;
  readonly onError: ErrorPolicy;
  /** It may change the value it is given: the agents after it get the record decoded anew. */
  readonly mayChangeValue?: true;
  /** Tables whose row under the record's own key it reads: rows on disk are read ahead. */
  readonly ownRows?: readonly TableSpec<K, unknown, unknown>[];
  /** The tables with windows that it writes: a record for which all of them are closed is left out. */
  readonly dropsLate?: readonly WindowedTableDeclaration[];
  /** The topic that gets such a record, as bytes with the reason in its headers. */
  readonly lateTo?: TopicDeclaration;
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
