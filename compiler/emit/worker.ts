import { isAsk } from "../model/asks.ts";
import { inputsOf, repartitionsOf } from "../model/inputs.ts";
import type { Program } from "../model/program.ts";
import { isLeader, isTimer } from "../model/timer.ts";
import type { AgentModel, FunctionModel, GroupModel, TopicModel } from "../model/topology.ts";
import { agentView, isWorkerWide, type WorkerFile } from "./agent.ts";
import { tableOf, tableText } from "./agent-tables.ts";
import { askWord } from "./asks.ts";
import { beginningEntry } from "./beginning.ts";
import { changeReadersOf, changeSources } from "./changes.ts";
import { channelEntries, channelViews, channelWord } from "./channels.ts";
import { closingEntries } from "./closings.ts";
import { array, type Code, call, code, doc, ident, literal, object } from "./code.ts";
import { echoesHere, echoViews, echoWord, repartitionView, repartitionWord } from "./copies.ts";
import { type EmitContext, GeneratedFile } from "./file.ts";
import { globalTables } from "./global-tables.ts";
import { header } from "./imports.ts";
import { decoderText, joinTables, readerOf } from "./join.ts";
import { camelCase, projectedReader, tableName, topicName, upperFirst } from "./names.ts";
import type { OutputFile } from "./output-file.ts";
import { render, type View } from "./render.ts";
import { repartitionedFrom, repartitionsIn } from "./repartition.ts";
import { Scope } from "./scope.ts";
import { joinSource } from "./table-join.ts";
import { topicOf, topicText } from "./topic-of.ts";
import { leaderText, readerText } from "./wired.ts";

/** `worker.ts`: a constant for each agent and group, and `createWorker`, which does nothing yet. */
export function emitWorker(whole: EmitContext): OutputFile {
  const program = { ...whole.program, agents: whole.program.agents.flatMap(perInput) };
  const context = { ...whole, program };
  const constants = constantNames(program);
  const channels = (program.channels ?? []).map(channelWord);
  const groupWords = program.groups.map(groupWord);
  const declared = [...channels, ...constants.values(), ...groupWords, "createWorker"];
  const file = new GeneratedFile("worker.ts", context, declared);
  const worker = workerFile(file, constants);
  const agents = program.agents.map((agent) => agentView(worker, agent));
  const groups = program.groups.map((group) => groupView(worker, group));
  const view = {
    header: header(),
    channels: channelViews(file),
    agents,
    repartitions: program.groups.flatMap((group) => repartitionViews(worker, group)),
    groups,
    optionsType: file.runtimeType("WorkerOptions"),
    workerType: file.runtimeType("Worker"),
    pipeline: file.runtime("pipeline"),
    spec: pipelineEntries(worker),
    imports: file.imports.code(),
  };
  return { path: file.path, text: render("worker", view) };
}

/** A function that reads several topics is wired once for each, so that each has its own types. */
function perInput(agent: AgentModel): readonly AgentModel[] {
  const { trigger } = agent;
  if (!("also" in trigger) || trigger.also === undefined) return [agent];
  const { also, ...first } = trigger;
  return [trigger.topic, ...also].map((topic) => ({ ...agent, trigger: { ...first, topic } }));
}

const suffixes = {
  each: "Agent",
  event: "Agent",
  stream: "Agent",
  batch: "Agent",
  ask: "Answers",
  check: "Check",
  join: "Join",
  "table-join": "Join",
  "foreign-join": "Join",
  closed: "Agent",
  change: "Agent",
  every: "Timer",
  cron: "Timer",
  on: "Hook",
  command: "Command",
  web: "Route",
  start: "Start",
  channel: "Agent",
};

/** What each agent's constant is called. */
function constantNames(program: Program): ReadonlyMap<AgentModel, string> {
  const scope = new Scope(["createWorker"]);
  const isOneOfMany = ({ name }: AgentModel) =>
    program.agents.filter((agent) => agent.name === name).length > 1;
  return new Map(
    program.agents.map((agent) => {
      const { name, trigger } = agent;
      const topic = "topic" in trigger && isOneOfMany(agent) ? trigger.topic : undefined;
      const alias = program.topics.find((each) => each.name === topic)?.alias;
      const whose = alias === undefined ? "" : `Of${alias}`;
      return [agent, scope.take(`${name}${whose}${suffixes[trigger.kind]}`, "agent")];
    }),
  );
}

