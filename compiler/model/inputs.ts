import type { TriggerModel } from "./topology.ts";

/** The topics whose records a function gets, in the order they are written. */
export function inputsOf(trigger: TriggerModel): readonly string[] {
  if (!("topic" in trigger)) return [];
  return "also" in trigger ? [trigger.topic, ...(trigger.also ?? [])] : [trigger.topic];
}

/** The same as they are declared: where a topic is read by another key, that topic. */
export function declaredInputsOf(trigger: TriggerModel): readonly string[] {
  const isRegrouped = "groupBy" in trigger && trigger.groupBy !== undefined;
  return isRegrouped ? [trigger.groupBy.source] : inputsOf(trigger);
}

/** The tables whose changes a function gets: their changelogs are inputs of its tasks. */
export function changedTablesOf(trigger: TriggerModel): readonly string[] {
  return trigger.kind === "change" ? [trigger.table] : [];
}
