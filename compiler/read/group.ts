import type { AgentModel, GroupModel, TopicModel } from "../model/topology.ts";

/**
 * Puts agents into groups: the smallest sets closed under same source topic and shared table. A topic
 * that is only sent on under another key has a group too, without agents.
 */
export function groupAgents(
  agents: readonly AgentModel[],
  topics: readonly TopicModel[],
): readonly GroupModel[] {
  const sets = new Sets();
  for (const agent of agents) {
    const [first, ...rest] = membershipsOf(agent);
    for (const other of rest) if (first !== undefined) sets.join(first, other);
    if (first !== undefined) sets.join(first, first);
    const source = sourceOf(agent);
    if (source !== undefined) sets.join(topicMark(source), topicMark(source));
  }
  const groups = topics.flatMap((topic, index) => {
    const root = sets.find(topicMark(topic.name));
    const isFirst = topics.findIndex((one) => sets.find(topicMark(one.name)) === root) === index;
    return root === undefined || !isFirst ? [] : [{ root, name: topic.name }];
  });
  return groups.map(({ root, name }) => {
    const isMine = (mark: string): boolean => sets.find(mark) === root;
    const mine = agents.filter((agent) => membershipsOf(agent).slice(0, 1).some(isMine));
    const inputs = topics.filter((topic) => isMine(topicMark(topic.name)));
    const repartitions = agents.filter((agent) => {
      const source = sourceOf(agent);
      return source !== undefined && isMine(topicMark(source));
    });
    return {
      name,
      topics: inputs.map((topic) => topic.name),
      tables: [...new Set(mine.flatMap(tablesOf))],
      agents: mine.map((agent) => agent.name),
      repartitions: repartitions.map((agent) => agent.name),
      projections: projectionsOf(inputs, mine, repartitions),
    };
  });
}

const topicMark = (name: string): string => `topic ${name}`;

/** The topic that is read before it is sent on under another key. */
const sourceOf = ({ trigger }: AgentModel): string | undefined =>
  "groupBy" in trigger ? trigger.groupBy?.source : undefined;

const topicOf = ({ trigger }: AgentModel): string | undefined =>
  "topic" in trigger ? trigger.topic : undefined;

/** The tables whose rows are at hand: a view reads from anywhere and joins nothing. */
const tablesOf = (agent: AgentModel): readonly string[] =>
  agent.resources.flatMap((resource) =>
    resource.kind === "table" || resource.kind === "lookup" ? [resource.table] : [],
  );

function membershipsOf(agent: AgentModel): readonly string[] {
  const topic = topicOf(agent);
  const tables = tablesOf(agent).map((name) => `table ${name}`);
  return topic === undefined ? tables : [topicMark(topic), ...tables];
}

/** The fields to decode: what bodies read, and what the topic's own key and time need. */
function projectionsOf(
  topics: readonly TopicModel[],
  agents: readonly AgentModel[],
  repartitions: readonly AgentModel[],
): Readonly<Record<string, readonly string[]>> {
  const entries = topics.flatMap((topic): [string, readonly string[]][] => {
    const wanted = [
      ...agents.filter((agent) => topicOf(agent) === topic.name).map((agent) => agent.body.reads),
      ...repartitions.filter((agent) => sourceOf(agent) === topic.name).map(regroupReads),
      ownReads(topic),
    ];
    if (topic.value.kind !== "record" || wanted.includes("all")) return [];
    return [[topic.name, [...new Set(wanted.flat())].sort()]];
  });
  return Object.fromEntries(entries);
}

function regroupReads({ trigger }: AgentModel): "all" | readonly string[] {
  const by = "groupBy" in trigger ? trigger.groupBy?.by : undefined;
  return by?.kind === "field" ? [by.field] : "all";
}

function ownReads({ key, time, external, trustKey }: TopicModel): "all" | readonly string[] {
  const times = time === undefined ? [] : [time.field];
  if (!external || trustKey || key.kind === "none" || key.kind === "given") return times;
  return key.kind === "field" ? [...times, key.field] : "all";
}

/** Disjoint sets of names. */
class Sets {
  readonly #parent = new Map<string, string>();

  find(name: string): string | undefined {
    const parent = this.#parent.get(name);
    return parent === undefined || parent === name ? parent : this.find(parent);
  }

  join(a: string, b: string): void {
    for (const name of [a, b]) if (!this.#parent.has(name)) this.#parent.set(name, name);
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== undefined && second !== undefined) this.#parent.set(second, first);
  }
}
