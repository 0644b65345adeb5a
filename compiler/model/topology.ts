import type {
  AskTriggerModel,
  CheckTriggerModel,
  ClientModel,
  SignalModel,
} from "./ask-trigger.ts";
import type { ChannelSinkModel, ChannelTriggerModel } from "./channel.ts";
import type { CommandFlagModel } from "./command-flag.ts";
import type { CronModel } from "./cron.ts";
import type { EmissionModel } from "./emission.ts";
import type { DeadLetterModel, ErrorPolicyModel } from "./error-policy.ts";
import type { JoinModel } from "./join.ts";
import type { BatchModel, BeginningModel, GroupByModel } from "./source-options.ts";
import type { Span } from "./span.ts";
import type { ForeignJoinModel, TableJoinModel } from "./table-join.ts";
import type { DeclarationModel, JsonModel, TypeModel } from "./type.ts";

export type { EmissionModel } from "./emission.ts";

export interface TopicModel {
  readonly name: string;
  /** The type alias, `Orders`; for internal topics a made-up one. Generated: `ordersTopic`. */
  readonly alias: string;
  readonly doc?: string;
  readonly value: TypeModel;
  readonly valueDeclaration: DeclarationModel | undefined;
  readonly key: KeyModel;
  /** The name that Kafka knows it by, where that is another one. */
  readonly was?: string;
  readonly format: FormatKind;
  /** The field with the event time. */
  readonly time?: { readonly field: string; readonly isDate: boolean };
  readonly partitions?: number;
  readonly replicas?: number;
  /** Milliseconds; -1 is for ever. */
  readonly retentionMs?: number;
  readonly cleanup: "delete" | "compact" | "compact,delete";
  readonly config: Readonly<Record<string, string>>;
  readonly external: boolean;
  /** It stands for all topics whose whole names match: a regular expression. */
  readonly pattern?: string;
  readonly trustKey: boolean;
  /** A repartition topic: the source topic's name. */
  readonly repartitionOf?: string;
  /**
   * Made by streamgen: for questions of one function, the answers of all, reports of live checks, or for
   * what the sides of a join tell each other.
   */
  readonly internal?: "questions" | "answers" | "reports" | "join";
  /** It has as many partitions as this topic, which it is joined with, instead of its source. */
  readonly partitionsOf?: string;
  readonly span: Span;
}

export type FormatKind =
  | "avro"
  | "single-object"
  | "bare"
  | "json"
  | "string"
  | "bytes"
  | "int32"
  | "int64"
  | "float64";

/** Where a topic's keys come from. */
export type KeyModel =
  /** Neither `key` nor `keyBy`. */
  | { readonly kind: "none" }
  /** Given by senders. */
  | { readonly kind: "given"; readonly type: TypeModel }
  | { readonly kind: "field"; readonly field: string; readonly type: TypeModel }
  | { readonly kind: "function"; readonly function: FunctionModel; readonly type: TypeModel };

/** An exported function or constant of the user's. */
export interface FunctionModel {
  /** The file's path from the project's root, or a package's specifier where it is `external`. */
  readonly module: string;
  readonly name: string;
  readonly external: boolean;
}

export interface TableModel {
  readonly name: string;
  /** A table of sets: `value` is what their elements are. */
  readonly kind?: "set";
  /** The type alias, `Counts`. Generated: `countsTable`. */
  readonly alias: string;
  readonly doc?: string;
  readonly key: TypeModel;
  readonly value: TypeModel;
  readonly valueDeclaration: DeclarationModel | undefined;
  /** The value where there is no row, by the JSON mapping: a bigint is a decimal text. */
  readonly default?: JsonModel;
  /** The fields that rows are found by, too, in declared order. */
  readonly indexes?: readonly IndexModel[];
  /** How its windows lie, where it has any. */
  readonly window?: WindowModel;
  /** The name that its changelog has from before. */
  readonly was?: string;
  /** A table of a topic, by name: its records are the rows, and it is the changelog. */
  readonly from?: string;
  /** It is whole on every worker. */
  readonly global?: true;
  /** What becomes of records of that topic that cannot be read, where that is not to stop. */
  readonly onError?: "skip";
  readonly changelog: string;
  readonly span: Span;
}

export interface IndexModel {
  readonly field: string;
  /** Without null. */
  readonly type: TypeModel;
}

export type WindowModel = WindowLife & WindowShapeModel;

/** In milliseconds. */
export interface WindowLife {
  readonly graceMs: number;
  readonly expiresMs: number;
}

/** In milliseconds. Windows that do not overlap advance by their size. */
export type WindowShapeModel =
  | { readonly kind?: never; readonly sizeMs: number; readonly advanceMs: number }
  | { readonly kind: "sliding"; readonly sizeMs: number }
  | { readonly kind: "session"; readonly gapMs: number; readonly merge: FunctionModel };

export type LateModel =
  /** They are handled. */
  "keep" | DeadLetterModel;

export interface AgentModel {
  readonly name: string;
  readonly doc?: string;
  readonly function: FunctionModel;
  readonly trigger: TriggerModel;
  readonly resources: readonly ResourceModel[];
  readonly emits: EmissionModel | undefined;
  readonly onError: ErrorPolicyModel;
  /** What is done with records for which every window is closed, where they are not only left out. */
  readonly late?: LateModel;
  readonly async: boolean;
  readonly body: BodyModel;
  readonly span: Span;
}

