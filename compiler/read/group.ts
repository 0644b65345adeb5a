import { channelsAtHand } from "../model/channel-use.ts";
import { consumerGroupOf, tablesAtHand } from "../model/consumer-group.ts";
import { inputsOf, repartitionsOf } from "../model/inputs.ts";
import { halvesOf } from "../model/table-join.ts";
import type {
  AgentModel,
  BodyReads,
  GroupModel,
  TableModel,
  TopicModel,
} from "../model/topology.ts";

/**
 * Puts agents into groups: the smallest sets closed under same source topic in one consumer group, and
 * shared table; a table of a topic shares that topic. A topic that is only sent on under another key has
 * a group too, without agents, and so has one whose table is only viewed.
 */
export function groupAgents(
  agents: readonly AgentModel[],
  topics: readonly TopicModel[],
  tables: readonly TableModel[],
): readonly GroupModel[] {
  const sets = new Sets();
  const sourced = tables.filter((table) => isUsedFrom(table, agents));
  for (const table of sourced) {
    const { from = "", name } = table;
    sets.join(topicMark(from, consumerOf(table, agents)), tableMark(name));
  }
  for (const agent of agents) {
    const marks = membershipsOf(agent);
    const [first] = marks;
    sets.joinAll(marks);
    if (first !== undefined) sets.join(first, first);
    for (const source of sourceMarks(agent)) sets.join(source, source);
    sets.joinAll(rightMarks(agent));
  }
  const rootOf = (mark: string | undefined): string | undefined =>
    mark === undefined ? undefined : sets.find(mark);
  const consumers = [...new Set([undefined, ...agents.map(consumerGroupOf)])];
  const places = topics.flatMap((topic) => consumers.map((consumer) => ({ topic, consumer })));
  const inputs = collect(places, ({ topic, consumer }) => rootOf(topicMark(topic.name, consumer)));
  const members = collect(agents, (agent) => rootOf(membershipsOf(agent)[0]));
  const sendersOf = (root: string) =>
    agents.filter((agent) => sourceMarks(agent).some((mark) => rootOf(mark) === root));
  const ofTopics = collect(sourced, (table) => rootOf(tableMark(table.name)));
  return [...inputs].map(([root, read]) => {
    const mine = members.get(root) ?? [];
    const filled = ofTopics.get(root) ?? [];
    const repartitions = sendersOf(root);
    const joins = agents.filter((agent) => rootOf(rightMarks(agent)[0]) === root);
    const inputTopics = read.map(({ topic }) => topic);
    const consumer = read[0]?.consumer;
    const name = inputTopics[0]?.name ?? "";
    return {
      name: consumer === undefined ? name : `${name}@${consumer}`,
      ...(consumer !== undefined && { consumerGroup: consumer }),
      topics: inputTopics.map((topic) => topic.name),
      tables: [
        ...new Set([
          ...mine.flatMap(tablesAtHand),
          ...filled.map(({ name }) => name),
          ...joins.flatMap(rightTables),
        ]),
      ],
      agents: mine.map((agent) => agent.name),
      repartitions: repartitions.map((agent) => agent.name),
      ...(joins.length > 0 && { joins: joins.map((agent) => agent.name) }),
      projections: projectionsOf(inputTopics, mine, { repartitions, filled, all: topics }),
    };
  });
}

/** Things by the root of their set, in order; those without one are left out. */
function collect<T>(
  things: readonly T[],
  rootOf: (thing: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const thing of things) {
    const root = rootOf(thing);
    const list = root === undefined ? undefined : found.get(root);
    if (list !== undefined) list.push(thing);
    else if (root !== undefined) found.set(root, [thing]);
  }
  return found;
}

/** A topic as one consumer group reads it. */
const topicMark = (name: string, consumer: string | undefined): string =>
  consumer === undefined ? `topic ${name}` : `topic ${name}@${consumer}`;
const tableMark = (name: string): string => `table ${name}`;

/** Whether a table is a topic's, and somebody reads it; one that is global belongs to no task. */
const isUsedFrom = (
  { from, global: isGlobal, name }: TableModel,
  agents: readonly AgentModel[],
): boolean =>
  from !== undefined &&
  isGlobal !== true &&
  agents.some(({ resources }) =>
    resources.some((resource) => "table" in resource && resource.table === name),
  );

