import type { Beginning } from "./beginnings.ts";
import type { OnError, OnLate, OnTickError } from "./errors.ts";
import type { Exact, KeyBy, KeyFrom, Span } from "./options.ts";
import type { Sink } from "./resources.ts";
import type { TimestampMillis } from "./scalars.ts";
import type {
  AnyTopic,
  KeyOf,
  OptionsOf,
  ShownName,
  Tombstone,
  TopicOf,
  ValueOf,
} from "./topics.ts";

export interface Failing {
  /**
   * What happens where the function throws: `"stop"` (the default), `"skip"`, or
   * `[Retry<3, "100ms..10s">, one of these]`.
   */
  onError?: OnTickError;
}

/** A topic that can hold records of such values as they are; `Uint8Array` takes any. */
type Copied<V> = TopicOf<V> | TopicOf<Uint8Array>;

interface Grouping<T> {
  /**
   * What happens to a record that cannot be decoded or whose function throws: `"stop"` (the default),
   * `"skip"`, `DeadLetter<T>`, or `[Retry<3, "100ms..10s">, one of these]`.
   */
  onError?: OnError<ValueOf<T>>;
  /**
   * Reads the topic by another key: a field, or `typeof fn`. Adds a repartition topic, unless the
   * topic already has that key.
   */
  groupBy?: KeyBy<ValueOf<T>>;
  /**
   * Sends the topic's records on to this one as they are, but under its own key, and reads them there:
   * `groupBy` by a topic that is declared, and that others may read, too. Not together with `groupBy`.
   */
  through?: TopicOf<ValueOf<T>>;
  /**
   * One topic, or several, that get a copy of each record, before the function and in its commit: key,
   * value and headers as they are.
   */
  echo?: Copied<ValueOf<T>> | readonly Copied<ValueOf<T>>[];
  /** Where to begin in a topic that nothing was committed of yet. Default "earliest". */
  from?: Beginning;
  /**
   * A consumer group of its own, `<app>-<group>`, with tasks, offsets and failures of its own: for a
   * function that must not hold up the others of its topic, nor be held up by them.
   */
  group?: string;
}

export interface RecordOptions<T = unknown> extends Grouping<T> {
  /**
   * What happens to a record for which every window is closed, in every windowed table that the function
   * writes. "drop", the default, counts it; `DeadLetter<T>` puts it aside, too; "keep" runs the function,
   * whose writes to closed windows do nothing.
   */
  late?: OnLate<ValueOf<T>>;
}

interface Acknowledged {
  /**
   * Events are acknowledged by their `ack()` and by nothing else, in any order. What is not comes again
   * after a crash, and only that. At most 500 of a task's may be open at a time, and none for more than
   * an hour.
   */
  ack?: "manual";
}

export interface StreamOptions<T = unknown> extends RecordOptions<T>, Acknowledged {}

export interface EachOptions<T = unknown> extends RecordOptions<T> {
  /**
   * How many records of a partition are handled at once. Those of one key keep their order; tables are
   * used by the record's own key only. For functions that wait.
   */
  concurrency?: number;
}

export interface EventOptions<T = unknown> extends EachOptions<T>, Acknowledged {}

/**
 * Runs for each record of the topic; the parameter is the record's value. Tombstones are skipped. Of a
 * union of topics, `Each<A | B>`, the record with the smallest event time comes first; the values must
 * be such that one can tell them apart.
 */
export type Each<
  T extends AnyTopic,
  _O extends EachOptions<T> & Exact<_O, EachOptions<T>> = object,
> = ValueOf<T>;

/**
 * Runs for each record of the topic; the parameter is the record with its key and place. Of a union of
 * topics, `Event<A | B>`, each is narrowed by its `topic`.
 */
export type Event<
  T extends AnyTopic,
  _O extends EventOptions<T> & Exact<_O, EventOptions<T>> = object,
> = Message<T, _O> & HandlingBy<_O>;

export interface BatchOptions<T = unknown> extends Grouping<T> {
  /** The most values that a call gets. */
  max: number;
  /** How long values are waited for, counted from the first. */
  within: Span;
  /** Records with keys and places instead of values. */
  events?: boolean;
}

/**
 * Runs for several records of one partition; the parameter is their values. They are one unit: what
 * the function does is committed with all of them. If it throws, it is called for them once more, then
 * for each half, and so on; the record that it throws for alone goes to `onError`. Tombstones are
 * skipped.
 */
export type Batch<
  T extends AnyTopic,
  O extends BatchOptions<T> & Exact<O, BatchOptions<T>>,
> = readonly (O extends { events: true }
  ? MessageOf<ShownName<ReadTopic<T, O>>, GroupedKey<T, O>, ValueOf<T>>
  : ValueOf<T>)[];

/** One record. Of a union of topics, `topic` tells which one it is of. */
export type Message<T extends AnyTopic, O = object> = T extends AnyTopic
  ? MessageOf<ShownName<ReadTopic<T, O>>, GroupedKey<T, O>, ValueOf<T> | Tombstone<OptionsOf<T>>>
  : never;

/** The topic that the records come from in the end. */
type ReadTopic<T extends AnyTopic, O> = O extends { through: infer Via } ? Via : T;

/** The topic's key, unless the function reads it by another one. */
type GroupedKey<T extends AnyTopic, O> = O extends { groupBy: infer By }
  ? KeyFrom<ValueOf<T>, By>
  : KeyOf<ReadTopic<T, O>>;

