import type { AgentRunner } from "../agents/agent-runner.ts";
import { type AgentPlaces, readOffsets, writeOffsets } from "./agent-places.ts";

/**
 * How far the agents of one source are. They go together, but for those that keep records back: these
 * may have acknowledged less, and after a restart the others are not given the same records again.
 */
export class Standing {
  readonly #agents: readonly AgentRunner[];
  /** Set while records are read again that some agents have done with. */
  #known: AgentPlaces | undefined;
  /** Of the known places: what agents have not done with, where that is not all from an offset on. */
  #open: ReadonlyMap<string, ReadonlySet<number>> = new Map();

  constructor(agents: readonly AgentRunner[]) {
    this.#agents = agents;
  }

  /** The first record that an agent has been given and has not acknowledged. */
  get held(): number | undefined {
    let least: number | undefined;
    for (const { held } of this.#agents) {
      if (held !== undefined && (least === undefined || held < least)) least = held;
    }
    return least;
  }

  /** Whether an agent will go on with such records even if no other comes. */
  get isTimed(): boolean {
    return this.#agents.some((agent) => agent.isTimed === true);
  }

  /** Whether records are read again that some agents have done with. */
  get isUneven(): boolean {
    return this.#known !== undefined;
  }

  /** Whether an agent has done with a record; those of one input are asked about in order. */
  isDone(agent: string, offset: number): boolean {
    const known = this.#known;
    if (known === undefined || offset >= known.until) {
      this.#known = undefined;
      this.#open = new Map();
      return false;
    }
    const open = this.#open.get(agent);
    if (open !== undefined) return !open.has(offset);
    const next = Object.hasOwn(known.agents, agent) ? known.agents[agent] : known.until;
    return offset < (next ?? known.until);
  }

  /** How far each is when the input is at `position`; `undefined`: all of them equally. */
  at(position: number): AgentPlaces | undefined {
    const known = this.#known;
    const isAlone = this.#agents.length < 2 && this.#agents[0]?.open === undefined;
    if (known === undefined && (isAlone || this.held === undefined)) return undefined;
    const until = Math.max(position, known?.until ?? 0);
    const agents: Record<string, number> = {};
    const open: Record<string, string> = {};
    for (const agent of this.#agents) {
      const left = this.#openAt(agent, position);
      if (left !== undefined) open[agent.name] = writeOffsets(left);
      const next = left?.[0] ?? agent.held ?? this.#reached(agent.name, position, until);
      if (next < until) agents[agent.name] = next;
    }
    return Object.keys(open).length === 0 ? { until, agents } : { until, agents, open };
  }

  /** Up to where an agent that holds nothing back has come. */
  #reached(name: string, position: number, until: number): number {
    const known = this.#known;
    const isListed = known !== undefined && Object.hasOwn(known.agents, name);
    return isListed ? Math.max(position, known.agents[name] ?? 0) : until;
  }

  /** What an agent has not done with, where it does not acknowledge in order. */
  #openAt({ name, open: given }: AgentRunner, position: number): readonly number[] | undefined {
    const known = [...(this.#open.get(name) ?? [])].filter((offset) => offset >= position);
    if ((given ?? []).length === 0 && known.length === 0) return undefined;
    const last = given?.at(-1) ?? -1;
    return [...(given ?? []), ...known.filter((offset) => offset > last)];
  }

  /** Goes on from there. */
  resume(places: AgentPlaces | undefined): void {
    this.#known = places;
    this.#open = new Map(
      Object.entries(places?.open ?? {}).map(([name, text]) => [name, new Set(readOffsets(text))]),
    );
    if (places === undefined) return;
    const listed = Object.entries(places.agents);
    const isGone = ([name]: [string, number]) => !this.#agents.some((agent) => agent.name === name);
    if (!listed.some(isGone)) return;
    // One may have another name now: rather twice than not at all.
    const agents: Record<string, number> = { ...places.agents };
    for (const { name, isTimed } of this.#agents) if (isTimed !== undefined) agents[name] ??= 0;
    this.#known = { ...places, agents };
  }
}