/** The consumer group that a table is at hand in. */
function consumerOf({ name }: TableModel, agents: readonly AgentModel[]): string | undefined {
  const reader = agents.find((agent) => tablesAtHand(agent).includes(name));
  return reader && consumerGroupOf(reader);
}

const rightTables = ({ trigger }: AgentModel): readonly string[] =>
  halvesOf(trigger)?.right.tables ?? [];

/** What the right side of a foreign-key join needs, its topic first. */
function rightMarks({ trigger }: AgentModel): readonly string[] {
  const right = halvesOf(trigger)?.right;
  if (right === undefined) return [];
  return [topicMark(right.topic, undefined), ...right.tables.map(tableMark)];
}

/** The topics that are read before they are sent on under another key. */
function sourceMarks(agent: AgentModel): readonly string[] {
  const consumer = consumerGroupOf(agent);
  return repartitionsOf(agent.trigger).map(({ source }) => topicMark(source, consumer));
}

function membershipsOf(agent: AgentModel): readonly string[] {
  const consumer = consumerGroupOf(agent);
  const answers = halvesOf(agent.trigger)?.left.topic;
  const topics = [...inputsOf(agent.trigger), ...(answers === undefined ? [] : [answers])];
  const inputs = topics.map((topic) => topicMark(topic, consumer));
  const channels = channelsAtHand(agent).map((name) => `channel ${name}`);
  return [...inputs, ...tablesAtHand(agent).map(tableMark), ...channels];
}

interface Regrouping {
  readonly repartitions: readonly AgentModel[];
  /** Tables of the topics. */
  readonly filled: readonly TableModel[];
  /** Every topic of the pipeline. */
  readonly all: readonly TopicModel[];
}

/** The fields to decode: what bodies read, and what the topic's own key and time need. */
function projectionsOf(
  topics: readonly TopicModel[],
  agents: readonly AgentModel[],
  others: Regrouping,
): Readonly<Record<string, readonly string[]>> {
  const { all, filled, repartitions } = others;
  const entries = topics.flatMap((topic): [string, readonly string[]][] => {
    const wanted = [
      ...agents.flatMap((agent) => readsOf(agent, topic.name)),
      ...repartitions.flatMap((agent) => regroupReads(agent, topic.name, all)),
      ownReads(topic),
      ...(filled.some(({ from }) => from === topic.name) ? ["all" as const] : []),
    ];
    if (topic.value.kind !== "record" || wanted.includes("all")) return [];
    return [[topic.name, [...new Set(wanted.flat())].sort()]];
  });
  return Object.fromEntries(entries);
}

/** What a function reads of a topic's values; of a union it is not known which field is whose. */
function readsOf({ trigger, body }: AgentModel, topic: string): readonly BodyReads[] {
  if (trigger.kind === "join") {
    const { left = "all", right = "all" } = body.pair ?? {};
    return [
      ...(trigger.left.topic === topic ? [left] : []),
      ...(trigger.right.topic === topic ? [right] : []),
    ];
  }
  const inputs = inputsOf(trigger);
  if (!inputs.includes(topic)) return [];
  return [inputs.length > 1 ? "all" : body.reads];
}

/** What the new keys of a topic's records are made of. */
const regroupReads = (
  { trigger }: AgentModel,
  source: string,
  topics: readonly TopicModel[],
): readonly BodyReads[] =>
  repartitionsOf(trigger)
    .filter((repartition) => repartition.source === source)
    .map(({ by, topic }) => {
      const key = by.kind === "topic" ? topics.find(({ name }) => name === topic)?.key : by;
      if (key?.kind === "field") return [key.field];
      return key?.kind === "given" || key?.kind === "none" ? [] : "all";
    });

function ownReads({ key, time, external, trustKey }: TopicModel): BodyReads {
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

  joinAll([first, ...others]: readonly string[]): void {
    for (const other of others) if (first !== undefined) this.join(first, other);
  }

  join(a: string, b: string): void {
    for (const name of [a, b]) if (!this.#parent.has(name)) this.#parent.set(name, name);
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== undefined && second !== undefined) this.#parent.set(second, first);
  }
}
