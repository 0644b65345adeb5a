import type { AgentRunner } from "../agents/agent-runner.ts";
import type { AgentPlaces } from "./agent-places.ts";

/**
 * How far the agents of one source are. They go together, but for those that keep records back: these
 * may have acknowledged less, and after a restart the others are not given the same records again.
 */
export class Standing {
  readonly #agents: readonly AgentRunner[];
  /** Set while records are read again that some agents have done with. */
  #known: AgentPlaces | undefined;

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
      return false;
    }
    const next = Object.hasOwn(known.agents, agent) ? known.agents[agent] : known.until;
    return offset < (next ?? known.until);
  }

  /** How far each is when the input is at `position`; `undefined`: all of them equally. */
  at(position: number): AgentPlaces | undefined {
    const known = this.#known;
    if (known === undefined && (this.#agents.length < 2 || this.held === undefined)) {
      return undefined;
    }
    const until = Math.max(position, known?.until ?? 0);
    const agents: Record<string, number> = {};
    for (const { name, held } of this.#agents) {
      const isListed = known !== undefined && Object.hasOwn(known.agents, name);
      const reached = isListed ? Math.max(position, known.agents[name] ?? 0) : until;
      const next = held ?? reached;
      if (next < until) agents[name] = next;
    }
    return { until, agents };
  }

  /** Goes on from there. */
  resume(places: AgentPlaces | undefined): void {
    this.#known = places;
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
