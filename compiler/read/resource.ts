import { Node, type ParameterDeclaration } from "ts-morph";
import {
  lookupAtStart,
  parameterNotSupplied,
  tableAtStart,
  twoTriggers,
} from "../diagnostics/agents.ts";
import { signalOutsideCheck } from "../diagnostics/asks.ts";
import { channelOutsideTasks } from "../diagnostics/channels.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { argumentMissing } from "../diagnostics/reading.ts";
import { sourcedTableTaken } from "../diagnostics/sourced-tables.ts";
import { lookupOutsideTasks, tableOutsideTasks, viewInCommand } from "../diagnostics/timers.ts";
import type { Span } from "../model/span.ts";
import type { ResourceModel } from "../model/topology.ts";
import type { AgentFunction } from "./body/body.ts";
import { triggerOf } from "./candidates.ts";
import { channelIn, readChannel } from "./channel.ts";
import { castsOnly, readClient } from "./client.ts";
import { readFunction } from "./function.ts";
import type { Reading } from "./reading.ts";
import { isBare, type Resolved, resolve, resolveQuietly, type Written } from "./resolve.ts";
import { isTable, readTable, readTableType } from "./table.ts";
import { readTopic } from "./topic.ts";

/** What a parameter after the first is given. `undefined` after a report. */
export function readResource(
  reading: Reading,
  parameter: ParameterDeclaration,
  place: {
    readonly agent: string;
    readonly fn: AgentFunction;
    readonly index: number;
    readonly trigger: string;
  },
): ResourceModel | undefined {
  const node = parameter.getTypeNode();
  const span = reading.place(node ?? parameter);
  const isPlain = Node.isIdentifier(parameter.getNameNode());
  const name = isPlain ? parameter.getName() : `argument${place.index}`;
  const written = node && { node, bound: new Map() };
  const type = written && resolve(reading, written);
  if (type?.kind === "unresolved") return undefined;
  if (written === undefined || type?.kind !== "library") {
    reading.report(
      parameterNotSupplied(
        { name: parameter.getName(), agent: place.agent, type: node?.getText() },
        span,
      ),
    );
    return undefined;
  }
  if (triggerOf(reading, parameter) !== undefined) {
    reading.report(twoTriggers(place.agent, type.name, span));
    return undefined;
  }
  if (isBare(type)) {
    reading.report(argumentMissing(place.agent, type.name, reading.place(type.node)));
    return undefined;
  }
  const about = { parameter: name, span };
  const isToChannel = type.name === "Sink" && channelIn(reading, type.arguments[0]) !== undefined;
  const refusal = isGlobalLookup(reading, type, place.trigger)
    ? undefined
    : refusalOutside({ ...type, isToChannel }, { ...place, parameter: parameter.getName(), span });
  if (refusal !== undefined) {
    reading.report(refusal);
    return undefined;
  }
  return readLanguageResource(reading, { type, written, about, ...place });
}

/** Whether a function reads a table that is there wherever it runs; commands join no group, and have none. */
function isGlobalLookup(
  reading: Reading,
  { arguments: [first], name }: Resolved & { kind: "library" },
  trigger: string,
): boolean {
  if (name !== "Lookup" || trigger === "Command" || first === undefined) return false;
  const type = resolveQuietly(reading, first);
  return isTable(type) && readTableType(reading, type)?.global === true;
}

