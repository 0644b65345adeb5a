import { deadLetterOf } from "./error-policy.ts";
import type { AgentModel, EmissionModel } from "./topology.ts";

/** The topics that returned values go to, in the order they are written. */
export const topicsEmitted = ({ topic, also = [] }: EmissionModel): readonly string[] => [
  topic,
  ...also,
];

/** The topics that a function sends to, or that get its records as they are. */
export const topicsSent = ({ emits, resources, trigger }: AgentModel): readonly string[] => [
  ...(emits === undefined ? [] : topicsEmitted(emits)),
  ...resources.flatMap((resource) => (resource.kind === "sink" ? [resource.topic] : [])),
  ...copiesOf(trigger),
];

/** Those that get the records of a trigger as they are; repartition topics are not among them. */
const copiesOf = (trigger: AgentModel["trigger"]): readonly string[] => [
  ...("echo" in trigger ? (trigger.echo ?? []) : []),
  ...("groupBy" in trigger && trigger.groupBy?.by.kind === "topic" ? [trigger.topic] : []),
];

/** The topics that get what it gives up on, and what comes too late for it. */
export function deadLettersOf({ late, onError }: AgentModel): readonly string[] {
  const failed = deadLetterOf(onError);
  return [
    ...(failed === undefined ? [] : [failed]),
    ...(typeof late === "object" && late.deadLetter !== failed ? [late.deadLetter] : []),
  ];
}

/** The same, and the topics of its dead letters. */
export const topicsWritten = (agent: AgentModel): readonly string[] => [
  ...topicsSent(agent),
  ...deadLettersOf(agent),
];
