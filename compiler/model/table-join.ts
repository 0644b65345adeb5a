import type { TriggerModel } from "./topology.ts";

/** Runs for each key whose row has changed in one of two tables. */
export interface TableJoinModel {
  readonly kind: "table-join";
  /** Which rows have a result: those of both tables, of the left one, or of either. */
  readonly gives: "inner" | "left" | "outer";
  readonly left: string;
  readonly right: string;
}

/** The same of a table with the rows of another whose keys are in a field of its own rows. */
export interface ForeignJoinModel {
  readonly kind: "foreign-join";
  readonly gives: "inner" | "left";
  readonly left: string;
  readonly right: string;
  readonly field: string;
  /** The join's own: what is asked of the right table's tasks, and what they answer. */
  readonly subscriptions: string;
  readonly responses: string;
  readonly links: string;
  readonly subscribers: string;
}

/** What one side of a foreign-key join needs in its tasks. */
export interface JoinHalfModel {
  readonly topic: string;
  readonly tables: readonly string[];
}

/** The sides of a foreign-key join, which may be in two groups; `undefined` for all other triggers. */
export function halvesOf(
  trigger: TriggerModel,
): { readonly left: JoinHalfModel; readonly right: JoinHalfModel } | undefined {
  if (trigger.kind !== "foreign-join") return undefined;
  const { left, links, responses, right, subscribers, subscriptions } = trigger;
  return {
    left: { topic: responses, tables: [left, links] },
    right: { topic: subscriptions, tables: [right, subscribers] },
  };
}
