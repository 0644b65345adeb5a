import type { TickPolicy } from "../failures/error-policy.ts";
import type { TaskScope } from "../scope.ts";
import type { TableSpec } from "../spec.ts";

/** There is no result for the key any more. */
export interface NoPair<K> {
  readonly key: K;
  readonly left: undefined;
  readonly right: undefined;
  /** The event time up to which the task has come, in milliseconds. */
  readonly timestamp: number;
}

/** The rows of a key. */
export interface RowPair<K, L, R> {
  readonly key: K;
  readonly left: L;
  readonly right: R;
  readonly timestamp: number;
}

/** What a function gets of two tables: `inner` where both have a row, `left` where the left one has. */
export type InnerRows<K, L, R> = RowPair<K, L, R> | NoPair<K>;
export type LeftRows<K, L, R> = RowPair<K, L, R | undefined> | NoPair<K>;
export type OuterRows<K, L, R> =
  | RowPair<K, L, R | undefined>
  | RowPair<K, undefined, R>
  | NoPair<K>;

interface TableJoinBase<K, L, R> {
  readonly name: string;
  readonly onError: TickPolicy;
  readonly left: TableSpec<K, L, unknown>;
  readonly right: TableSpec<K, R, unknown>;
}

/** A function that gets the rows of each key that has changed in one of two tables. */
export type TableJoinSpec<K, L, R> = TableJoinBase<K, L, R> &
  (
    | { readonly kind: "inner"; open(task: TaskScope): (pair: InnerRows<K, L, R>) => unknown }
    | { readonly kind: "left"; open(task: TaskScope): (pair: LeftRows<K, L, R>) => unknown }
    | { readonly kind: "outer"; open(task: TaskScope): (pair: OuterRows<K, L, R>) => unknown }
  );