export interface MessageOf<N, K, V> {
  readonly topic: N;
  readonly key: K;
  /** `null` is a tombstone; only compacted topics have them. */
  readonly value: V;
  /** The event time: the topic's `time` field, or the record's timestamp. */
  readonly timestamp: TimestampMillis;
  readonly headers: ReadonlyMap<string, Uint8Array>;
  readonly partition: number;
  readonly offset: bigint;
}

export interface Handling {
  /** Never again: the record goes to `onError`, with this reason. */
  reject(reason: string): void;
  /**
   * Not now: what the function does with the record is undone, and it gets it again after the delay,
   * "1s" unless given. What comes after the record in its partition waits; for an hour at most.
   */
  nack(delay?: Span): void;
  /** Sends the record on as bytes: key, value, timestamp and headers as they are. */
  forward(to: Sink<never>): void;
}

/** With `ack: "manual"`. */
export interface ManualHandling extends Handling {
  /**
   * The record is done with. Called while the function runs, it is committed together with what the
   * function writes and sends; afterwards, whenever it is called. A call that writes or sends has to
   * acknowledge something. Does nothing a second time, nor once the partition is given away.
   */
  ack(): void;
}

type HandlingBy<O> = O extends { ack: "manual" } ? ManualHandling : Handling;

/**
 * Runs once per assigned partition, for as long as it is assigned; asking for the next value
 * acknowledges the one before. A throw is about the value asked for last: `onError` decides, then a
 * new run begins. `return` and `break` end the run and pause the partition until the next assignment.
 */
export interface Stream<
  T extends AnyTopic,
  _O extends StreamOptions<T> & Exact<_O, StreamOptions<T>> = object,
> extends Flow<ValueOf<T>> {
  /** The records with their keys and places. */
  events(): Flow<Message<T, _O> & HandlingBy<_O>>;
  items(): Flow<readonly [key: GroupedKey<T, _O>, value: ValueOf<T>]>;
}

/** A sequence. Each operator gives a new one. */
export interface Flow<V> extends AsyncIterable<V> {
  /** What is left out is acknowledged with the next request. */
  filter<W extends V>(test: (value: V) => value is W): Flow<W>;
  filter(test: (value: V) => boolean | Promise<boolean>): Flow<V>;
  map<W>(change: (value: V) => W | Promise<W>): Flow<W>;
  /** A value is acknowledged with the request after the last of what it became. */
  flatMap<W>(change: (value: V) => Iterable<W> | AsyncIterable<W>): Flow<W>;
  /**
   * Arrays of `max` values, or, `within` a time since the first one, of as many as came. An array is
   * acknowledged as a whole by asking for the next; what is gathered in part comes again to the next
   * run. Nothing may be written before `take` has its values.
   */
  take(max: number, within?: Span): Flow<readonly V[]>;
  /** Counts from `start`, 0 unless given; a new run begins again. */
  enumerate(start?: number): Flow<readonly [index: number, value: V]>;
  /**
   * Lets `max` values pass at once, and as many again evenly in each `per`, "1s" unless given; each
   * partition for itself.
   */
  rateLimit(max: number, per?: Span): Flow<V>;
  /** Looks at each value and passes it on. */
  peek(look: (value: V) => void): Flow<V>;
}

/**
 * Runs at an interval. With a `Table` it ticks once in each task of that table, between records and
 * inside that task's commit; without one, once per worker.
 */
export interface Every<_S extends Span, _O extends TimerOptions & Exact<_O, TimerOptions> = object>
  extends Tick {}

export interface TimerOptions extends Failing {
  /**
   * Ticks in one worker of the app instead of in each one. Not together with a table. An interval then
   * counts from 1970, so that the next leader goes on with the same beat.
   */
  leader?: boolean;
}

/** Five fields, or six with seconds in front: what stands in them the compiler checks. */
type CronText = `${string} ${string} ${string} ${string} ${string}`;

/**
 * Runs at the times of a crontab line: minutes, hours, days of the month, months and weekdays, or
 * these with seconds in front, by the clocks of an IANA zone. `"0 3 * * MON-FRI"`.
 * It ticks where `Every` would: in each task of its table, or once per worker.
 */
export interface Cron<
  _E extends CronText,
  _Zone extends string = "UTC",
  _O extends TimerOptions & Exact<_O, TimerOptions> = object,
> extends Tick {}

export interface Tick {
  readonly at: TimestampMillis;
  /** The task's partition, when the function has a table. */
  readonly partition?: number;
}

type Argument = string | number | bigint | boolean | Date | undefined;

/**
 * Runs when somebody calls it from the command line: `streamgen run-command name --flag value`. The
 * parameter is its arguments, each of them a flag; lists are flags that may be given several times.
 * `Command` alone has no arguments.
 */
export type Command<
  A extends { readonly [K in keyof A]: Argument | readonly (string | number | bigint)[] } = object,
> = A;

export type WorkerEvent = "assigned" | "revoked" | "recovered" | "stopping";

/**
 * Runs when something happens to the worker, which waits for it, for a few seconds at most.
 *
 * - `assigned`: tasks have come; their first record is handled afterwards.
 * - `recovered`: the tables of these tasks are restored.
 * - `revoked`: tasks are committed and closed, and go to another worker afterwards.
 * - `stopping`: the worker is about to stop; its tasks still run.
 */
export interface On<E extends WorkerEvent, _O extends Failing & Exact<_O, Failing> = object> {
  readonly event: E;
  readonly tasks: readonly { readonly group: string; readonly partition: number }[];
  /** `revoked` only: other workers have the tasks already, and do again what was not committed. */
  readonly isLost?: true;
}

/** Runs once when the worker starts, before the first record. */
export interface OnStart {
  readonly app: string;
}
