import { isLeader, isTimer } from "../model/timer.ts";
import type { AgentModel, ResourceModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import { tableMethod, tableOf, tableText } from "./agent-tables.ts";
import { answeringEntries, checkEntries } from "./answering.ts";
import { askText, askTypes } from "./asks.ts";
import { changeAgentType } from "./changes.ts";
import { channelAgentType, channelOf, channelText } from "./channels.ts";
import {
  array,
  arrow,
  type Code,
  call,
  code,
  doc,
  ident,
  join,
  literal,
  nothing,
  numberLiteral,
} from "./code.ts";
import { commandEntries } from "./command.ts";
import { emitting } from "./emitting.ts";
import { policyText } from "./error-policy.ts";
import type { GeneratedFile } from "./file.ts";
import { joinEntries } from "./join.ts";
import { lowerFirst, shortName } from "./names.ts";
import { outputs } from "./outputs.ts";
import { place } from "./place.ts";
import { recordAgentType } from "./record-agent.ts";
import { recordEntries } from "./record-entries.ts";
import type { View } from "./render.ts";
import { routeEntries, routeType } from "./route.ts";
import type { Scope } from "./scope.ts";
import { tableJoinType } from "./table-join.ts";
import { cronText } from "./timer.ts";
import { topicOf, topicText } from "./topic-of.ts";
import { typeText } from "./type-text.ts";

/** What emitters of one worker file share. */
export interface WorkerFile {
  readonly file: GeneratedFile;
  /** Names at the top of the file; functions open scopes inside it. */
  readonly scope: Scope;
  /** The name of each agent's constant. */
  readonly constantOf: (agent: AgentModel) => Code;
  /** The name of the constant that copies an agent's records to others. */
  readonly echoOf: (agent: AgentModel) => Code;
  /** Whether another agent gets the same records after it. */
  readonly isFollowed: (agent: AgentModel) => boolean;
}

/** The constant that wires one of the user's functions. */
export function agentView(worker: WorkerFile, agent: AgentModel): View {
  const scope = worker.scope.inner();
  const scopeName = scope.take(isWorkerWide(agent) ? "worker" : "task", "scope");
  const uses = agent.resources.map((resource) => {
    const name = ident(scope.take(parameterName(resource), resource.kind));
    return {
      name,
      statement: code`const ${name} = ${taken(worker.file, agent, ident(scopeName), resource)};`,
    };
  });
  const input = ident(scope.take(inputName(worker.file, agent), "input"));
  const handled = handler(worker, agent, {
    input,
    scope,
    scopeName: ident(scopeName),
    resources: uses.map(({ name }) => name),
  });
  const statements = [...uses.map(({ statement }) => statement), ...handled.uses];
  return {
    doc: doc(place(agent)),
    name: worker.constantOf(agent),
    type: specType(worker.file, agent),
    make: agent.trigger.kind === "join" ? code`${worker.file.runtime("join")}(` : nothing,
    made: agent.trigger.kind === "join" ? code`)` : nothing,
    entries: entries(worker, agent),
    scope: statements.length === 0 ? code`` : ident(scopeName),
    uses: statements,
    run: handled.run,
  };
}

/** Timers without a table and start functions run once per worker, all others in a task. */
export function isWorkerWide(agent: AgentModel): boolean {
  const { kind } = agent.trigger;
  if (kind === "start" || kind === "on" || kind === "command" || kind === "web") return true;
  if (isLeader(agent.trigger)) return true;
  const hasTable = agent.resources.some(({ kind }) => kind === "table" || kind === "lookup");
  return isTimer(agent.trigger) && !hasTable;
}

function specType(file: GeneratedFile, agent: AgentModel): Code {
  const { trigger } = agent;
  if (trigger.kind === "start") return file.runtimeType("StartSpec");
  if (trigger.kind === "on") {
    const events = join(trigger.events.map(literal), code` | `);
    return code`${file.runtimeType("HookSpec")}<${events}>`;
  }
  if (trigger.kind === "web") return routeType(file, agent);
  if (trigger.kind === "command") {
    return code`${file.runtimeType("CommandSpec")}<${typeText(file, trigger.arguments)}>`;
  }
  if (trigger.kind === "check") return file.runtimeType("LiveCheckSpec");
  if (trigger.kind === "every" || trigger.kind === "cron") {
    const scope = file.runtimeType(isWorkerWide(agent) ? "WorkerScope" : "TaskScope");
    return code`${file.runtimeType("TimerSpec")}<${scope}>`;
  }
  if (trigger.kind === "closed") {
    const { key, value } = tableOf(file, trigger.table);
    const spec = file.runtimeType("ClosedAgentSpec");
    return code`${spec}<${typeText(file, key)}, ${typeText(file, value)}>`;
  }
  if (trigger.kind === "ask") {
    const types = askTypes(file, { ...agent, trigger });
    return code`${file.runtimeType("AnsweringSpec")}<${types}>`;
  }
  if (trigger.kind === "change") return changeAgentType(file, trigger.table);
  if (trigger.kind === "channel") return channelAgentType(file, trigger.channel);
  if (trigger.kind === "table-join" || trigger.kind === "foreign-join") {
    return tableJoinType(file, trigger);
  }
  return recordAgentType(file, trigger);
}

function entries(worker: WorkerFile, agent: AgentModel): Code[] {
  const { trigger } = agent;
  const name = code`name: ${literal(agent.name)}`;
  if (trigger.kind === "start") return [name];
  if (trigger.kind === "command") return [name, ...commandEntries(worker.file, agent)];
  if (trigger.kind === "check")
    return checkEntries(agent.name, trigger, (topic) => topicText(worker.file, topic));
  if (trigger.kind === "web") return [name, ...routeEntries(worker.file, agent)];
  if (trigger.kind === "join") return joinEntries(worker.file, agent, trigger);
  const topic = (name: string): Code => topicText(worker.file, name);
  const onError = code`onError: ${policyText(agent.onError, topic)}`;
  if (trigger.kind === "on") {
    return [name, code`events: ${array(trigger.events.map(literal))}`, onError];
  }
  if (trigger.kind === "every") {
    return [name, code`everyMs: ${numberLiteral(trigger.everyMs)}`, onError];
  }
  if (trigger.kind === "cron") return [name, code`cron: ${cronText(trigger.cron)}`, onError];
  if (trigger.kind === "closed") {
    return [name, onError, ...idleEntry(trigger.idleMs)];
  }
  if (trigger.kind === "ask") return answeringEntries(worker.file, { ...agent, trigger }, topic);
  if (trigger.kind === "channel") return [name, onError];
  return recordEntries(worker, agent, trigger);
}

const idleEntry = (idleMs: number | undefined): Code[] =>
  idleMs === undefined ? [] : [code`idleMs: ${numberLiteral(idleMs)}`];

/** The user's own name for a parameter; one that is taken apart has none. */
const parameterName = ({ parameter, kind }: ResourceModel): string =>
  /^argument\d+$/.test(parameter) ? kind : parameter;

/** `task.table(orderCountsTable)` */
function taken(file: GeneratedFile, agent: AgentModel, from: Code, resource: ResourceModel): Code {
  switch (resource.kind) {
    case "sink":
      return sinkText(file, from, resource.topic);
    case "channel":
      return channelText(file, from, resource.channel);
    case "context":
      return code`${from}.context(${literal(agent.name)})`;
    case "signal":
      return call(code`${from}.awaited`, [topicText(file, resource.topic)]);
    case "client":
      return call(code`${from}.client`, [askText(file, resource.asks)]);
    case "resource":
      return call(code`${from}.resource`, [file.userFunction(resource.open)]);
    default: {
      const method = tableMethod(agent, resource, tableOf(file, resource.table));
      return call(code`${from}.${ident(method)}`, [tableText(file, resource.table)]);
    }
  }
}

const sinkText = (file: GeneratedFile, from: Code, topic: string): Code => {
  const method = topicOf(file, topic).key.kind === "given" ? code`keyedSink` : code`sink`;
  return call(code`${from}.${method}`, [topicText(file, topic)]);
};

interface Handling {
  readonly input: Code;
  readonly scope: Scope;
  readonly scopeName: Code;
  readonly resources: readonly Code[];
}

/** The function that `open` gives, and what it needs beside the resources. */
function handler(
  worker: WorkerFile,
  agent: AgentModel,
  { input, scope, scopeName, resources }: Handling,
): { readonly uses: readonly Code[]; readonly run: Code } {
  const result = call(worker.file.userFunction(agent.function), [input, ...resources]);
  const { emits } = agent;
  if (emits === undefined) return { uses: [], run: arrow(code`(${input})`, result) };
  const { sink, uses } = outputs(worker.file, emits, {
    scope,
    sinkOf: (topic) => sinkText(worker.file, scopeName, topic),
  });
  return {
    uses,
    run: emitting(input, sink, emits, { result, async: agent.async }),
  };
}

/** What the handler calls its parameter. */
function inputName(file: GeneratedFile, { trigger }: AgentModel): string {
  switch (trigger.kind) {
    case "each":
    case "ask":
      return valueWord(topicOf(file, trigger.topic).value);
    case "channel":
      return valueWord(channelOf(file, trigger.channel).value);
    case "every":
    case "cron":
      return "tick";
    case "on":
      return "happening";
    case "command":
      return "given";
    case "web":
      return "request";
    case "join":
    case "table-join":
    case "foreign-join":
      return "pair";
    default:
      return trigger.kind;
  }
}

const valueWord = (type: TypeModel): string =>
  type.kind === "record" ? lowerFirst(shortName(type.name)) : "value";