export type TriggerModel =
  | {
      readonly kind: RecordTriggerKind;
      /** The topic that is read: the repartition topic where there is one. */
      readonly topic: string;
      /** Further topics, where it reads a union of them. */
      readonly also?: readonly string[];
      readonly groupBy?: GroupByModel;
      /** Where a group without offsets begins; with the first record where this is absent. */
      readonly from?: BeginningModel;
      /** The consumer group of its own, without the app's name before it. */
      readonly consumerGroup?: string;
      /** The topics that get each record as it is, before the function. */
      readonly echo?: readonly string[];
      /** How many records are handled at once. */
      readonly lanes?: number;
      /** Events are acknowledged by the function's own calls. */
      readonly ack?: "manual";
      /** Of a `batch`. */
      readonly batch?: BatchModel;
    }
  | { readonly kind: "every"; readonly everyMs: number; readonly leader?: true }
  | { readonly kind: "cron"; readonly cron: CronModel; readonly leader?: true }
  | { readonly kind: "on"; readonly events: readonly WorkerEventName[] }
  | {
      readonly kind: "web";
      readonly method: WebMethod;
      readonly path: string;
      readonly body?: TypeModel;
    }
  | {
      readonly kind: "command";
      readonly arguments: TypeModel & { readonly kind: "record" };
      readonly flags: readonly CommandFlagModel[];
    }
  | AskTriggerModel
  | CheckTriggerModel
  | JoinModel
  /** For each key and window of a table, once it is closed. */
  | { readonly kind: "closed"; readonly table: string; readonly idleMs?: number }
  /** For each row of a table that a commit has changed. */
  | { readonly kind: "change"; readonly table: string }
  | ChannelTriggerModel
  | TableJoinModel
  | ForeignJoinModel
  | { readonly kind: "start" };

export type WebMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type WorkerEventName = "assigned" | "revoked" | "recovered" | "stopping";

export type RecordTriggerKind = "each" | "event" | "stream" | "batch";

/** A parameter after the first, in order. */
export type ResourceModel =
  | {
      /** `global`: a lookup of a table that is whole on every worker. */
      readonly kind: "table" | "lookup" | "global" | "view";
      readonly parameter: string;
      readonly table: string;
      readonly span: Span;
    }
  | {
      readonly kind: "sink";
      readonly parameter: string;
      readonly topic: string;
      readonly span: Span;
    }
  | { readonly kind: "context"; readonly parameter: string; readonly span: Span }
  | {
      readonly kind: "resource";
      readonly parameter: string;
      readonly open: FunctionModel;
      readonly span: Span;
    }
  | ClientModel
  | ChannelSinkModel
  | SignalModel;

/** The names of top-level fields; `"all"` when they are not certain. */
export type BodyReads = "all" | readonly string[];

/** What the body of a function was proved to do. Anything not understood means "don't know". */
export interface BodyModel {
  /** Top-level fields of the value that are read, sorted; `"all"` when that is not certain. */
  readonly reads: BodyReads;
  /** Of a join, the same for each side; `reads` is what either has. */
  readonly pair?: { readonly left: BodyReads; readonly right: BodyReads };
  /** Why everything is read, for `build --explain`. */
  readonly readsBecause?: ReasonModel;
  /** Why the value may be changed while the function runs; absent when it certainly is not. */
  readonly changesBecause?: ReasonModel;
  /** Present when all that is emitted is certainly the value as it came. */
  readonly returnsInput?: true;
  readonly accesses: readonly TableAccessModel[];
}

/** A clause that goes on after "because", and the place that it is about. */
export interface ReasonModel {
  readonly text: string;
  readonly span: Span;
}

export interface TableAccessModel {
  readonly table: string;
  /** `?` where the table itself is handed on or used in a way that is not known. */
  readonly method: string;
  readonly key: /** Always the stream's key. */
    | { readonly kind: "proved" }
    /** Certainly another field of the value; a field of a part is written `address.city`. */
    | { readonly kind: "field"; readonly field: string }
    | { readonly kind: "constant" }
    | { readonly kind: "scan" }
    | { readonly kind: "unknown" };
  readonly span: Span;
}

/**
 * The smallest set of agents closed under: same source topic in one consumer group, shared table. There is one task for
 * each partition of its topics, which all have the same number.
 */
export interface GroupModel {
  /** The name of its first topic in declared order; in a consumer group of its own, `topic@group`. */
  readonly name: string;
  /** The consumer group, where it is not the app's; without the app's name before it. */
  readonly consumerGroup?: string;
  readonly topics: readonly string[];
  readonly tables: readonly string[];
  /** Names of its agents, in declared order; timers with a table are among them. */
  readonly agents: readonly string[];
  /**
   * Agents, of any group, that read one of the topics by another key: this group's tasks send each
   * record on to the agent's repartition topic.
   */
  readonly repartitions: readonly string[];
  /** Agents, of any group, whose foreign-key joins find their right rows in this group's tasks. */
  readonly joins?: readonly string[];
  /** The union of the fields its agents read, by topic; a topic that is read whole is left out. */
  readonly projections: Readonly<Record<string, readonly string[]>>;
}
