import { changedTablesOf } from "./inputs.ts";
import { halvesOf } from "./table-join.ts";
import type { AgentModel } from "./topology.ts";

/** The consumer group of an agent's own; `undefined` is the app's. */
export const consumerGroupOf = ({ trigger }: AgentModel): string | undefined =>
  "consumerGroup" in trigger ? trigger.consumerGroup : undefined;

/** The tables whose rows are at hand for an agent: a view reads from anywhere. */
export const tablesAtHand = ({ resources, trigger }: AgentModel): readonly string[] => [
  ...(trigger.kind === "closed" ? [trigger.table] : []),
  ...changedTablesOf(trigger),
  ...(halvesOf(trigger)?.left.tables ?? []),
  ...resources.flatMap((resource) =>
    resource.kind === "table" || resource.kind === "lookup" ? [resource.table] : [],
  ),
];
