import type { Reader } from "../../codec/reader.ts";
import type { JoinSpan } from "../../state/joins/join-reach.ts";
import type { AgentSpec } from "../agents/agent-spec.ts";
import type { ErrorPolicy } from "../failures/error-policy.ts";
import type { TaskScope } from "../scope.ts";
import type { TableDeclaration, TopicSpec } from "../spec.ts";
import type { Closing } from "../windows/closing-spec.ts";

/**
 * A function that gets pairs of records: one of each side, with one key, and not too far apart in event
 * time. Both topics have the field of the join as their key, and equally many partitions.
 */
export type JoinSpec<LK, L, RK, R> = JoinBase<LK, L, RK, R> & JoinHandler<L, R>;

interface JoinBase<LK, L, RK, R> extends JoinSpan {
  readonly name: string;
  readonly onError: ErrorPolicy;
  readonly left: JoinSideSpec<LK, L>;
  readonly right: JoinSideSpec<RK, R>;
  /** After so long without a record, unmatched ones are given as if time had gone on. */
  readonly idleMs?: number;
  /** The function may change its values: each pair gets its own. */
  readonly mayChangeValues?: true;
}

/** What a function gets depends on who may be without a partner. */
export type JoinHandler<L, R> =
  | { readonly kind: "inner"; open(task: TaskScope): (pair: readonly [L, R]) => unknown }
  | (Unmatching & {
      readonly kind: "left";
      open(task: TaskScope): (pair: readonly [L, R | undefined]) => unknown;
    })
  | (Unmatching & {
      readonly kind: "outer";
      open(task: TaskScope): (pair: OuterPair<L, R>) => unknown;
    });

interface Unmatching {
  /** The changelog of the records that had no partner yet. */
  readonly unmatched: string;
}

export type OuterPair<L, R> = readonly [L, R] | readonly [L, undefined] | readonly [undefined, R];

export interface JoinSideSpec<K, V> {
  readonly topic: TopicSpec<K, V>;
  /** Decodes what the function reads, where that is less than everything. */
  readonly read?: (reader: Reader) => V;
  /** The changelog of the records that wait for partners. */
  readonly changelog: string;
}

/** A join whose types are closed over: `join(spec)` makes it. Its parts go into one group. */
export interface Join<LK, L, RK, R> {
  /** What reads the left topic. */
  readonly left: AgentSpec<LK, L>;
  readonly right: AgentSpec<RK, R>;
  /** What keeps records until their partners come. */
  readonly tables: readonly TableDeclaration[];
  /** What gives records without a partner; none of an inner join. */
  readonly closings: readonly Closing[];
}
