import type { TickPolicy } from "../failures/error-policy.ts";
import type { TaskScope } from "../scope.ts";
import type { TableSpec, TopicSpec } from "../spec.ts";
import type { InnerRows, LeftRows } from "./table-join-spec.ts";

/** Bytes by bytes: what only the join itself has to understand. */
export type BytesTopic = TopicSpec<Uint8Array, Uint8Array>;
export type BytesTable = TableSpec<Uint8Array, Uint8Array, Uint8Array | undefined>;

interface ForeignJoinBase<K, L, F, R> {
  readonly name: string;
  readonly onError: TickPolicy;
  readonly left: TableSpec<K, L, unknown>;
  readonly right: TableSpec<F, R, unknown>;
  /** The key of the right row that belongs to a left one; `undefined`: none does. */
  on(left: L): F | null | undefined;
  /** To the tasks of the right table: which left rows want which of its rows. */
  readonly subscriptions: BytesTopic;
  /** Back to those of the left table. */
  readonly responses: BytesTopic;
  /** Of the left tasks: what each left row is subscribed to, and whether it has a result. */
  readonly links: BytesTable;
  /** Of the right tasks: the left rows that want a right one. */
  readonly subscribers: BytesTable;
}

/**
 * A function that gets the rows of a table with those of another whose keys they name. The right table
 * may have other partitions, and be another group's.
 */
export type ForeignJoinSpec<K, L, F, R> = ForeignJoinBase<K, L, F, R> &
  (
    | { readonly kind: "inner"; open(task: TaskScope): (pair: InnerRows<K, L, R>) => unknown }
    | { readonly kind: "left"; open(task: TaskScope): (pair: LeftRows<K, L, R>) => unknown }
  );