/** What is wrong with a parameter of a function that runs outside of tasks, where no rows are. */
function refusalOutside(
  type: Resolved & { kind: "library" } & { readonly isToChannel: boolean },
  place: {
    readonly agent: string;
    readonly trigger: string;
    readonly parameter: string;
    readonly span: Span;
  },
): Diagnostic | undefined {
  const { agent, trigger, parameter, span } = place;
  const where = outsideTasks[trigger];
  const isLookup = type.name === "Lookup";
  if (type.isToChannel && (where !== undefined || trigger === "OnStart")) {
    return channelOutsideTasks(
      { agent, where: where ?? "when the worker starts", parameter },
      span,
    );
  }
  if (trigger === "OnStart") {
    if (isTable(type)) return tableAtStart(agent, parameter, span);
    return isLookup ? lookupAtStart(agent, parameter, span) : undefined;
  }
  if (where === undefined) return undefined;
  if (trigger === "Command" && type.name === "View") return viewInCommand(agent, parameter, span);
  if (isTable(type)) return tableOutsideTasks({ agent, where, parameter }, span);
  return isLookup ? lookupOutsideTasks({ agent, where, parameter }, span) : undefined;
}

/** Triggers of functions that run once per worker, in words. */
const outsideTasks: Partial<Record<string, string>> = {
  On: "when something happens to the worker",
  Command: "from the command line",
  LiveCheck: "as a live check",
  Get: "for a request",
  Post: "for a request",
  Put: "for a request",
  Patch: "for a request",
  Delete: "for a request",
};

interface Asked {
  readonly type: Resolved & { kind: "library" };
  readonly written: Written;
  readonly about: Pick<ResourceModel, "parameter" | "span">;
  readonly agent: string;
  readonly fn: AgentFunction;
  readonly trigger: string;
}

function readLanguageResource(reading: Reading, asked: Asked): ResourceModel | undefined {
  const { type, written, about, agent } = asked;
  const [first] = type.arguments;
  switch (type.name) {
    case "Context":
      return { kind: "context", ...about };
    case "Table":
    case "SetTable":
    case "WindowedTable":
      return withTable(reading, "table", written, asked);
    case "Lookup":
    case "View":
      return first && withTable(reading, type.name === "View" ? "view" : "lookup", first, asked);
    case "Sink": {
      const channel = channelIn(reading, first);
      if (channel !== undefined) {
        const found = readChannel(reading, channel);
        return found && { kind: "channel", channel: found.name, ...about };
      }
      const topic = first && readTopic(reading, first, "Sink");
      return topic && { kind: "sink", topic: topic.name, ...about };
    }
    case "Signal":
      return readSignal(reading, asked);
    case "Client":
      return readAsked(reading, asked);
    case "Resource": {
      const open = first && readFunction(reading, first);
      return open && { kind: "resource", open: open.model, ...about };
    }
  }
  const text = written.node.getText();
  reading.report(parameterNotSupplied({ name: about.parameter, agent, type: text }, about.span));
  return undefined;
}

function readSignal(reading: Reading, asked: Asked): ResourceModel | undefined {
  const { about, agent, trigger, type } = asked;
  if (trigger !== "LiveCheck") {
    reading.report(signalOutsideCheck(agent, about.parameter, about.span));
    return undefined;
  }
  const [first] = type.arguments;
  const topic = first && readTopic(reading, first, "Signal");
  return topic && { kind: "signal", topic: topic.name, ...about };
}

function readAsked(reading: Reading, asked: Asked): ResourceModel | undefined {
  const { about, agent, fn, type } = asked;
  const [first] = type.arguments;
  const asks = first && readClient(reading, first, agent);
  if (asks === undefined) return undefined;
  const isCast = castsOnly(fn, about.parameter);
  return { kind: "client", asks, ...(isCast && { castsOnly: true }), ...about };
}

function withTable(
  reading: Reading,
  kind: "table" | "lookup" | "view",
  written: Written,
  { about, agent, type }: Asked,
): ResourceModel | undefined {
  const table = readTable(reading, written, type.name);
  if (table === undefined) return undefined;
  const topic = kind === "table" ? reading.topics.get(table.from ?? "") : undefined;
  if (topic !== undefined) reading.report(sourcedTableTaken(agent, table, topic, about.span));
  const isGlobal = kind === "lookup" && table.global === true;
  return { kind: isGlobal ? "global" : kind, table: table.name, ...about };
}