function workerFile(file: GeneratedFile, constants: ReadonlyMap<AgentModel, string>): WorkerFile {
  const { topics, tables, groups, agents } = file.program;
  const scope = new Scope([
    ...["config", "answering", "command", "createWorker", "hook", "join", "options", "pipeline"],
    ...["route", "changes", "elementChanges", "rowsOf", "source", "windowChanges", "liveCheck"],
    ...["joinLeft", "joinRight"],
    ...["foreignLeft", "foreignResponses", "foreignRight", "foreignSubscriptions"],
    ...constants.values(),
    ...topics.map(({ alias }) => topicName(alias)),
    ...tables.map(({ alias }) => tableName(alias)),
    ...(file.program.channels ?? []).flatMap((channel) => ["channel", channelWord(channel)]),
    ...groups.flatMap((group) => [groupWord(group), ...projectedReaders(file, group)]),
    ...agents.flatMap((agent) =>
      repartitionsOf(agent.trigger).map((to) => repartitionWord(agent, to)),
    ),
    ...agents.filter(isAsk).map(askWord),
    ...[...constants.values()].map(echoWord),
  ]);
  const modules = new Map(agents.map((agent) => [agent.function.module, agent.function.external]));
  for (const [module, isExternal] of modules) {
    file.userModule(module, isExternal, scope.take(moduleWord(module), "module"));
  }
  return {
    file,
    scope,
    constantOf: (agent) => ident(constants.get(agent) ?? agent.name),
    echoOf: (agent) => ident(echoWord(constants.get(agent) ?? agent.name)),
    isFollowed: (agent) => isFollowed(file, agent),
  };
}

/** `src/fraud/order-rules.ts` as a name: `orderRules`. */
function moduleWord(module: string): string {
  const file = module.slice(module.lastIndexOf("/") + 1);
  return camelCase(file.replace(/(\.d)?\.[cm]?tsx?$/, ""));
}

/** `ordersGroup`, and in a consumer group of its own `ordersGroupInAudit`. */
function groupWord({ name, topics, consumerGroup }: GroupModel): string {
  const word = `${camelCase(topics[0] ?? name)}Group`;
  return consumerGroup === undefined ? word : `${word}In${upperFirst(camelCase(consumerGroup))}`;
}

const groupName = (group: GroupModel): Code => ident(groupWord(group));

const projectedReaders = (file: GeneratedFile, group: GroupModel): readonly string[] =>
  Object.keys(group.projections).map((topic) => projectedReader(topicOf(file, topic), group));

function groupView(worker: WorkerFile, group: GroupModel): View {
  const { file } = worker;
  const members = file.program.agents.filter((agent) => group.agents.includes(agent.name));
  const timers = members.filter(({ trigger }) => isTimer(trigger));
  const told = group.topics.filter((topic) => topicOf(file, topic).internal !== "join");
  const topics = told.map((topic) => `"${topic}"`).join(" and ");
  const isFound = group.topics.some((topic) => topicOf(file, topic).pattern !== undefined);
  const found = isFound ? "each topic of " : "";
  const sources = group.topics.map(
    (topic) => joinSource(worker, topic) ?? sourceText(worker, group, topicOf(file, topic)),
  );
  return {
    doc: doc(
      `One task for each partition of ${found}${topics}. Agents run in this order for each record.`,
    ),
    name: groupName(group),
    type: file.runtimeType("GroupSpec"),
    entries: [
      code`name: ${literal(group.name)}`,
      ...(group.consumerGroup === undefined
        ? []
        : [code`consumerGroup: ${literal(group.consumerGroup)}`]),
      code`sources: ${array([...sources, ...changeSources(worker, group)])}`,
      code`tables: ${array([...ownTables(file, group).map((table) => tableText(file, table)), ...joinTables(worker.constantOf, members)])}`,
      code`timers: ${array(timers.map(worker.constantOf))}`,
      ...closingEntries(worker, members),
      ...channelEntries(worker, members),
    ],
  };
}

/** Those with changelogs of their own. */
const ownTables = (file: GeneratedFile, group: GroupModel): readonly string[] =>
  group.tables.filter((name) => tableOf(file, name).from === undefined);

/** `source({ topic: ordersTopic, read: readOrderForOrders, agents: [velocityAgent] })` */
function sourceText(worker: WorkerFile, group: GroupModel, topic: TopicModel): Code {
  const { file } = worker;
  const repartitions = repartitionedFrom(file, group, topic.name);
  const read = decoderText(file, group, topic);
  const echo = (agent: AgentModel): readonly Code[] =>
    echoesHere(agent, topic.name) ? [worker.echoOf(agent)] : [];
  const readers = readersOf(file, group, topic.name).flatMap((agent) => [
    ...echo(agent),
    ...readerOf(readerText(worker, agent), agent, topic.name),
  ]);
  const entries = [
    code`topic: ${topicText(file, topic.name)}`,
    ...(read === undefined ? [] : [code`read: ${read}`]),
    ...beginningEntry(file.program.agents, group, topic.name),
    code`agents: ${array([...rowsText(file, group, topic), ...readers, ...repartitions.flatMap(({ agent, name }) => [...echo(agent), name])])}`,
  ];
  return call(file.runtime("source"), [object(entries)]);
}

