import type { Span } from "./options.ts";
import type { AnyTopic, TopicOf } from "./topics.ts";

declare const retry: unique symbol;
declare const deadLetter: unique symbol;

/** One length of time, or the shortest and the longest: `"1s"`, `"100ms..10s"`. */
export type Waits = Span | `${Span}..${Span}`;

/**
 * As the first of two in `onError`: calls the function up to `N` times more, each time with its work
 * undone. The waits before double, from the shortest to the longest, with some chance in them.
 */
export interface Retry<N extends number, W extends Waits = "100ms..10s"> {
  readonly [retry]: { readonly retries: N; readonly waits: W };
}

/**
 * In `onError`: the record goes to this topic, as the bytes it came in, with headers that give the
 * reason. The topic holds values of the same type, or `Uint8Array` with the format "bytes", which can
 * be read whatever is wrong with them.
 */
export interface DeadLetter<T extends AnyTopic> {
  readonly [deadLetter]: { readonly topic: T };
}

type Last<V> = "stop" | "skip" | DeadLetter<TopicOf<V | Uint8Array>>;

/** What happens to a record of such values. */
export type OnError<V> = Last<V> | readonly [Retry<number, Waits>, Last<V>];

/** What happens to a record that comes too late. */
export type OnLate<V> = "drop" | "keep" | DeadLetter<TopicOf<V | Uint8Array>>;

/** What happens to a tick. */
export type OnTickError = "stop" | "skip" | readonly [Retry<number, Waits>, "stop" | "skip"];
