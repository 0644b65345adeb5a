/**
 * How far the agents of one source are, where not all are equally far: some have been given records
 * that they have not acknowledged. The offset that is committed is that of the last of them.
 */
export interface AgentPlaces {
  /** The next offset of the agents that are not listed. */
  readonly until: number;
  /** The next offset, by agent. */
  readonly agents: Readonly<Record<string, number>>;
}

/** Places that were written as JSON; `undefined` for anything else. */
export function readAgentPlaces(json: unknown): AgentPlaces | undefined {
  if (typeof json !== "object" || json === null || !("until" in json) || !("agents" in json)) {
    return undefined;
  }
  const { until, agents: listed } = json;
  if (!isOffset(until) || typeof listed !== "object" || listed === null) return undefined;
  const agents: Record<string, number> = Object.create(null);
  for (const [agent, next] of Object.entries(listed)) if (isOffset(next)) agents[agent] = next;
  return { until, agents };
}

function isOffset(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