/** `rowsOf(customersTable)`: the tables of a topic get its records before any function does. */
const rowsText = (file: GeneratedFile, group: GroupModel, topic: TopicModel): readonly Code[] =>
  group.tables
    .filter((name) => tableOf(file, name).from === topic.name)
    .map((name) => call(file.runtime("rowsOf"), [tableText(file, name)]));

/** The agents that read a topic in a group's tasks, in declared order. */
const readersOf = (file: GeneratedFile, group: GroupModel, topic: string): readonly AgentModel[] =>
  file.program.agents.filter(
    ({ name, trigger }) => group.agents.includes(name) && inputsOf(trigger).includes(topic),
  );

/** Whether another agent gets the same records after it. */
function isFollowed(file: GeneratedFile, { trigger, name }: AgentModel): boolean {
  if (trigger.kind === "change") return changeReadersOf(file, trigger.table).at(-1)?.name !== name;
  if (!("topic" in trigger)) return false;
  const { topic } = trigger;
  const group = file.program.groups.find(({ agents }) => agents.includes(name));
  if (group === undefined) return false;
  const isLast = readersOf(file, group, topic).at(-1)?.name === name;
  return !isLast || repartitionedFrom(file, group, topic).length > 0;
}

/** What sends a group's records on as they are: under another key, or as copies. */
function repartitionViews(worker: WorkerFile, group: GroupModel): readonly View[] {
  const { file } = worker;
  const echoes = group.topics.flatMap((topic) => {
    const senders = repartitionedFrom(file, group, topic).map(({ agent }) => agent);
    return [...readersOf(file, group, topic), ...senders].flatMap((agent) =>
      echoesHere(agent, topic) ? echoViews(worker, agent, topic) : [],
    );
  });
  const repartitions = repartitionsIn(file, group)
    .filter(({ to }) => group.topics.includes(to.source))
    .map(({ agent, to }) => repartitionView(file, agent, to));
  return [...echoes, ...repartitions];
}

/** The entries of the `PipelineSpec`. */
function pipelineEntries(worker: WorkerFile): Code[] {
  const { file } = worker;
  const { topics, groups, agents } = file.program;
  const wide = agents.filter(isWorkerWide);
  const timers = wide.filter(({ trigger }) => isTimer(trigger) && !isLeader(trigger));
  const led = wide.filter(({ trigger }) => isLeader(trigger));
  const leaders = led.map((leader) => leaderText(worker, leader));
  const starts = wide.filter(({ trigger }) => trigger.kind === "start");
  const resources = resourcesOf(agents);
  return [
    file.generated("config.ts", "config"),
    code`topics: ${array(topics.map(({ name }) => topicText(file, name)))}`,
    code`groups: ${array(groups.map(groupName))}`,
    code`timers: ${array(timers.map(worker.constantOf))}`,
    code`starts: ${array(starts.map(worker.constantOf))}`,
    ...listEntry(code`globals`, globalTables(file)),
    ...listEntry(code`leaderTimers`, leaders),
    ...listEntry(code`hooks`, closed(worker, "on", "hook")),
    ...listEntry(code`commands`, closed(worker, "command", "command")),
    ...listEntry(code`routes`, closed(worker, "web", "route")),
    ...(resources.length === 0
      ? []
      : [code`resources: ${array(resources.map((open) => resourceText(file, open)))}`]),
  ];
}

/** The agents of a kind, each closed over its types: `command(backfillCommand)`. */
const closed = (
  { file, constantOf }: WorkerFile,
  kind: AgentModel["trigger"]["kind"],
  by: "command" | "hook" | "route",
): readonly Code[] =>
  file.program.agents
    .filter(({ trigger }) => trigger.kind === kind)
    .map((agent) => call(file.runtime(by), [constantOf(agent)]));

/** `hooks: [warmUpHook]`; nothing where there are none. */
const listEntry = (name: Code, items: readonly Code[]): readonly Code[] =>
  items.length === 0 ? [] : [code`${name}: ${array(items)}`];

/** Each function that opens a resource, once, in the order they are first asked for. */
function resourcesOf(agents: readonly AgentModel[]): readonly FunctionModel[] {
  const opens = agents.flatMap(({ resources }) =>
    resources.flatMap((resource) => (resource.kind === "resource" ? [resource.open] : [])),
  );
  const isSame = (a: FunctionModel, b: FunctionModel): boolean =>
    a.module === b.module && a.name === b.name;
  return opens.filter((open, index) => opens.findIndex((each) => isSame(each, open)) === index);
}

const resourceText = (file: GeneratedFile, open: FunctionModel): Code =>
  object([code`name: ${literal(open.name)}`, code`open: ${file.userFunction(open)}`]);
