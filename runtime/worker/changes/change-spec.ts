import type { Window } from "../../state/windows/window-rows.ts";
import type { TickPolicy } from "../failures/error-policy.ts";
import type { TaskScope } from "../scope.ts";
import type { TableDeclaration } from "../spec.ts";

/** A row as a commit has left it. */
export interface TableChange<K, V> {
  readonly key: K;
  /** Absent: the row was deleted. */
  readonly value: V | undefined;
  /** The event time up to which the task has come, in milliseconds. */
  readonly timestamp: number;
}

/** The same of a row in one window. What expires is told of sessions and sliding windows only. */
export interface WindowChange<K, V> extends TableChange<K, V> {
  readonly window: Window;
}

/** An element that a set has got, or that it has no more. */
export interface ElementChange<K, E> {
  readonly key: K;
  readonly element: E;
  readonly isThere: boolean;
  readonly timestamp: number;
}

/** A function that gets the changes of a table. */
export interface ChangeAgentSpec<Change> {
  readonly name: string;
  readonly onError: TickPolicy;
  /** It may change the value it is given: the agents after it get the row decoded anew. */
  readonly mayChangeValue?: true;
  open(task: TaskScope): (change: Change) => unknown;
}

/** A table, and the functions that get what has changed in it, in the order they run. */
export interface ChangesSpec<Table extends TableDeclaration, Change> {
  readonly table: Table;
  readonly agents: readonly ChangeAgentSpec<Change>[];
}
