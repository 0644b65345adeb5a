import type { GroupByModel } from "./source-options.ts";
import type { TriggerModel } from "./topology.ts";

/** The topics whose records a function gets, in the order they are written. */
export function inputsOf(trigger: TriggerModel): readonly string[] {
  if (trigger.kind === "join") return [...new Set([trigger.left.topic, trigger.right.topic])];
  if (!("topic" in trigger)) return [];
  return "also" in trigger ? [trigger.topic, ...(trigger.also ?? [])] : [trigger.topic];
}

/** The same as they are declared: where a topic is read by another key, that topic. */
export function declaredInputsOf(trigger: TriggerModel): readonly string[] {
  const repartitions = repartitionsOf(trigger);
  const declared = (topic: string) =>
    repartitions.find((repartition) => repartition.topic === topic)?.source ?? topic;
  return [...new Set(inputsOf(trigger).map(declared))];
}

/** A topic's records, sent on to another topic for a function that reads them by another key. */
export interface RepartitionModel extends GroupByModel {
  /** The repartition topic. */
  readonly topic: string;
  /** Of a join. */
  readonly side?: "left" | "right";
}

/** What is sent on for a function, each topic once. */
export function repartitionsOf(trigger: TriggerModel): readonly RepartitionModel[] {
  if (trigger.kind === "join") {
    const sides = (["left", "right"] as const).flatMap((side) => {
      const { groupBy, topic } = trigger[side];
      return groupBy === undefined ? [] : [{ ...groupBy, topic, side }];
    });
    return sides.filter(
      ({ topic }, index) => sides.findIndex((each) => each.topic === topic) === index,
    );
  }
  if (!("groupBy" in trigger) || trigger.groupBy === undefined) return [];
  return [{ ...trigger.groupBy, topic: trigger.topic }];
}

/** The tables whose changes a function gets: their changelogs are inputs of its tasks. */
export function changedTablesOf(trigger: TriggerModel): readonly string[] {
  if (trigger.kind === "table-join") return [trigger.left, trigger.right];
  if (trigger.kind === "foreign-join") return [trigger.left];
  return trigger.kind === "change" ? [trigger.table] : [];
}
