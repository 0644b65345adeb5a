import type { OnTickError } from "./errors.ts";
import type { Exact, Option } from "./options.ts";
import type { AnyTable } from "./resources.ts";
import type { TimestampMillis } from "./scalars.ts";
import type { HasElements } from "./sets.ts";
import type { HasTable, Row } from "./tables.ts";
import type { HasWindows, Window } from "./windows.ts";

export interface ChangeOptions {
  /**
   * What happens where the function throws: `"stop"` (the default), `"skip"`, or
   * `[Retry<3, "100ms..10s">, one of these]`.
   */
  onError?: OnTickError;
}

/** A row as a commit has left it. */
export interface TableChange<K, V> {
  readonly key: K;
  /** Absent: the row was deleted. */
  readonly value: V | undefined;
  /** The stream time of the row's partition: what is sent has it, too. */
  readonly timestamp: TimestampMillis;
}

/** The same of a row in one window. That windows expire is a change of sessions and sliding ones only. */
export interface WindowChange<K, V> extends TableChange<K, V> {
  readonly window: Window;
}

/** An element that a set has got, or that it has no more. */
export interface ElementChange<K, E> {
  readonly key: K;
  readonly element: E;
  readonly isThere: boolean;
  /** The stream time of the set's partition: what is sent has it, too. */
  readonly timestamp: TimestampMillis;
}

/**
 * Runs for each row that a commit has changed, after that commit; what was written in between is not
 * told. A function that is new begins with the rows that are there. It runs in the tasks that write the
 * table; it may write other tables of these, and only read its own.
 */
export type Change<
  T extends AnyTable,
  _O extends ChangeOptions & Exact<_O, ChangeOptions> = object,
> =
  T extends HasElements<infer O>
    ? ElementChange<Option<O, "key">, Row<Option<O, "element">>>
    : T extends HasWindows<infer O>
      ? WindowChange<Option<O, "key">, Row<Option<O, "value">>>
      : T extends HasTable<infer O>
        ? TableChange<Option<O, "key">, Row<Option<O, "value">>>
        : never;
