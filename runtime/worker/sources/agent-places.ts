/**
 * How far the agents of one source are, where not all are equally far: some have been given records
 * that they have not acknowledged. The offset that is committed is that of the last of them.
 */
export interface AgentPlaces {
  /** The next offset of the agents that are not listed. */
  readonly until: number;
  /** The next offset, by agent. */
  readonly agents: Readonly<Record<string, number>>;
  /**
   * By agent, where that is not all from its next offset on: the offsets before `until` that it has not
   * done with, written by `writeOffsets`.
   */
  readonly open?: Readonly<Record<string, string>>;
}

const base = 36;

/** Ascending offsets as text: how far each is behind the one before. */
export function writeOffsets(offsets: readonly number[]): string {
  let before = 0;
  const steps = offsets.map((offset) => {
    const step = offset - before;
    before = offset;
    return step.toString(base);
  });
  return steps.join(",");
}

/** What `writeOffsets` has written; `undefined` for anything else. */
export function readOffsets(text: string): readonly number[] | undefined {
  const offsets: number[] = [];
  if (text === "") return offsets;
  let offset = 0;
  for (const part of text.split(",")) {
    offset += /^[0-9a-z]+$/.test(part) ? Number.parseInt(part, base) : Number.NaN;
    if (!isOffset(offset)) return undefined;
    offsets.push(offset);
  }
  return offsets;
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
  const open = "open" in json ? readOpen(json.open) : {};
  return Object.keys(open).length === 0 ? { until, agents } : { until, agents, open };
}

function readOpen(json: unknown): Readonly<Record<string, string>> {
  const open: Record<string, string> = Object.create(null);
  for (const [agent, text] of Object.entries(json ?? {})) {
    if (typeof text === "string" && readOffsets(text) !== undefined) open[agent] = text;
  }
  return open;
}

function isOffset(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
