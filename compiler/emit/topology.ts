import { type ErrorPolicyModel, lastStepOf } from "../model/error-policy.ts";
import { changedTablesOf, declaredInputsOf, inputsOf } from "../model/inputs.ts";
import { buffersOf, type JoinModel } from "../model/join.ts";
import { programToJson } from "../model/json.ts";
import type { Program } from "../model/program.ts";
import type { GroupByModel } from "../model/source-options.ts";
import { isLeader } from "../model/timer.ts";
import { deadLettersOf, topicsEmitted } from "../model/topics-written.ts";
import type {
  AgentModel,
  KeyModel,
  TableModel,
  TopicModel,
  TriggerModel,
} from "../model/topology.ts";
import type { OutputFile } from "./output-file.ts";

/** `topology.json`: the model itself, for other tools. */
export const emitModel = (program: Program): OutputFile => ({
  path: "topology.json",
  text: programToJson(program),
});

/** `TOPOLOGY.md`: the pipeline as a picture and tables, so that a review shows how it changes. */
export function emitTopology(program: Program): OutputFile {
  const parts = [
    `# Topology of ${program.app}\n`,
    "Made by streamgen. Do not edit.\n",
    diagram(program),
    table(
      "Agents",
      ["agent", "runs for", "uses", "emits to", ...onErrorHead(program), "source"],
      program.agents.map((agent) => [
        agent.name,
        runsFor(agent),
        uses(agent).join(", "),
        agent.emits === undefined ? "" : topicsEmitted(agent.emits).join(", "),
        ...onErrorHead(program).map(() => onErrorWords(agent.onError)),
        at(agent),
      ]),
    ),
    table(
      "Topics",
      ["topic", "key", "format", "partitions", "source"],
      program.topics.map((topic) => [
        topic.name,
        keyWords(topic.key),
        topic.format,
        partitionWords(topic),
        at(topic),
      ]),
    ),
    tablesPart(program),
    tasksPart(program),
  ];
  return {
    path: "TOPOLOGY.md",
    text: `${parts
      .filter((part) => part !== "")
      .join("\n")
      .trimEnd()}\n`,
  };
}

/** The tables, those among them that joins keep records in. */
const tablesPart = ({ agents, tables }: Program): string =>
  table(
    "Tables",
    ["table", "changelog", "source"],
    [...tables, ...buffersOf(agents)].map((each) => [each.name, each.changelog, at(each)]),
  );

const tasksPart = ({ agents, groups }: Program): string =>
  table(
    "Tasks",
    ["group", "one task for each partition of", "agents", "tables", "decoded"],
    groups.map((group) => {
      const members = agents.filter(({ name }) => group.agents.includes(name));
      const buffers = buffersOf(members).map(({ name }) => name);
      return [
        group.name,
        group.topics.join(", "),
        group.agents.join(", "),
        [...group.tables, ...buffers].join(", "),
        group.topics
          .map((topic) => `${topic}: ${group.projections[topic]?.join(", ") ?? "everything"}`)
          .join("; "),
      ];
    }),
  );

const at = ({
  span,
}: {
  readonly span: { readonly file: string; readonly line: number };
}): string => `${span.file}:${span.line}`;

/** A table whose columns are aligned, so that it reads well as text, too. */
function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return "";
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  const [first = [], ...others] = cells;
  return [`## ${title}\n`, line(first), line(rule), ...others.map(line), ""].join("\n");
}

// Names are checked before anything is written, but paths are the user's own.
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/[\r\n]+/g, " ");

function runsFor({ trigger }: AgentModel): string {
  switch (trigger.kind) {
    case "every":
      return `a timer, every ${trigger.everyMs} ms${inLeader(trigger)}`;
    case "cron":
      return `a timer, at ${trigger.cron.expression} in ${trigger.cron.zone}${inLeader(trigger)}`;
    case "on":
      return `the worker: ${trigger.events.join(", ")}`;
    case "command":
      return "the command line";
    case "web":
      return `${trigger.method} ${trigger.path}`;
    case "start":
      return "the worker's start";
    case "join":
      return joinWords(trigger);
    case "table-join":
      return `${trigger.gives} join of tables ${trigger.left} and ${trigger.right}`;
    case "foreign-join":
      return `${trigger.gives} join of tables ${trigger.left} by ${trigger.field} and ${trigger.right}`;
    case "closed":
      return `each closed window of ${trigger.table}`;
    case "change":
      return `each change of ${trigger.table}`;
    case "ask":
      return "each question";
    case "channel":
      return `each value of the channel ${trigger.channel}`;
    case "check":
      return `a live check, every ${trigger.everyMs} ms, in the leader`;
    default: {
      const { batch } = trigger;
      const many =
        batch === undefined
          ? "each record"
          : `up to ${batch.max} records, or those of ${batch.withinMs} ms,`;
      return trigger.groupBy === undefined
        ? `${many} of ${inputsOf(trigger).join(" and ")}`
        : `${many} of ${trigger.groupBy.source}, ${regrouped(trigger.groupBy, trigger.topic)}`;
    }
  }
}

/** `left join of orders by id and payments by orderId, 0 ms before to 900000 ms after, grace 60000 ms` */
function joinWords({ afterMs, beforeMs, gives, graceMs, left, right }: JoinModel): string {
  const [first, second] = [left, right].map(
    ({ field, groupBy, topic }) => `${groupBy?.source ?? topic} by ${field}`,
  );
  return `${gives} join of ${first} and ${second}, ${beforeMs} ms before to ${afterMs} ms after, grace ${graceMs} ms`;
}

