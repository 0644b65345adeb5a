import type { Span } from "../span.ts";
import type { Flow } from "./flow.ts";
import { spanMs } from "./span.ts";

/**
 * One record, as an agent sees it; it may be kept. `Topic` is the topic's declared name. `Gone` is
 * `null` where the topic has tombstones, whose value is `null`; elsewhere `never`.
 */
export interface Event<K, V, Topic extends string = string, Gone = never> {
  readonly topic: Topic;
  readonly key: K;
  readonly value: V | Gone;
  /** The event time in milliseconds: the topic's time field, or the record's timestamp. */
  readonly timestamp: number;
  /** The last value of each name; a header without a value is empty. */
  readonly headers: ReadonlyMap<string, Uint8Array>;
  readonly partition: number;
  readonly offset: bigint;
  /** When the function returns, its work is undone and the record goes to `onError`. */
  reject(reason: string): void;
  /**
   * When the function returns, its work is undone, and it gets the record again after the delay, "1s"
   * unless given. Until then what comes after the record waits.
   */
  nack(delay?: Span): void;
  /** Sends the record's bytes on: key, value, event time and headers. Takes a sink of this worker. */
  forward(to: object): void;
}

/** An event of a function that acknowledges by hand. */
export interface ManualEvent<K, V, Topic extends string = string, Gone = never>
  extends Event<K, V, Topic, Gone> {
  /**
   * The record is done with; in a call of the function, together with what the call writes and sends.
   * Does nothing a second time, nor where the task has gone back or ended since: then the record comes
   * again.
   */
  ack(): void;
}

/**
 * The records of one partition for one run of an agent. Asking for the next one acknowledges the one
 * before.
 */
export interface Stream<
  K,
  V,
  Topic extends string = string,
  E extends Event<K, V, Topic> = Event<K, V, Topic>,
> extends Flow<V> {
  /** The records with their keys and places. */
  events(): Flow<E>;
  items(): Flow<readonly [key: K, value: V]>;
}

/** The same for an agent that acknowledges by hand: values alone cannot be asked for (SG8433). */
export type ManualStream<K, V, Topic extends string = string> = Stream<
  K,
  V,
  Topic,
  ManualEvent<K, V, Topic>
>;

/** What an event needs of the record that it stands for. */
export interface EventPlace<K, V, Topic extends string, Gone> {
  readonly topic: Topic;
  readonly key: K;
  readonly value: V | Gone;
  readonly timestamp: number;
  readonly headers: ReadonlyMap<string, Uint8Array>;
  readonly partition: number;
  readonly offset: number;
}

/** What an event's methods do; the driver's. Throws when the event's turn is over. */
export interface EventHandling {
  reject(offset: number, reason: string): void;
  nack(offset: number, delayMs: number): void;
  forward(offset: number, to: object): void;
}

/** Makes the event of a record. */
export function makeEvent<K, V, Topic extends string, Gone>(
  place: EventPlace<K, V, Topic, Gone>,
  handling: EventHandling,
): Event<K, V, Topic, Gone> {
  return {
    ...place,
    offset: BigInt(place.offset),
    reject: (reason) => handling.reject(place.offset, reason),
    nack: (delay = "1s") => handling.nack(place.offset, spanMs(delay, "nack")),
    forward: (to) => handling.forward(place.offset, to),
  };
}
