/**
 * A join of two tables: for each change of either side, the rows that both have under the key by now. A
 * side may thus be ahead of its change, which comes later, with the same rows. So the last call for a key
 * has the last rows of both.
 */
import type { ChangeAgentSpec, TableChange } from "../changes/change-spec.ts";
import type { TaskScope } from "../scope.ts";
import { rowReader } from "./row-reader.ts";
import type { NoPair, TableJoinSpec } from "./table-join-spec.ts";

/** What the join does with the changes of its left table. */
export const joinLeft = <K, L, R>(
  join: TableJoinSpec<K, L, R>,
): ChangeAgentSpec<TableChange<K, L>> => half(join, () => true);

/** The same of its right table. */
export const joinRight = <K, L, R>(
  join: TableJoinSpec<K, L, R>,
): ChangeAgentSpec<TableChange<K, R>> => half(join, ({ kind }) => kind !== "left");

/** `endsResults`: whether a deleted row of this side may have ended a result. */
function half<K, L, R, V>(
  join: TableJoinSpec<K, L, R>,
  endsResults: (join: TableJoinSpec<K, L, R>) => boolean,
): ChangeAgentSpec<TableChange<K, V>> {
  const { name, onError } = join;
  return {
    name,
    onError,
    open(task) {
      const give = giver(join, task);
      const left = rowReader(task, join.left);
      const right = rowReader(task, join.right);
      const ends = endsResults(join);
      return ({ key, timestamp, value }) => {
        const isGone = ends && value === undefined;
        return give({ key, left: left(key), right: right(key), timestamp }, isGone);
      };
    },
  };
}

interface Rows<K, L, R> {
  readonly key: K;
  readonly left: L | undefined;
  readonly right: R | undefined;
  readonly timestamp: number;
}

/**
 * Calls the function with a key's rows, if they are a result; else, where a row is gone, with none. Rows
 * that have never been a result may be told to be none; that a result has ended is never missed.
 */
type Give<K, L, R> = (rows: Rows<K, L, R>, isGone: boolean) => unknown;

function giver<K, L, R>(join: TableJoinSpec<K, L, R>, task: TaskScope): Give<K, L, R> {
  switch (join.kind) {
    case "inner": {
      const handle = join.open(task);
      return ({ left, right, ...at }, isGone) => {
        if (left !== undefined && right !== undefined) return handle({ ...at, left, right });
        return isGone ? handle({ ...at, ...none }) : undefined;
      };
    }
    case "left": {
      const handle = join.open(task);
      return ({ left, ...rest }, isGone) => {
        if (left !== undefined) return handle({ ...rest, left });
        return isGone ? handle({ ...rest, ...none }) : undefined;
      };
    }
    case "outer": {
      const handle = join.open(task);
      return ({ left, right, ...at }, isGone) => {
        if (left !== undefined) return handle({ ...at, left, right });
        if (right !== undefined) return handle({ ...at, left: undefined, right });
        return isGone ? handle({ ...at, ...none }) : undefined;
      };
    }
  }
}

const none: Pick<NoPair<unknown>, "left" | "right"> = { left: undefined, right: undefined };