const inLeader = (trigger: TriggerModel): string => (isLeader(trigger) ? ", in the leader" : "");
/** A column for pipelines that do more about errors than to stop or to skip. */
const onErrorHead = ({ agents }: Program): readonly string[] =>
  agents.some(({ onError }) => typeof onError === "object") ? ["on error"] : [];

function onErrorWords(policy: ErrorPolicyModel): string {
  const last = lastStepOf(policy);
  const end = typeof last === "string" ? last : `dead letter to ${last.deadLetter}`;
  if (typeof policy === "string" || !("retries" in policy)) return end;
  return `${policy.retries} retries, then ${end}`;
}

function regrouped({ by }: GroupByModel, topic: string): string {
  if (by.kind === "topic") return `through ${topic}`;
  return by.kind === "field" ? `by ${by.field}` : `by ${by.function.name}`;
}

function uses({ resources }: AgentModel): readonly string[] {
  const names: string[] = [];
  for (const resource of resources) {
    if (resource.kind === "sink" || resource.kind === "signal") names.push(resource.topic);
    else if (resource.kind === "resource") names.push(resource.open.name);
    else if (resource.kind === "client") names.push(resource.asks);
    else if (resource.kind === "channel") names.push(resource.channel);
    else if (resource.kind !== "context") names.push(resource.table);
  }
  return names;
}

function partitionWords(topic: TopicModel): string {
  const { partitions, partitionsOf, pattern, repartitionOf } = topic;
  if (pattern !== undefined) return `those of topics like ${pattern}`;
  const like = partitionsOf ?? repartitionOf;
  return like === undefined ? String(partitions ?? "default") : `as ${like}`;
}

function keyWords(key: KeyModel): string {
  switch (key.kind) {
    case "none":
      return "none";
    case "given":
      return "given by senders";
    case "field":
      return key.field;
    case "function":
      return `${key.function.name}()`;
  }
}

/** The picture, in mermaid's words: topics as barrels, tables as boxes, agents between them. */
function diagram(program: Program): string {
  const nodes = [
    ...program.topics.map(({ name }) => `  ${id("topic", name)}[("${name}")]`),
    ...(program.channels ?? []).map(({ name }) => `  ${id("channel", name)}>"${name}"]`),
    ...program.tables.map(({ name }) => `  ${id("table", name)}[["${name}"]]`),
    ...program.agents.map(({ name }) => `  ${id("agent", name)}("${name}")`),
  ];
  const arrows = [
    ...program.tables.flatMap(sourceArrow),
    ...program.topics.flatMap(repartitionArrow),
    ...program.agents.flatMap(agentArrows),
  ];
  return ["```mermaid", "flowchart LR", ...nodes, ...arrows, "```", ""].join("\n");
}

const id = (kind: string, name: string): string =>
  `${kind}_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;

const repartitionArrow = ({ name, repartitionOf }: TopicModel): string[] =>
  repartitionOf === undefined ? [] : [`  ${id("topic", repartitionOf)} --> ${id("topic", name)}`];

const sourceArrow = ({ from, name }: TableModel): string[] =>
  from === undefined ? [] : [`  ${id("topic", from)} --> ${id("table", name)}`];

/** From a topic straight to those that get its records as they are. */
function copyArrows(trigger: TriggerModel): string[] {
  const copies = "echo" in trigger ? (trigger.echo ?? []) : [];
  const isThrough = "groupBy" in trigger && trigger.groupBy?.by.kind === "topic";
  const all = isThrough && "topic" in trigger ? [...copies, trigger.topic] : copies;
  return declaredInputsOf(trigger).flatMap((source) =>
    all.map((copy) => `  ${id("topic", source)} --> ${id("topic", copy)}`),
  );
}

function agentArrows(agent: AgentModel): string[] {
  const self = id("agent", agent.name);
  const { trigger } = agent;
  const sources =
    trigger.kind === "closed"
      ? [id("table", trigger.table)]
      : [
          ...inputsOf(trigger).map((topic) => id("topic", topic)),
          ...changedTablesOf(trigger).map((table) => id("table", table)),
          ...(trigger.kind === "channel" ? [id("channel", trigger.channel)] : []),
          ...(trigger.kind === "foreign-join" ? [id("table", trigger.right)] : []),
        ];
  const input = sources.map((source) => `  ${source} --> ${self}`);
  const emitted = agent.emits === undefined ? [] : topicsEmitted(agent.emits);
  const output = emitted.map((topic) => `  ${self} --> ${id("topic", topic)}`);
  const resources = agent.resources.flatMap((resource) => {
    switch (resource.kind) {
      case "table":
        return [`  ${self} <--> ${id("table", resource.table)}`];
      case "lookup":
      case "global":
      case "view":
        return [`  ${id("table", resource.table)} -.-> ${self}`];
      case "sink":
        return [`  ${self} --> ${id("topic", resource.topic)}`];
      case "channel":
        return [`  ${self} --> ${id("channel", resource.channel)}`];
      case "signal":
        return [`  ${id("topic", resource.topic)} -.-> ${self}`];
      case "client":
        return [`  ${self} -. "asks" .-> ${id("agent", resource.asks)}`];
      default:
        return [];
    }
  });
  const failed = deadLettersOf(agent).map(
    (topic) => `  ${self} -. "dead letters" .-> ${id("topic", topic)}`,
  );
  return [...input, ...copyArrows(trigger), ...resources, ...output, ...failed];
}
