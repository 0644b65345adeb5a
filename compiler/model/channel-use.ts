import type { AgentModel } from "./topology.ts";

/** The channels that an agent reads and sends to: what is sent is handled in the sender's task. */
export const channelsAtHand = ({ resources, trigger }: AgentModel): readonly string[] => [
  ...(trigger.kind === "channel" ? [trigger.channel] : []),
  ...resources.flatMap((resource) => (resource.kind === "channel" ? [resource.channel] : [])),
];
