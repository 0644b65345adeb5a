import { deadLetterOf } from "./error-policy.ts";
import type { AgentModel } from "./topology.ts";

/** The topics that a function sends to. */
export const topicsSent = ({ emits, resources }: AgentModel): readonly string[] => [
  ...(emits === undefined ? [] : [emits.topic]),
  ...resources.flatMap((resource) => (resource.kind === "sink" ? [resource.topic] : [])),
];

/** The same, and the topic of its dead letters. */
export function topicsWritten(agent: AgentModel): readonly string[] {
  const deadLetter = deadLetterOf(agent.onError);
  return deadLetter === undefined ? topicsSent(agent) : [...topicsSent(agent), deadLetter];
}
