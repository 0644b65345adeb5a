import type { GroupByModel } from "./source-options.ts";
import type { Span } from "./span.ts";
import type { AgentModel } from "./topology.ts";

/** Runs for pairs of records that have a field in common and are near in time. Lengths are in ms. */
export interface JoinModel {
  readonly kind: "join";
  /** Which records are given without a partner: none, those of the left side, or any. */
  readonly gives: "inner" | "left" | "outer";
  readonly left: JoinSideModel;
  readonly right: JoinSideModel;
  /** How long before the left record, and how long after it, the right one may be. */
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly graceMs: number;
  readonly idleMs?: number;
  /** The changelog of the records that had no partner yet. */
  readonly unmatched?: string;
}

export interface JoinSideModel {
  /** The topic that is read: the repartition topic where there is one. */
  readonly topic: string;
  readonly field: string;
  readonly groupBy?: GroupByModel;
  /** The changelog of the records that wait for partners. */
  readonly changelog: string;
}

/** What joins keep records in. They are tables, which no function sees. */
export interface BufferModel {
  readonly name: string;
  readonly changelog: string;
  /** The function's name. */
  readonly span: Span;
}

export const buffersOf = (agents: readonly AgentModel[]): readonly BufferModel[] =>
  agents.flatMap(({ name, span, trigger }) => {
    if (trigger.kind !== "join") return [];
    const { left, right, unmatched } = trigger;
    return [
      { name: `${name}-left`, changelog: left.changelog, span },
      { name: `${name}-right`, changelog: right.changelog, span },
      ...(unmatched === undefined
        ? []
        : [{ name: `${name}-unmatched`, changelog: unmatched, span }]),
    ];
  });
