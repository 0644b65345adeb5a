import type { Event, ManualEvent, ManualStream, Stream } from "../../stream/event.ts";
import type { ErrorPolicy } from "../failures/error-policy.ts";
import type { JoinedSide } from "../joins/joined-side.ts";
import type { AnsweringAgent } from "../rpc/spec.ts";
import type { TaskScope } from "../scope.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TableSpec, TopicDeclaration, TopicSpec, WindowedTableDeclaration } from "../spec.ts";
import type { SourcedTableSpec } from "../tables/sourced-table.ts";
import type { BatchBounds, Laned } from "./agent-bounds.ts";

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
  /** As `event`, and its events are acknowledged by what they are told. */
  | (AgentBase<K> & {
      readonly kind: "manual";
      open(task: TaskScope): (event: ManualEvent<K, V, Topic, Gone>) => unknown;
    })
  | (AgentBase<K> & {
      readonly kind: "manual-stream";
      open(task: TaskScope): (stream: ManualStream<K, V, Topic>) => Promise<void>;
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
  | (AgentBase<K> & JoinedSide<V>)
  /** Sends each record's bytes on under the key that `to` gives its value. */
  | (AgentBase<K> & { readonly kind: "repartition"; readonly to: TopicSpec<unknown, V> })
  /** The same into a declared topic; one that says no key of its own gets the record's. */
  | (AgentBase<K> & { readonly kind: "through"; readonly to: TopicSpec<unknown, V> })
  /** Sends each record as it is to each of the topics. */
  | (AgentBase<K> & { readonly kind: "echo"; readonly to: readonly TopicDeclaration[] })
  | RowsSpec<K, V>;

/** Makes each record a row of the topic's table. Made by `rowsOf`. */
export interface RowsSpec<K, V> extends AgentBase<K> {
  readonly kind: "fill";
  readonly table: SourcedTableSpec<K, V, unknown>;
}

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
