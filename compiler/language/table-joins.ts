import type { OnTickError } from "./errors.ts";
import type { AnyTable, KeyOfTable, ValueOfTable } from "./resources.ts";
import type { TimestampMillis } from "./scalars.ts";
import type { Row } from "./tables.ts";

export interface TableJoinOptions<L = unknown, R = unknown> {
  /**
   * The field of the left rows that has the key of the right one. Without it, rows with equal keys
   * belong together. With it, the right table may have other partitions, and be another group's.
   */
  on?: ForeignKeyOf<L, R>;
  /**
   * Which keys have a result: `"inner"`, the default, those with a row in both tables; `"left"` those with
   * one in the left table; `"outer"` those with one in either.
   */
  kind?: "inner" | "left" | "outer";
  /** What happens where the function throws: `"stop"` (the default), `"skip"`, or a `Retry` before one. */
  onError?: OnTickError;
}

/** The fields of the left rows that may be a key of the right table; optional ones may name no row. */
type ForeignKeyOf<L, R> = {
  [F in keyof ValueOfTable<L>]-?: NonNullable<ValueOfTable<L>[F]> extends KeyOfTable<R> ? F : never;
}[keyof ValueOfTable<L>] &
  string;

/** The rows of a key. */
export interface RowPair<K, L, R> {
  readonly key: K;
  readonly left: L;
  readonly right: R;
  /** The stream time of the key's partition: what is sent has it, too. */
  readonly timestamp: TimestampMillis;
}

/** The key has no result any more. */
export type NoPair<K> = RowPair<K, undefined, undefined>;

/** What a join of two tables gives. */
export type JoinedRows<L extends AnyTable, R extends AnyTable, O> = PairOf<
  KeyOfTable<L>,
  Row<ValueOfTable<L>>,
  Row<ValueOfTable<R>>,
  O extends { kind: infer Kind } ? Kind : "inner"
>;

type PairOf<K, L, R, Kind> =
  | NoPair<K>
  | (Kind extends "outer"
      ? RowPair<K, L, R | undefined> | RowPair<K, undefined, R>
      : Kind extends "left"
        ? RowPair<K, L, R | undefined>
        : RowPair<K, L, R>);
