import type { OnError } from "./errors.ts";
import type { Exact, FieldOf, Scalar, Span } from "./options.ts";
import type { AnyTopic, ValueOf } from "./topics.ts";

export interface JoinOptions<L = unknown, R = unknown> {
  /**
   * What a pair has in common: a field that both have, or one of each. A side whose topic has another
   * key is sent on to a repartition topic.
   */
  on:
    | (FieldOf<ValueOf<L>, Scalar> & FieldOf<ValueOf<R>, Scalar>)
    | { left: FieldOf<ValueOf<L>, Scalar>; right: FieldOf<ValueOf<R>, Scalar> };
  /**
   * How far apart in event time the records of a pair may be, both ends included: either way, or how
   * long before and how long after the left one the right one may be.
   */
  within: Span | { before: Span; after: Span };
  /** How long a record is waited for behind that. What comes later is dropped and counted. */
  grace: Span;
  /**
   * `"inner"`, the default: pairs only. `"left"`: also left records that had no partner; `"outer"`:
   * those of both sides. Each comes once, after `within` and `grace`.
   */
  kind?: "inner" | "left" | "outer";
  /** After so long without a record, records without a partner are given as if time had gone on. */
  idle?: Span;
  /** What happens to a record where the function throws for it or for one of its pairs. */
  onError?: OnError<ValueOf<L> | ValueOf<R>>;
}

/**
 * Runs for each pair of records that belong together and are near in time; the parameter is `[left,
 * right]`. Where `kind` lets one of them be missing, it is `undefined`. Tombstones are skipped.
 */
export type Join<
  L extends AnyTopic,
  R extends AnyTopic,
  O extends JoinOptions<L, R> & Exact<O, JoinOptions<L, R>>,
> = PairOf<ValueOf<L>, ValueOf<R>, O extends { kind: infer Kind } ? Kind : "inner">;

type PairOf<L, R, Kind> = Kind extends "outer"
  ? readonly [L, R] | readonly [L, undefined] | readonly [undefined, R]
  : Kind extends "left"
    ? readonly [L, R | undefined]
    : readonly [L, R];
