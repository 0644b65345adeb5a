import type { Exact, FieldOf, Key, KeyBy, KeyFrom, Option, Span } from "./options.ts";

/** How values are written. Only the formats that fit the value's type are offered. */
type Format<V> =
  | "avro"
  | "single-object"
  | "bare"
  | "json"
  | (V extends string ? "string" : never)
  | (V extends Uint8Array ? "bytes" : never)
  | (V extends number ? "int32" | "float64" : never)
  | (V extends bigint ? "int64" : never);

export interface TopicOptions<O = unknown> {
  /** The type of a record's value. */
  value: unknown;
  /** The type of a record's key, when the key is not part of the value. Senders must give it. */
  key?: O extends { keyBy: unknown } ? "'key' follows from 'keyBy': leave it out" : Key;
  /** The field, or function, that gives the key. Senders give the value only. */
  keyBy?: KeyBy<Option<O, "value">>;
  /** The field with the event time. Without it the record's timestamp is the event time. */
  time?: FieldOf<Option<O, "value">, Date | number>;
  /** How many partitions a new topic gets; an existing one must have as many. */
  partitions?: number;
  /** How many copies a new topic gets. */
  replicas?: number;
  /** How long records are kept. */
  retention?: Span | "forever";
  /** Whether old records are deleted, or compacted to the last one of each key. */
  cleanup?: "delete" | "compact" | "compact,delete";
  /**
   * How values are written: `avro` (with the registry's framing, the default), `single-object`,
   * `bare`, `json`, or Java's `string`, `bytes`, `int32`, `int64`, `float64`.
   */
  format?: Format<Option<O, "value">>;
  /** Made and written by others: never created, never reported as unwritten. */
  external?: boolean;
  /**
   * Stands for all topics whose names match as a whole, made by others: a regular expression, such as
   * `"orders-.*"`. The topic's own name is the one that the pipeline has for them together.
   */
  pattern?: string;
  /** Do not compare the key of each record of an `external` topic with `keyBy`. */
  trustKey?: boolean;
  /** Its former name, which Kafka goes on using: a topic is renamed here without losing a record. */
  was?: string;
  /** Further settings of a new topic, by Kafka's names. */
  config?: Record<string, string>;
}

declare const topic: unique symbol;

/** A topic: a name and what it carries. Write it as a type alias, `type Orders = Topic<"orders", …>`. */
export interface Topic<N extends string, O extends TopicOptions<O> & Exact<O, TopicOptions<O>>> {
  readonly [topic]: { readonly name: N; readonly options: O };
}

/** What a channel is for whoever takes topics. */
export type TopicInWorker<N extends string, V> = {
  readonly [topic]: { readonly name: N; readonly options: { value: V; inWorker: true } };
};

export type AnyTopic = { readonly [topic]: { readonly name: string; readonly options: unknown } };
/** A topic of such values. */
export type TopicOf<V> = {
  readonly [topic]: { readonly name: string; readonly options: { value: V } };
};
export type NameOf<T> = T extends { readonly [topic]: { readonly name: infer N } } ? N : never;
export type OptionsOf<T> = T extends { readonly [topic]: { readonly options: infer O } }
  ? O
  : never;

/** The name that events have: of topics found by a pattern it is known when they are there. */
export type ShownName<T> = OptionsOf<T> extends { pattern: string } ? string : NameOf<T>;

/** The value type of a topic. */
export type ValueOf<T> = Option<OptionsOf<T>, "value">;
/** The key type of a topic; `null` where it has neither `key` nor `keyBy`. */
export type KeyOf<T> = KeyIn<OptionsOf<T>>;
type KeyIn<O> = O extends { key: infer K }
  ? K
  : O extends { value: infer V; keyBy: infer By }
    ? KeyFrom<V, By>
    : null;

/** Only a compacted topic has tombstones. */
export type Tombstone<O> = O extends { cleanup: `compact${string}` } ? null : never;
