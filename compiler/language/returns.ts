import type { AnyTopic, OptionsOf, Tombstone } from "./topics.ts";

/** A topic whose key is not in its value needs both. */
export interface Keyed<K, V> {
  readonly key: K;
  readonly value: V;
}

type Emission<O> = O extends { key: infer K; value: infer V }
  ? Keyed<K, V | Tombstone<O>>
  : O extends { value: infer V }
    ? V
    : never;

/**
 * A value for the topic, as a return type: `To<T>`, `To<T> | undefined`, `To<T>[]`, a generator of
 * `To<T>`, or a promise of one of these. Of `To<A> | To<B>` each value goes to the topic whose type it
 * has; they must be such that one can tell them apart.
 */
export type To<T extends AnyTopic> = Emission<OptionsOf<T>>;
