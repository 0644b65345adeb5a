import type { OnError } from "./errors.ts";
import type { Exact, FieldOf, Scalar, Span } from "./options.ts";
import type { AnyTable } from "./resources.ts";
import type { JoinedRows, TableJoinOptions } from "./table-joins.ts";
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

type OptionsOfJoin<L, R> = L extends AnyTopic ? JoinOptions<L, R> : TableJoinOptions<L, R>;

/**
 * Of two topics: runs for each pair of records that belong together and are near in time; the parameter is
 * `[left, right]`. Where `kind` lets one of them be missing, it is `undefined`. Tombstones are skipped.
 *
 * Of two tables: runs for each key whose row a commit has changed in one of them; the parameter has the rows
 * of both. Where the key has no result any more, both are `undefined`. With `on`, the right row is the one
 * whose key the left row has in that field, and the key is the left row's.
 */
export type Join<
  L extends AnyTopic | AnyTable,
  R extends L extends AnyTopic ? AnyTopic : AnyTable,
  O extends OptionsOfJoin<L, R> & Exact<O, OptionsOfJoin<L, R>> = never,
> = L extends AnyTopic
  ? PairOf<ValueOf<L>, ValueOf<R>, O extends { kind: infer Kind } ? Kind : "inner">
  : L extends AnyTable
    ? R extends AnyTable
      ? JoinedRows<L, R, [O] extends [never] ? object : O>
      : never
    : never;

type PairOf<L, R, Kind> = Kind extends "outer"
  ? readonly [L, R] | readonly [L, undefined] | readonly [undefined, R]
  : Kind extends "left"
    ? readonly [L, R | undefined]
    : readonly [L, R];
